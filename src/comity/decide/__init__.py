"""From foreign measurements to local verdicts. Pure: no input, no output, no clock of its own."""

from comity.decide.across import Topic, across
from comity.decide.admission import admit
from comity.decide.again import Change, changes, not_live, rests_on
from comity.decide.decision import decide
from comity.decide.doors import Admitted, Denied
from comity.decide.regime import Doubt, ResolvedRegime, lint, resolve

__all__ = [
    "Admitted",
    "Change",
    "Denied",
    "Doubt",
    "ResolvedRegime",
    "Topic",
    "across",
    "admit",
    "changes",
    "decide",
    "lint",
    "not_live",
    "resolve",
    "rests_on",
]
