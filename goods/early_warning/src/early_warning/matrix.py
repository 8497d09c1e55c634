"""Probability and impact to a colour, and what CAP calls the rest.

The form is that of WMO's guidelines on impact-based warnings (WMO-No. 1150): a row for each impact,
a column for each likelihood, a colour in each cell. What stands in the cells, and where the bands
of likelihood end, is our default and nobody's standard: a service sets its own rows in
`country.toml`, from what such weather did in its own country.

1. Below `LEAST` nothing is drafted, whatever the impact.
2. Severity follows the impact, by CAP's words for it: Moderate is a possible threat, Severe a
   significant one, Extreme an extraordinary one.
3. Certainty follows the probability, by CAP's definitions: Likely is above 50 %, Possible up to
   that, Unlikely about 0.
4. Urgency follows the time that is left, by CAP's definitions: Expected is within the next hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

__all__ = [
    "COLOURS",
    "DEFAULT",
    "IMPACTS",
    "LEAST",
    "Colour",
    "Impact",
    "Likelihood",
    "Row",
    "certainty",
    "colour",
    "faults_of",
    "likelihood",
    "severity",
    "urgency",
    "worse",
]

Impact = Literal["minor", "significant", "severe"]
Likelihood = Literal["very_low", "low", "medium", "high"]
Colour = Literal["green", "yellow", "orange", "red"]
Row = tuple[Colour, Colour, Colour, Colour]

IMPACTS: Final[tuple[Impact, ...]] = get_args(Impact)
COLOURS: Final[tuple[Colour, ...]] = get_args(Colour)

LEAST: Final = 0.05
"""Less likely events make no draft."""

_BANDS: Final[tuple[tuple[float, Likelihood], ...]] = (
    (0.6, "high"),
    (0.4, "medium"),
    (0.2, "low"),
    (LEAST, "very_low"),
)

DEFAULT: Final[Mapping[Impact, Row]] = {
    "minor": ("green", "green", "yellow", "yellow"),
    "significant": ("green", "yellow", "orange", "orange"),
    "severe": ("yellow", "orange", "orange", "red"),
}
"""For very low, low, medium and high likelihood."""


def likelihood(probability: float) -> Likelihood | None:
    """The band of a probability; null by rule 1."""
    return next((band for least, band in _BANDS if probability >= least), None)


def colour(impact: Impact, probability: float, matrix: Mapping[Impact, Row]) -> Colour:
    """The colour of an impact that is so probable.

    Args:
        impact: Of the level that may be passed.
        probability: That it is.
        matrix: The service's own rows; `DEFAULT` for those that it does not give.
    """
    band = likelihood(probability)
    if band is None:
        return "green"
    row = matrix.get(impact, DEFAULT[impact])
    return row[get_args(Likelihood).index(band)]


def worse(one: Colour, other: Colour) -> bool:
    """Whether the first colour warns of more than the second."""
    return COLOURS.index(one) > COLOURS.index(other)


def severity(impact: Impact) -> Literal["Extreme", "Severe", "Moderate"]:
    """Rule 2."""
    words: dict[Impact, Literal["Extreme", "Severe", "Moderate"]] = {
        "minor": "Moderate",
        "significant": "Severe",
        "severe": "Extreme",
    }
    return words[impact]


def certainty(probability: float) -> Literal["Likely", "Possible", "Unlikely"]:
    """Rule 3."""
    if probability > 0.5:
        return "Likely"
    return "Possible" if probability >= LEAST else "Unlikely"


def urgency(onset: datetime, now: datetime) -> Literal["Immediate", "Expected", "Future"]:
    """Rule 4."""
    left = onset - now
    if left <= timedelta(0):
        return "Immediate"
    return "Expected" if left <= timedelta(hours=1) else "Future"


def faults_of(matrix: Mapping[Impact, Row]) -> list[tuple[Impact, str]]:
    """What is wrong with a service's rows: which row, and a sentence."""
    faults: list[tuple[Impact, str]] = []
    whole = {impact: matrix.get(impact, DEFAULT[impact]) for impact in IMPACTS}
    for at, impact in enumerate(IMPACTS):
        row = [COLOURS.index(one) for one in whole[impact]]
        if impact in matrix and row != sorted(row):
            faults.append((impact, "the colours grow milder where the weather is likelier"))
        if impact in matrix and row[-1] == 0:
            faults.append((impact, "this impact would never be warned of, however likely it is"))
        if at:
            milder = [COLOURS.index(one) for one in whole[IMPACTS[at - 1]]]
            if any(here < there for here, there in zip(row, milder, strict=True)):
                named = impact if impact in matrix else IMPACTS[at - 1]
                what = f"{impact} impacts get a milder colour than {IMPACTS[at - 1]} ones"
                faults.append((named, what))
    return faults
