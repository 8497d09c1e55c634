"""Robustness: does a decision hold when the inputs are disturbed a little, or one thing in them?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_INTERVAL = "Clopper–Pearson (exact binomial); each row is compared with itself"
_SOURCE = (
    "ISO/IEC TR 24029-1:2021 (robustness by statistical methods); flips: Kusner et al., NeurIPS 2017, without their causal "
    "model; interval: Clopper and Pearson, Biometrika 26, 1934"
)
_NOT = (
    "What happens under another disturbance, or when several things change together as they do in the world: a flip changes "
    "the feature alone, not what comes with it, and drift is simulated, not seen."
)

MEASURES = (
    Measure(
        id="robustness.changed_rate",
        version=1,
        title="Decisions that change under a disturbance",
        unit="rate",
        direction="lower",
        formula="rows with another decision after / rows with a decision before and after",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=("positive", "decision", "perturbation", "feature", "by"),
        shows="Of 100 decisions, how many come out differently when only the inputs are disturbed in this way.",
        does_not_show=_NOT,
    ),
    Measure(
        id="robustness.right_to_wrong_rate",
        version=1,
        title="Right decisions that turn wrong under a disturbance",
        unit="rate",
        direction="lower",
        formula="right before and wrong after / right before, with a decision after",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=("positive", "decision", "perturbation", "feature", "by"),
        shows="Of 100 decisions that were right, how many turn wrong when only the inputs are disturbed in this way.",
        does_not_show=_NOT,
    ),
)
