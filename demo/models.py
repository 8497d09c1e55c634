"""The demo's two models as files that Comity runs itself, so that the evidence names their weights.

A model is one file, and cross-validation makes five: so each model is trained once more, on four
fifths of the people, and tested on the fifth that it has not seen. What is fixed: PLAN.md.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np
from demo.people import FEATURES, SEED, SYSTEMS, People, ethnicity, income_group, needs_care
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.model_selection import train_test_split

__all__ = ["RUN", "write_models"]

RUN = {learns: f"{learns}-model" for learns in SYSTEMS}
"""Name of the card and the folder of results, by what the model learned from."""
INPUTS = "people.csv"
OUTPUTS = {
    "cost": 'score_output = "variable"',
    "need": 'score_output = "probabilities"\nclass_index = 1',
}


def write_models(people: People, folder: Path) -> None:
    """Train both models on four fifths, and leave files, cards and one table of inputs.

    Args:
        people: The survey, as `load_people` gives it.
        folder: Where `people.csv`, `cost-model.onnx`, `cost-model.toml` and so on go.
    """
    rows = np.arange(len(people["age"]))
    train, test = train_test_split(rows, test_size=0.2, shuffle=True, random_state=SEED)
    (folder / INPUTS).write_text(_inputs(people, set(test.tolist())), encoding="utf-8")
    for learns, name in RUN.items():
        cut_off = _export(people, learns, train, folder / f"{name}.onnx")
        (folder / f"{name}.toml").write_text(_card(learns, name, cut_off), encoding="utf-8")


def _export(people: People, learns: str, train: NDArray[np.int64], target: Path) -> str:
    """Train, write the model as ONNX, and say from which score on a quarter is selected."""
    from skl2onnx import to_onnx

    features = np.column_stack([people[name] for name in FEATURES]).astype(np.float32)[train]
    if learns == "cost":
        model = GradientBoostingRegressor(random_state=SEED).fit(features, people["drugexp"][train])
        scores = model.predict(features)
    else:
        model = GradientBoostingClassifier(random_state=SEED)
        scores = model.fit(features, needs_care(people)[train]).predict_proba(features)[:, 1]
    options = {id(model): {"zipmap": False}} if learns == "need" else None
    onnx = to_onnx(model, features[:1], options=options, target_opset={"": 18, "ai.onnx.ml": 3})
    target.write_bytes(onnx.SerializeToString())
    return f"{np.quantile(scores, 0.75):.6g}"


def _inputs(people: People, test: set[int]) -> str:
    """What the models are asked about, beside what is true and who is in which part."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    groups = ["income_class", "sex", "ethnicity"]
    writer.writerow(["person", "part", "needs_care", *groups, *FEATURES])
    sex = np.where(people["female"] > 0, "female", "male")
    columns = zip(
        needs_care(people), income_group(people), sex, ethnicity(people),
        *(people[name].tolist() for name in FEATURES), strict=True,
    )  # fmt: skip
    for number, (truth, income, gender, group, *features) in enumerate(columns):
        part = "test" if number in test else "train"
        writer.writerow([number + 1, part, int(truth), income, gender, group, *features])
    return text.getvalue()


def _card(learns: str, name: str, cut_off: str) -> str:
    return f"""[system]
name = "{SYSTEMS[learns]}"
version = "1.0, one file"
sector = "health"
intended_use = "Rank people aged 65 or more for a care programme that takes a quarter of them."

[population]
country = "US"
age = "65 and over"

[model]
file = "{name}.onnx"
inputs = "{INPUTS}"
features = {FEATURES}
{OUTPUTS[learns]}

[model.perturb]
seed = {SEED}
noise = 0.1
flip = ["priolist"]

[predictions]
id = "person"
truth = "needs_care"
cut_off = "{cut_off}"     # a quarter of the people that it was trained on reach this score
split = "part"
groups = {{income = "income_class", sex = "sex", ethnicity = "ethnicity"}}
split_rule = "one fifth held out at random, by person"
"""
