"""The demo's people and its two models: one table of predictions for each.

Everything here was fixed in PLAN.md before the first run.
"""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
from linearmodels.datasets import meps
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.model_selection import KFold

__all__ = [
    "FEATURES",
    "SEED",
    "SYSTEMS",
    "People",
    "ethnicity",
    "income_group",
    "load_people",
    "needs_care",
    "predictions",
]

FEATURES = ["totchr", "priolist", "income", "educyr"]
SEED = 1
FOLDS = 5

SYSTEMS = {
    "cost": "Care programme, trained on cost",
    "need": "Care programme, trained on need",
}

People = dict[str, NDArray[np.float64]]


def load_people() -> People:
    """Columns of the survey extract by name, each of shape (10391,)."""
    table = meps.load()
    return {str(name): table[name].to_numpy(np.float64) for name in table.columns}


def income_group(people: People) -> list[str]:
    """The survey's own income classes: poor, low, middle, high."""
    return [
        "poor" if poor else "low" if low else "middle" if middle else "high"
        for poor, low, middle in zip(
            people["poverty"], people["lowincome"], people["midincome"], strict=True
        )
    ]


def ethnicity(people: People) -> list[str]:
    """Black, Hispanic or other; people marked as both count as Black here."""
    return [
        "Black" if black else "Hispanic" if hispanic else "other"
        for black, hispanic in zip(people["black"], people["hisp"], strict=True)
    ]


def needs_care(people: People) -> NDArray[np.bool_]:
    """The truth: whether the person rates their own health as fair or poor."""
    return np.asarray((people["fair"] + people["poor"]) > 0)


def scores(people: People, learns: str) -> NDArray[np.float64]:
    """Cross-validated scores: dollars for `cost`, a probability for `need`."""
    features = np.column_stack([people[name] for name in FEATURES])
    need = needs_care(people)
    result = np.empty(len(need))
    for train, test in KFold(FOLDS, shuffle=True, random_state=SEED).split(features):
        if learns == "cost":
            model = GradientBoostingRegressor(random_state=SEED)
            model.fit(features[train], people["drugexp"][train])
            result[test] = model.predict(features[test])
        else:
            model = GradientBoostingClassifier(random_state=SEED)
            model.fit(features[train], need[train])
            result[test] = model.predict_proba(features[test])[:, 1]
    return result


def predictions(people: People, learns: str) -> str:
    """The table that a laboratory would receive, as CSV: what was predicted beside what is true."""
    need = needs_care(people)
    score = scores(people, learns)
    places = len(score) // 4
    selected = np.zeros(len(score), dtype=bool)
    selected[np.argsort(-score, kind="stable")[:places]] = True
    sex = np.where(people["female"] > 0, "female", "male")

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["person", "needs_care", "selected", "score", "income", "sex", "ethnicity"])
    rows = zip(need, selected, score, income_group(people), sex, ethnicity(people), strict=True)
    for number, (truth, chosen, value, income, gender, group) in enumerate(rows, start=1):
        writer.writerow([number, int(truth), int(chosen), f"{value:.6f}", income, gender, group])
    return text.getvalue()
