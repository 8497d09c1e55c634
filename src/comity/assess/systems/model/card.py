"""The table `[model]` of a system card: what Comity runs, on which inputs, and where it answers.

[model]
file = "model.onnx"
inputs = "people.csv"
features = ["conditions", "income", "age"]
score_output = "probabilities"
class_index = 1

The table `[predictions]` then says of `inputs` what it says of any table: truth, groups, split.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.labels import shown
from comity.claims import decimal_text
from comity.claims.values import Labels
from comity.errors import InputError
from comity.files import hash_weights, inside, weights_digest

__all__ = ["Model", "ModelTable", "Perturbation", "resolve_model"]

MAX_FEATURES = 1_000
MAX_PERTURBATIONS = 200
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Number = int | float


class _PerturbTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None = None
    noise: _Number | None = None
    missing: list[_Name] = []
    flip: list[_Name] = []
    offset: dict[_Name, _Number] = {}
    scale: dict[_Name, _Number] = {}


class ModelTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[model]` as it stands in the card."""

    file: _Name
    features: list[_Name] | dict[_Name, _Name | list[_Name]]
    inputs: _Name | None = None
    score_output: _Name | None = None
    class_index: Annotated[int, msgspec.Meta(ge=0, le=9_999)] | None = None
    prediction_output: _Name | None = None
    perturb: _PerturbTable | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that feeds the model, in order."""
        if isinstance(self.features, list):
            return tuple(self.features)
        parts = self.features.values()
        return tuple(one for part in parts for one in ([part] if isinstance(part, str) else part))


@dataclass(frozen=True, kw_only=True)
class Perturbation:
    """One way in which the features are disturbed.

    Attributes:
        kind: `noise` on every number; a feature `missing`; a feature flipped to each other value
            that occurs; an `offset` added to a feature, or a `scale` that multiplies it.
        feature: The column; empty for noise.
        by: Standard deviations of the noise, offset or factor, as decimal text; else empty.
    """

    kind: Literal["noise", "missing", "flip", "offset", "scale"]
    feature: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """For people, and as the slice of its claims."""
        return {
            "noise": f"noise of {self.by} standard deviations",
            "missing": f"{self.feature} missing",
            "flip": f"{self.feature} flipped",
            "offset": f"{self.feature} {'-' if self.by[:1] == '-' else '+'} {self.by.lstrip('-')}",
            "scale": f"{self.feature} × {self.by}",
        }[self.kind]

    @property
    def parameters(self) -> Labels:
        """What the procedure says of it."""
        given = {"perturbation": self.kind, "feature": self.feature, "by": self.by}
        return {key: value for key, value in given.items() if value}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model to run, its files hashed.

    Attributes:
        onnx: The ONNX file.
        onnx_digest: SHA-256 of its bytes.
        digest: Digest of all files, as model-signing computes it.
        detail: What was hashed, in words.
        features: Input of the model to the columns that feed it. The input is empty where the card
            gives a list: then the model has one input.
        score_output, class_index, prediction_output: Where the answer stands.
        perturbations: How the features are disturbed.
        seed: Seed of the noise; None without noise.
    """

    onnx: Path
    onnx_digest: str
    digest: str
    detail: str
    features: dict[str, tuple[str, ...]]
    score_output: str | None
    class_index: int | None
    prediction_output: str | None
    perturbations: tuple[Perturbation, ...]
    seed: int | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the model is fed, in order."""
        return tuple(column for columns in self.features.values() for column in columns)

    @property
    def roles(self) -> Labels:
        """Role to column for what the model is fed: `input.1`, `input.2` and so on."""
        return {f"input.{number}": name for number, name in enumerate(self.columns, start=1)}


def resolve_model(raw: ModelTable, card: Path) -> Model:
    """Check the table `[model]` and hash the model's files.

    Raises:
        InputError: a field is wrong, or the model cannot be read.
    """
    where = f"{card}, field model"
    path = inside(card.parent, raw.file, where=f"{where}.file")
    features = _features(raw.features, f"{where}.features")
    if raw.class_index is not None and raw.score_output is None:
        raise InputError(
            "a class index needs the output it is about: score_output",
            where=f"{where}.class_index",
        )
    files = hash_weights(path)
    name, digest = _onnx_file(files, path)
    columns = {column for columns in features.values() for column in columns}
    perturb = raw.perturb or _PerturbTable()
    return Model(
        onnx=path / name,
        onnx_digest=digest,
        digest=weights_digest(files),
        detail=f"model-signing digest (files, sha256) of {shown(raw.file, 200)}: {len(files)} files"
        if path.is_dir()
        else f"model-signing digest (files, sha256) of {shown(raw.file, 200)}",
        features=features,
        score_output=raw.score_output,
        class_index=raw.class_index,
        prediction_output=raw.prediction_output,
        perturbations=tuple(_perturbations(perturb, columns, f"{where}.perturb")),
        seed=perturb.seed if perturb.noise is not None else None,
    )


def _features(
    given: list[str] | dict[str, str | list[str]], where: str
) -> dict[str, tuple[str, ...]]:
    if isinstance(given, list):
        features = {"": tuple(given)}
    else:
        features = {
            name: (columns,) if isinstance(columns, str) else tuple(columns)
            for name, columns in given.items()
        }
    columns = [column for several in features.values() for column in several]
    if not columns or not all(features.values()):
        raise InputError("no column feeds the model", where=where)
    if len(columns) > MAX_FEATURES:
        raise InputError(f"more than {MAX_FEATURES:,} features are given", where=where)
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise InputError(f"the column {shown(twice[0])} is given twice", where=where)
    return features


def _onnx_file(files: Mapping[PurePosixPath, str], path: Path) -> tuple[PurePosixPath, str]:
    if not path.is_dir():
        return next(iter(files.items()))
    found = [name for name in files if name.suffix == ".onnx"]
    if len(found) != 1:
        raise InputError(
            f"the model's folder holds {len(found)} ONNX files, and one is needed",
            where=str(path),
            hint="One file whose name ends in .onnx; other files are hashed with it.",
        )
    return found[0], files[found[0]]


def _perturbations(raw: _PerturbTable, features: set[str], where: str) -> list[Perturbation]:
    found = []
    if raw.noise is not None:
        if raw.seed is None:
            raise InputError(
                "noise needs a seed, so that everybody gets the same", where=f"{where}.seed"
            )
        if raw.noise <= 0:
            raise InputError("noise of nothing changes nothing", where=f"{where}.noise")
        found.append(Perturbation(kind="noise", by=_decimal(raw.noise, f"{where}.noise")))
    found += [Perturbation(kind="missing", feature=name) for name in raw.missing]
    found += [Perturbation(kind="flip", feature=name) for name in raw.flip]
    for name, value in raw.offset.items():
        by = _decimal(value, f"{where}.offset.{name}")
        found.append(Perturbation(kind="offset", feature=name, by=by))
    for name, value in raw.scale.items():
        by = _decimal(value, f"{where}.scale.{name}")
        found.append(Perturbation(kind="scale", feature=name, by=by))
    for one in found:
        if one.feature and one.feature not in features:
            raise InputError(
                f"{shown(one.feature)} is no feature of the model, so nothing can change",
                where=f"{where}.{one.kind}",
            )
    if len(found) > MAX_PERTURBATIONS or len(set(found)) < len(found):
        raise InputError(
            f"at most {MAX_PERTURBATIONS} different perturbations can be asked for", where=where
        )
    return found


def _decimal(value: float, where: str) -> str:
    try:
        text = decimal_text(float(value))
    except (ValueError, OverflowError):
        raise InputError("this is no finite number", where=where) from None
    if Decimal(text) != Decimal(str(value)):
        raise InputError("the number has more than 12 significant digits", where=where)
    return text
