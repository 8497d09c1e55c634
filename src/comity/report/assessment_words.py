"""Every sentence of the frame of the assessment page, in one place, so that it can be translated.

The titles and texts of measures stand in the measure catalogue, the reasons in `claims.reasons`.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["BINDINGS", "FORECAST", "RISKS", "ROLES", "WORDS"]

BINDINGS = MappingProxyType(
    {
        "weights": "By its weights: the evidence names the exact model file by digest. "
        "A changed model has another digest.",
        "container": "By its container: the evidence names the exact image by digest. "
        "A changed image has another digest.",
        "endpoint": "By its address: the evidence names where the system answered. "
        "What runs behind an address can change unseen.",
        "declared": "By declaration alone: name and version are the owner’s word. "
        "Nothing in the evidence ties these numbers to one particular model file.",
    }
)

ROLES = MappingProxyType(
    {
        "developer": "developer of the system",
        "user": "user of the system",
        "independent": "independent laboratory",
        "accredited": "accredited laboratory",
    }
)

RISKS = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "fairness": "Groups side by side",
        "calibration": "Stated and observed",
        "robustness": "The same people, disturbed inputs",
        "skill": "How far off, and better than what",
        "stability": "The same at every time and place",
        "privacy": "Who was in the training data",
        "bias": "Stereotypes and unequal decisions",
        "private_data": "Other people’s private data",
        "intellectual_property": "Other people’s texts",
        "misuse": "Military and dual-use misuse",
        "environment": "Environment",
        "safety": "Safety",
        "languages": "Languages",
        "content": "What is said and learnt",
        "footprint": "Footprint",
    }
)

FORECAST = ("skill.", "stability.drift")
"""How measures of a forecast begin; they have sections of their own."""

WORDS = MappingProxyType(
    {
        "kicker": "Assessment of an AI system",
        "version": "version",
        "by": "Measured by",
        "short": "In short",
        "tested": "What was tested",
        "system": "System",
        "kind": "Kind",
        "predictive": "predictive: it states an outcome or its probability",
        "generative": "generative: it writes text",
        "sector": "Sector",
        "use": "Intended use",
        "languages": "Languages",
        "population": "Population",
        "no_population": "not stated",
        "data": "Data",
        "evaluated": "rows evaluated, of",
        "in_file": "in the table",
        "selection_file": "The digest is of the file’s bytes.",
        "selection_questions": "The digest is of all questions, word for word.",
        "selection_counts": "Only counts left the database; the digest is of query and counts.",
        "columns": "Columns used",
        "binding": "How the evidence is bound to the system",
        "assessor": "Assessor",
        "own_word": "The role is the assessor’s own word.",
        "when": "When",
        "until": "to",
        "own_clock": "By the assessor’s own clock; this proves no time.",
        "tool": "Measured with",
        "intent": "Announced beforehand",
        "no_intent": "no intent was logged before the run",
        "supersedes": "Replaces",
        "by_group": "By",
        "by_window": "By window in time",
        "by_place": "By site",
        "drifts": "Drift of rates",
        "drifts_note": "Largest minus smallest rate, in percentage points (pp); an interval above "
        "0 throughout is a drift.",
        "compared": "The rates that were compared; the interval is that of their largest "
        "difference.",
        "window": "Window",
        "place": "Site",
        "and": " and ",
        "overall": "Over all cases",
        "gaps": "Gaps between groups",
        "gaps_note": "Largest minus smallest rate, in percentage points (pp); 0 means alike.",
        "ratios": "Ratios between groups",
        "ratios_note": "Smallest divided by largest rate; 1 means alike.",
        "group": "Group",
        "measure": "Measure",
        "value": "Value",
        "interval": "{level} interval",
        "count": "Cases",
        "withheld": "withheld:",
        "not_measured": "not measured:",
        "no_interval": "no interval:",
        "bin": "Stated",
        "observed": "Observed",
        "rows": "Rows",
        "reliability": "Reliability curve",
        "reliability_note": "Each dot is a range of stated probabilities. On the dashed line, what "
        "was stated is what happened; below it, less happened than was stated.",
        "reliability_alt": "Observed rate against stated probability in {bins} bins; the same "
        "numbers stand in the table that follows.",
        "axis_stated": "stated, %",
        "axis_observed": "observed, %",
        "axis_rows": "rows",
        "plain_values": "Single readings",
        "forecast": "The forecast, as a certificate",
        "forecast_what": "What was forecast",
        "forecast_data": "On which data",
        "forecast_valid": "Valid for",
        "forecast_split": "Kept apart from training",
        "forecast_unsplit": "not stated",
        "forecast_apart": "checked against the training rows: {roles}",
        "forecast_baseline": "Against which baseline",
        "forecast_no_baseline": "none: nothing here says whether the forecast is better than a "
        "naive one",
        "forecast_undescribed": "a column of the table that the card does not describe",
        "forecast_result": "Result",
        "forecast_sure": "How sure",
        "forecast_blocks": "{level} intervals over blocks of the series ({order}), so that "
        "neighbours that are alike are not counted as many cases. What lasts as long as the series "
        "itself cannot be seen in it, and is in no interval.",
        "forecast_limit": "The numbers hold for these data, this split and this baseline. Another "
        "period, another place or another baseline gives others.",
        "skill_shown": "Skill is shown: the whole interval lies above 0.",
        "skill_negative": "The forecast is worse than the baseline: the whole interval lies below "
        "0.",
        "skill_open": "Skill is not shown: the interval holds 0, so these data do not tell the "
        "forecast from the baseline.",
        "skill_too_few": "Skill is not shown: too few independent cases or events. That is not "
        "the same as no skill.",
        "skill_short": "Against the baseline, {baseline}, the forecast’s skill is {skill}. "
        "{verdict}",
        "skills": "Skill against the baseline",
        "skills_note": "1 is perfect, 0 is no better than the baseline, below 0 is worse.",
        "losses": "Distance from what happened",
        "coverages": "Stated intervals that hold what happened",
        "by_site": "By site, the worst first",
        "drift": "Largest minus smallest mean loss; an interval above 0 throughout is a drift.",
        "judge": "Who scored the answers",
        "judge_raw": "As scored",
        "judge_corrected": "Corrected",
        "judge_labels": "Labels",
        "sensitivity": "Sensitivity",
        "specificity": "Specificity",
        "not_validated": "not validated",
        "unmeasured": "What was not measured, and why",
        "all_measured": "Everything that was planned was measured.",
        "bare": "Measured, but without an interval",
        "notes": "Notes on the data",
        "sure": "How sure this is",
        "sure_interval": "Every number here was measured on a limited number of cases; other cases "
        "would have given a somewhat different number. The bar around each dot, its interval, says "
        "how different: it is calculated so that, if the whole assessment were repeated many times "
        "on new cases drawn in the same way, at least {level} of the intervals would contain the "
        "true value. A long bar means few cases, not a bad system.",
        "sure_n": "These results rest on {n} evaluated rows. The column “Cases” gives the "
        "number behind each value: how many had the property, of how many.",
        "sure_limits": "An interval covers chance alone. It does not cover errors in the truth "
        "column, cases that are missing from the table, or a population that differs from yours.",
        "measures": "The measures used",
        "formula": "Formula",
        "shows": "Shows",
        "does_not_show": "Does not show",
        "interval_by": "Interval",
        "source": "Source",
        "parameters": "As run",
        "split": "Kept apart from training",
        "cost": "What the assessment cost",
        "wall": "Time",
        "cpu": "Processor time",
        "tokens": "Tokens",
        "energy": "Energy",
        "energy_measured": "measured",
        "energy_modelled": "modelled, not measured",
        "energy_unavailable": "not available",
        "environment": "Environment",
        "seed": "Seed",
        "no_seed": "none: nothing was random",
        "evidence": "Single records",
        "evidence_text": "The assessor committed to {n} single records. An authority can ask for "
        "any of them and check it against this digest. It proves commitment, not truth.",
        "no_evidence": "no commitment to single records was made",
        "verify": "How to verify this",
        "verify_page_proves_nothing": "This page is a picture of the measurements and proves "
        "nothing by itself. The signed file beside it (its name ends in .sigstore.json) does. "
        "Check it in any of three ways; the first two show the statement’s id, which must be "
        "the one below.",
        "verify_drop": "Without installing anything: open verify.html, from a source that you "
        "trust, and drop the signed file on it. No network is needed.",
        "verify_cli": "With Comity:",
        "verify_npm": "With a program that shares no code with Comity:",
        "statement": "Statement id",
        "fingerprint": "Fingerprint of the key",
        "fingerprint_hint": "Compare it by telephone with the one that the assessor reads out.",
        "unsigned": "This assessment is not signed yet, so there is nothing to verify.",
        "generated": "Page made on",
        "no_score": "Measurements, not a verdict.",
    }
)
