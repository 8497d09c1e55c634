"""Small ONNX models, made here by scikit-learn, and cards that have Comity run them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.assess import assess, load_card
from comity.claims import Assessment
from tests.assess.tables import ASSESSOR, CLOCK
from tests.parts import absent

try:
    import onnxruntime  # noqa: F401
    import skl2onnx
except ImportError:  # pragma: no cover
    absent("ONNX Runtime with skl2onnx", "pip install onnxruntime skl2onnx onnx")

FEATURES = ("heat", "load", "female")


def people(rows: int = 1500, seed: int = 3) -> dict[str, NDArray[Any]]:
    """Rows with three features and a truth that depends on all of them."""
    rng = np.random.default_rng(seed)
    heat = np.round(rng.normal(20, 5, rows), 3)
    load = np.round(rng.gamma(2, 2, rows), 3)
    female = rng.integers(0, 2, rows)
    chance = 1 / (1 + np.exp(-(0.3 * (heat - 20) + 0.5 * (load - 4) - 1.2 * female)))
    return {
        "person": np.arange(rows),
        "heat": heat,
        "load": load,
        "female": female,
        "sick": (rng.random(rows) < chance).astype(int),
        "part": np.where(np.arange(rows) < rows // 3, "train", "test"),
    }


def matrix(table: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """The features as scikit-learn and the model get them; shape (rows, 3)."""
    return np.column_stack([table[name] for name in FEATURES]).astype(np.float32)


def exported(model: Any, width: int = 3, *, zipmap: bool = False, **options: Any) -> bytes:
    """A scikit-learn model as ONNX."""
    sample = np.zeros((1, width), np.float32)
    proto = skl2onnx.to_onnx(model, sample, options={"zipmap": zipmap}, **options)
    return bytes(proto.SerializeToString())


def write_inputs(path: Path, table: Mapping[str, Any]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return path


MODEL = (
    'file = "model.onnx"\ninputs = "people.csv"\nfeatures = ["heat", "load", "female"]\n'
    'score_output = "probabilities"\nclass_index = 1\n'
)
PREDICTIONS = 'truth = "sick"\nid = "person"\ncut_off = 0.5\ngroups = ["female"]\n'


def write_model_card(
    folder: Path, model: str = MODEL, predictions: str = PREDICTIONS, perturb: str = ""
) -> Path:
    path = folder / "system.toml"
    perturbed = f"[model.perturb]\n{perturb}" if perturb else ""
    path.write_text(
        '[system]\nname = "Heat alarm"\nversion = "1.0"\nintended_use = "Call people in heat"\n'
        f'[population]\ncountry = "US"\n[model]\n{model}{perturbed}[predictions]\n{predictions}',
        encoding="utf-8",
    )
    return path


def run_card(card: Path) -> Assessment:
    return assess(load_card(card), ASSESSOR, clock=CLOCK)
