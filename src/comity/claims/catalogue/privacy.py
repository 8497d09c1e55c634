"""Privacy: does the system give away on whom it was trained?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_AUROC = "Beta distribution with DeLong's variance, one worst-case observation added"
_TPR = "Order statistics around the threshold, then exact limits of the rate; proven for every distribution"
_YEOM = "Loss-threshold attack: Yeom et al., CSF 2018"
_CARLINI = "True positives at few false ones: Carlini et al., IEEE S&P 2022"
_CONTROL = "Control: marks of membership drawn by a seeded hash of the row's number"
_CONTROL_SHOWS = (
    "What the attack achieves where there is nothing to find: a check on the measurement."
)
_CONTROL_NOT = "Anything about the system: the marks are drawn."

MEASURES = (
    Measure(
        id="privacy.membership_auroc",
        version=1,
        title="Membership, told by the loss (AUROC)",
        unit="probability",
        direction="lower",
        formula="P(loss on a trained row < loss on an evaluated row) + ½ P(equal)",
        interval=_AUROC,
        source=f"{_YEOM}; interval: docs/statistics.md",
        parameters=("positive", "attack"),
        shows="How often a row that the system was trained on has a smaller loss than one that it has not seen; one half means that the loss tells nothing.",
        does_not_show="That stronger attacks, with models of their own, would fail; or whose fault it is: training and evaluated rows that differ otherwise look alike to it.",
    ),
    Measure(
        id="privacy.membership_tpr_at_fpr",
        version=1,
        title="Members found at 1 % false alarms",
        unit="rate",
        direction="lower",
        formula="members with a smaller loss than all but 1 % of the evaluated rows / members",
        interval=_TPR,
        source=f"{_CARLINI}; interval: docs/statistics.md",
        parameters=("positive", "attack", "false_positive_rate"),
        shows="Of 100 rows that the system was trained on, how many the attack names while it accuses one of 100 others; chance gives one.",
        does_not_show="That stronger attacks, with models of their own, would fail; with fewer than 437 evaluated rows the lower end is always 0.",
    ),
    Measure(
        id="privacy.control_auroc",
        version=1,
        title="Control: the same with drawn marks (AUROC)",
        unit="probability",
        direction="neither",
        formula="P(loss on a row marked by draw < loss on another) + ½ P(equal)",
        interval=_AUROC,
        source=_CONTROL,
        parameters=("positive", "attack", "marks"),
        shows=_CONTROL_SHOWS,
        does_not_show=_CONTROL_NOT,
    ),
    Measure(
        id="privacy.control_tpr_at_fpr",
        version=1,
        title="Control: the same with drawn marks, at 1 % false alarms",
        unit="rate",
        direction="neither",
        formula="rows marked by draw with a smaller loss than all but 1 % of the others / rows marked",
        interval=_TPR,
        source=_CONTROL,
        parameters=("positive", "attack", "false_positive_rate", "marks"),
        shows=_CONTROL_SHOWS,
        does_not_show=_CONTROL_NOT,
    ),
)
