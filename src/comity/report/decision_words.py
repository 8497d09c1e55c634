"""Every sentence of the frame of the decision page, in one place, so that it can be translated.

Why a verdict was reached and why a claim does not count is said in `claims.grounds`; binding and
role of the evidence in `assessment_words`.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = [
    "BASES",
    "BINDINGS_SHORT",
    "COMPARISONS",
    "COUNTED",
    "MEANINGS",
    "METHODS",
    "NOT_DECIDED",
    "PLANS",
    "VERDICTS",
    "WHY_LEFT",
    "WORDS",
]

VERDICTS = MappingProxyType(
    {
        "not_satisfied": "Not satisfied",
        "marginal": "Marginal",
        "not_tested": "Not tested",
        "needs_judgement": "Needs judgement",
        "satisfied": "Satisfied",
        "not_applicable": "Not applicable",
    }
)
"""In the order in which an official has to act on them."""

COUNTED = MappingProxyType(
    {
        "not_satisfied": "{n} not satisfied",
        "marginal": "{n} marginal",
        "not_tested": "{n} not tested",
        "needs_judgement": "{n} left to a person's judgement",
        "satisfied": "{n} satisfied",
        "not_applicable": "{n} not applicable",
    }
)

MEANINGS = MappingProxyType(
    {
        "not_satisfied": "The value does not meet the mark.",
        "marginal": "The value meets the mark, but so few cases could show this by chance.",
        "not_tested": "No measurement of it counts here. This is neither good nor bad.",
        "needs_judgement": "A person decides this. No number does.",
        "satisfied": "It is met, by measurements that count here.",
        "not_applicable": "It does not apply on this day, to this system or to this use.",
    }
)

COMPARISONS = MappingProxyType({"at_least": "at least {mark}", "at_most": "at most {mark}"})

BASES = MappingProxyType(
    {
        "read_in_text": "The number was read in the source text.",
        "secondary": "The number is known from others who read the source text.",
        "unverified": "Nobody read the number in the source text.",
    }
)

BINDINGS_SHORT = MappingProxyType(
    {
        "weights": "bound to the system by its weights",
        "container": "bound to the system by its container",
        "endpoint": "bound to the system by its address",
        "declared": "bound to the system by declaration alone",
    }
)

METHODS = MappingProxyType(
    {
        "clopper_pearson": "recomputed from the signed counts (Clopper–Pearson)",
        "": "",
        "other": "recomputed from the signed counts ({method})",
    }
)
"""How a bound was found. Claimed ones are told by `chain_claimed`."""

PLANS = MappingProxyType(
    {
        "literal": "The regime itself names this number of items.",
        "power": "A sample that {detail}.",
        "minimum": "The regime's smallest number; for this measure no plan is known.",
        "undecidable": "Not within the budget: {detail}.",
    }
)

WHY_LEFT = MappingProxyType(
    {
        "not_tested": "No measurement of it counts here.",
        "marginal": "The sample at hand was too small; a larger, fresh one may decide.",
    }
)

NOT_DECIDED = (
    "Whether the system is good, safe or fit for use as a whole. There is no overall score, and "
    "a count of verdicts is not one: one requirement can outweigh all others.",
    "Whether the measurements are true. A signature shows who vouches for a number, and that "
    "nobody changed it since.",
    "Anything that the regime does not ask for.",
    "What a person must judge. Evidence is attached; the judgement is yours.",
    "Anything for another country. Each one decides by its own rules.",
    "What the law means. Requirements are told in our words; the source text prevails.",
)

WORDS = MappingProxyType(
    {
        "kicker": "Decision on an AI system",
        "fictional": "Fictional regime",
        "fictional_text": "Written as an example. It is the law of no country, and nothing follows "
        "from this page for any real system.",
        "version": "version",
        "lead_version": "Version",
        "lead_by": "Decided by",
        "lead_for": "for",
        "lead_on": "on",
        "short": "In short",
        "counts": "{n} requirements were looked at, each by itself: {verdicts}.",
        "counts_one": "One requirement was looked at: {verdicts}.",
        "counts_none": "No requirement was looked at, so nothing was decided.",
        "counts_left": "{n} tests are left to run.",
        "counts_left_one": "One test is left to run.",
        "counts_left_none": "No test is left to run.",
        "counts_saved": "{n} assessments by others were recognised, so {items} items need not be "
        "tested again.",
        "counts_saved_one": "One assessment by others was recognised, so {items} items need not "
        "be tested again.",
        "no_score": "There is no overall score.",
        "what_decided": "What decided",
        "regime": "Regime",
        "jurisdiction": "Jurisdiction",
        "authority": "Authority",
        "day": "Day",
        "day_note": "Requirements apply as in force on this day.",
        "system": "System",
        "use": "Use here",
        "use_not_stated": "not stated",
        "market": "On this market since",
        "market_not_stated": "not stated, so no grace was given",
        "requirements": "Requirements",
        "order": "Order",
        "order_action": "what needs action first",
        "order_regime": "as in the regime",
        "read_drawing": "In the drawings the line is the mark, and the shaded side meets it. The "
        "dot is the value; the bar reaches to its 95 % bound: as far as chance alone may have "
        "flattered it.",
        "mark": "Asked for: {mark}",
        "mark_items": "on {n} items or more",
        "mark_groups": "{n} or more in every group",
        "literal": "The count itself is the test, as the text says.",
        "statistical": "The 95 % bound must meet it too.",
        "in_force": "In force from {day}.",
        "source": "Source",
        "laboratory": "Laboratory",
        "value": "Value",
        "bound": "95 % bound",
        "cases": "Cases",
        "at_least": "at least",
        "at_most": "at most",
        "of": "{k} of {n}",
        "no_bound": "—",
        "chain": "Why: the chain of reasons",
        "chain_counts": "What counts",
        "chain_refused": "What does not count, and why",
        "chain_notes": "To know beside the verdict",
        "chain_value": "The value is",
        "chain_cases": "{k} of {n} planned items",
        "chain_items": "on {n} planned items",
        "chain_bound": "its one-sided 95 % bound is",
        "chain_claimed": "the laboratory's own, by {method}",
        "chain_unread": "Measured: {value}. No verdict was taken from it.",
        "chain_statement": "which stands in statement",
        "chain_tally": "({used} counted, {refused} refused)",
        "chain_signed": "finished {day}",
        "chain_by": "measured by",
        "chain_as": "which counts as",
        "chain_evidence": "with evidence",
        "chain_row": "recognised here under row",
        "chain_agreement": "of agreement",
        "chain_own": "recognised here because this authority lists the laboratory as its own",
        "chain_alone": "By itself this would be: {verdict}.",
        "about": "On",
        "refused_one": "One claim of {laboratory} in statement {statement}: {reason}.",
        "refused_many": "{n} claims of {laboratory} in statement {statement}: {reason}.",
        "what_if": "Move the mark",
        "what_if_field": "Mark to try, {unit}",
        "what_if_field_bare": "Mark to try",
        "what_if_percent": "in %",
        "what_if_reset": "Back to the decision",
        "what_if_result": "What if. Not the decision:",
        "what_if_worst": "The worst measurement counts.",
        "what_if_not_a_number": "Write a number, for instance 80.",
        "delta": "Still to test",
        "delta_none": "Nothing: no requirement here waits for a test.",
        "delta_text": "These tests are missing here. Only they need to be run; what is proven "
        "above need not be run again.",
        "delta_run": "Run them where the system can be reached, and sign with the laboratory's "
        "key; then decide again:",
        "delta_command": "comity assess system.toml --delta delta.json --key laboratory.key "
        "--out fresh",
        "delta_test": "Test",
        "delta_n": "Items",
        "delta_why": "Why",
        "delta_serves": "Serves",
        "delta_cpu": "Processor time",
        "delta_cpu_unknown": "not known",
        "under_a_minute": "less than a minute",
        "delta_least": "Evidence {binding}, or more firmly; {role}, or more independent.",
        "undecidable": "none",
        "savings": "What recognition saved",
        "savings_text": "Cost of the assessments by others that count here, each once, as their "
        "laboratories state it, beside what is left.",
        "savings_none": "Nothing: no assessment by others counts here.",
        "savings_saved": "Recognised, not run again",
        "savings_left": "Still to test",
        "savings_items": "Items",
        "savings_cpu": "Processor time",
        "savings_time": "Time",
        "savings_unknown": "not known",
        "savings_part": "{known} of {n} tests have an estimate",
        "set_aside": "Set aside",
        "set_aside_text": "These statements were laid before the authority and count for nothing.",
        "set_aside_line": "Statement {statement}, signed by {signer}: {reason}.",
        "inputs": "Inputs, and how to decide again",
        "inputs_text": "Whoever has these inputs, and trusts those who signed them, gets the same "
        "decision, byte for byte:",
        "exhibits": "Statements",
        "signed_by": "signed by",
        "agreements": "Agreements",
        "overlays": "Adoptions",
        "deltas": "Earlier lists of tests",
        "country": "The country's file",
        "standing": "What was known of their standing",
        "base": "Regime, as published",
        "flat": "Regime, as adopted",
        "base_same": "the same: no authority has altered it",
        "system_digest": "System",
        "verify": "How to verify this",
        "none": "none",
        "page_proves_nothing": "This page is a picture of the decision and proves nothing by "
        "itself; the signed file does (its name ends in .sigstore.json). Check it with Comity, or "
        "drop it on verify.html.",
        "unsigned": "This decision is not signed.",
        "statement": "Statement id",
        "fingerprint": "Fingerprint of the key",
        "fingerprint_hint": "Compare it by telephone with the one that the authority reads out.",
        "not_decided": "What this does not decide",
        "generated": "Page made on",
        "foot": "Portable evidence, local verdicts.",
    }
)
