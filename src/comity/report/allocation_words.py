"""The words of the page of an allocation."""

from __future__ import annotations

from typing import Any

__all__ = ["WORDS"]

WORDS: dict[str, Any] = {
    "kicker": "Proposed allocation",
    "lead_by": "Calculated by",
    "lead_on": "for",
    "short": "In short",
    "check": "Check it in this browser",
    "check_note": "The page does the sums itself, without a network. Who signed, and whether the "
    "rules of the offers were read rightly, is checked by: comity share check.",
    "legend": "What a tile says",
    "stages": {
        "all": "all that it asks for",
        "need": "its whole floor, not its whole need",
        "floor": "less than its floor",
        "none": "declared no need",
    },
    "chain": "The proof: who may draw on what",
    "chain_note": "Worst off first. A level is what the offers hold, less floors met from them, "
    "divided by what is asked. No country in a row can rise without another in that row, or in one "
    "above it, falling.",
    "countries": "countries",
    "offers": "offers that they alone draw on",
    "holds": "hold",
    "asked": "asked",
    "level": "level",
    "each": "Each country",
    "nobody": "Nobody declared a need.",
    "rest": "What remains",
    "no_rest": "Nothing: every offer was used in full.",
    "not_said": "What this does not say",
    "limits": (
        "It is a proposal. Donors and countries decide.",
        "It ranks nobody. The order of the rows is that of the bottlenecks: it says who may draw "
        "on too little.",
        "Needs are what countries declared, with what they rest on. The signature shows who "
        "calculated, not that a need is true.",
        "A country that declared nothing is no country without need.",
    ),
    "foot": "This page by itself proves nothing about who calculated; the signed file beside it "
    "does. Its arithmetic can be checked here.",
    "summary_none": "Nobody declared a need of it.",
    "summary": "Countries that ask: {asked}, for {need} {unit}; offered: {offered}; given: "
    "{given}.",
    "short_floors": "Countries that reach their whole floor of every kind that they ask for: {met} "
    "of {asking}.",
    "short_all": "Countries that get all that they ask for: {all} of {asking}.",
    "short_idle": "Offers that stay idle in part or in whole: {idle}; each says which rule blocks "
    "it.",
    "short_left": "Statements that took no part: {left}; each says why.",
    "everyone": "for all of {n} countries whom its rule admits; it is not used up by using it",
    "idle": "{amount} left: {why}",
    "left_out": "took no part: {why}",
    "left_out_kind": "took no part with {kind}: {why}",
    "more": "and {n} more",
    "whole_lots": "whole lots",
    "of_floors": "{level} of the floors",
    "of_rest": "{level} of what is above the floors, which take {met} first",
}
