"""Accuracy: does the prediction agree with what happened?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

MEASURES = (
    Measure(
        id="accuracy.accuracy",
        version=1,
        title="Accuracy",
        unit="rate",
        direction="higher",
        formula="(TP + TN) / (TP + FP + FN + TN)",
        interval="Clopper–Pearson (exact binomial)",
        source="ISO/IEC TS 4213:2022, accuracy; interval: Clopper and Pearson, Biometrika 26, 1934",
        shows="How many of 100 predictions were right.",
        does_not_show="Whether the rare class is ever found: always saying no is accurate where yes is rare.",
    ),
    Measure(
        id="accuracy.balanced_accuracy",
        version=1,
        title="Balanced accuracy",
        unit="rate",
        direction="higher",
        formula="(TP / (TP + FN) + TN / (TN + FP)) / 2",
        interval="One half plus half of the score interval, continuity corrected, of the difference TPR − FPR",
        source="Brodersen et al., ICPR 2010; equals (1 + Youden's J) / 2",
        shows="Accuracy if both classes were equally frequent; guessing gives one half.",
        does_not_show="How the two kinds of error weigh against each other in use.",
    ),
    Measure(
        id="accuracy.auroc",
        version=1,
        title="AUROC",
        unit="probability",
        direction="higher",
        formula="P(score of a positive > score of a negative) + ½ P(equal)",
        interval="Beta distribution with DeLong's variance, one worst-case observation added",
        source="DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988; interval: docs/statistics.md",
        shows="How often a randomly drawn positive case has a higher score than a negative one.",
        does_not_show="Whether the scores are right as probabilities, or the cut-off in use is sensible.",
    ),
    Measure(
        id="accuracy.brier",
        version=1,
        title="Brier score",
        unit="squared probability",
        direction="lower",
        formula="mean of (score − outcome)²",
        interval="Gaffke's limits of a bounded mean, from three moments",
        source="Brier, Monthly Weather Review 78, 1950",
        shows="Mean squared distance between the stated probability and what happened; 0 is perfect.",
        does_not_show="Whether an error comes from poor calibration or from cases that are hard to tell apart.",
    ),
    Measure(
        id="accuracy.log_loss",
        version=1,
        title="Log loss",
        unit="nat",
        direction="lower",
        formula="mean of −log(probability given to what happened), clipped at 2.220446049250313e-16",
        interval="None: the loss has no useful bound, so no method keeps its level for every model",
        source="Good, J. R. Stat. Soc. B 14, 1952",
        shows="How surprised the model is by what happened; confident errors cost most.",
        does_not_show="Anything robust: one confident error can decide it.",
    ),
)
