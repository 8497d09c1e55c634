"""Every sentence of the frame of verify.html, in one place, so that it can be translated.

Why a file is refused stands beside the rule that it breaks, in `static/verify.js`.
"""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["KINDS", "WORDS"]

KINDS = MappingProxyType(
    {
        "Agreement": "An agreement: whose measurements count where. This is one party’s "
        "signature; it is in force when every party has signed the same.",
        "RegimeOverlay": "The adoption of a regime: rules for systems, and what an authority "
        "changes in them.",
        "Decision": "A decision: the verdicts of one authority, by its own rules, on measurements "
        "of others. It binds nobody else.",
        "Withdrawal": "A withdrawal: its author no longer stands by a statement of their own.",
        "Suspension": "A suspension, for so many days: of one statement, or of everything that "
        "one authority issues. Whether it counts is for the reader’s own rules to say.",
        "ScopeGrant": "A scope: one authority says what another may measure. It counts with "
        "whoever trusts enough of those who say so.",
        "Intent": "An intent: what somebody is about to measure, said before the result is known.",
        "StatusList": "A status list: what was withdrawn or suspended in certain logs at a certain "
        "size. Whoever has the logs can make the same list.",
        "Declaration": "A declaration: what a country says it has.",
        "Need": "A need: what a country says it lacks, and what that rests on.",
        "Offer": "An offer: what somebody gives, to whom, and until when.",
        "Allocation": "A proposed allocation of offers among needs, with the chain that proves it "
        "the fairest. Whether its sums are right is checked by the report beside it, by "
        "comity share check, or by the small checker.",
    }
)
"""What each type of statement is, by the name of its struct; an assessment has sections."""

WORDS = MappingProxyType(
    {
        "title": "Is this file what it says?",
        "kicker": "Comity verifier",
        "lead": "Give this page a signed file. It checks here, on your own machine and without a "
        "network, who signed it and that not a byte has changed. The file is sent nowhere.",
        "file": "The file",
        "choose": "Choose a signed file",
        "drop": "or drop it anywhere on this page. Its name ends in .sigstore.json.",
        "paste": "Paste its text instead",
        "paste_label": "Text of the signed file",
        "check": "Check this text",
        "result": "Result",
        "checking": "Checking …",
        "nothing": "No file has been checked yet.",
        "verified": "Verified",
        "verified_text": "signed exactly this content. Not a byte has changed since.",
        "verified_limits": "This says who speaks and what they said. It does not say that the "
        "numbers are good, or good enough: that is yours to decide.",
        "not_verified": "Not verified",
        "not_verified_text": "Do not rely on this file. Nothing of its content is shown.",
        "rule": "Rule",
        "of_seven": "of 7",
        "failed": "This page met a problem that it does not know, so it confirms nothing",
        "too_big": "The file is larger than this page reads.",
        "no_crypto": "This browser does not let the page check signatures (WebCrypto is missing "
        "here). Open the saved file directly in a current Firefox, Chrome, Edge or Safari, "
        "or use: comity verify",
        "signed_by": "Signed by",
        "origin": "Name on the wire",
        "role": "Role",
        "role_trusted": "as this page trusts them",
        "role_claimed": "their own word",
        "jurisdiction": "Jurisdiction",
        "fingerprint": "Fingerprint of the key",
        "fingerprint_hint": "Compare it by telephone with the one that the signer reads out.",
        "time": "Time",
        "time_unproven": "unproven: nothing but the author’s word says when it was signed. "
        "The key counts today.",
        "id": "Statement id",
        "id_hint": "The same id stands in the report.",
        "file_name": "File",
        "says": "What it says",
        "about": "About",
        "all_fields": "Every field, as signed",
        "nothing_given": "none",
        "system": "System",
        "version": "version",
        "use": "Intended use",
        "binding": "How the evidence is bound to the system",
        "population": "Population",
        "data": "Data",
        "rows_of": "rows evaluated, of",
        "when": "When, by their own clock",
        "until": "to",
        "measured": "What was measured",
        "all_rows": "Over all rows",
        "by": "By",
        "and": " and ",
        "group": "Group",
        "measure": "Measure",
        "value": "Value",
        "interval": "{level} interval",
        "cases": "Cases",
        "of": "of",
        "withheld": "withheld:",
        "not_measured": "not measured:",
        "no_interval": "no interval:",
        "compared": "Groups compared",
        "unmeasured": "What was not measured, and why",
        "all_measured": "Everything that was planned was measured.",
        "notes": "Notes",
        "trusted": "Whom this page trusts",
        "trusted_text": "These keys were written into this page when it was made. The page is "
        "worth as much as the way on which it reached you: compare the fingerprints once.",
        "trusted_nobody": "Nobody: this page was made from an empty trust file, so no file can "
        "verify here.",
        "valid_from": "valid from {day}",
        "valid_always": "valid",
        "valid_until": "until {day}",
        "no_end": "no end date",
        "rules": "The seven rules",
        "rule_1": "The file holds exactly one signature.",
        "rule_2": "Its content is a statement, and of no other type.",
        "rule_3": "The key is one that this page trusts, and counts today.",
        "rule_4": "The signature holds over the exact bytes.",
        "rule_5": "The content can be read in one way only.",
        "rule_6": "Every field is as it must be, and the author is the one who signed.",
        "rule_7": "The statement is known by the digest of its content.",
        "no_script": "This page needs JavaScript to check a file. It runs here only; nothing is "
        "sent anywhere. Without it, use: comity verify",
        "foot": "Made by Comity. This page loads nothing and sends nothing.",
    }
)
