"""The system card: ten lines of TOML that say what is tested and where its predictions stand.

[system]
name = "Care programme, trained on cost"
version = "1.0"
intended_use = "Choose whom to invite to a care programme"
[population]
country = "US"
[predictions]
file = "predictions.csv"
truth = "needs_care"
prediction = "selected"
groups = ["sex", "income"]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.labels import class_label, shown
from comity.claims import Identity, System, decimal_text
from comity.claims.assessment import Binding
from comity.claims.values import Key, Labels, LongText, Text
from comity.errors import InputError
from comity.files import inside, read_toml

__all__ = ["Card", "Predictions", "load_card"]

MAX_GROUP_COLUMNS = 8
_GROUP_NAME = re.compile(r"[A-Za-z0-9_.-]{1,50}")
_Wrong = Callable[..., InputError]
_Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class _SystemTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: _Filled
    version: _Filled
    intended_use: Annotated[LongText, msgspec.Meta(min_length=1)]
    kind: Literal["predictive", "generative"] = "predictive"
    sector: Text = ""
    languages: tuple[Key, ...] = ()


class _IdentityTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    binding: Binding = "declared"
    detail: Text = ""


class _PredictionsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    truth: _Filled
    file: _Filled | None = None
    prediction: _Filled | None = None
    score: _Filled | None = None
    cut_off: str | int | float | None = None
    id: _Filled | None = None
    split: _Filled | None = None
    evaluate: _Filled | None = None
    groups: list[_Filled] | dict[str, _Filled] = []
    positive: str | int | float | bool = "1"
    minimum_cell: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 30
    split_rule: Text = ""


class _CardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    system: _SystemTable
    population: dict[Key, Text]
    predictions: _PredictionsTable
    identity: _IdentityTable = _IdentityTable()


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Which column of the table plays which role, and how its values are read.

    Attributes:
        truth: Column of what happened.
        prediction: Column of what the system decided, or None.
        score: Column of the system's score, or None.
        cut_off: Decimal text: a score at or above it is a positive decision. None if a column
            holds the decisions, or if there are none.
        id: Column that names the row, or None.
        split: Column that says to which part a row belongs, or None: then all rows are evaluated.
        evaluate: The part that is evaluated.
        groups: Group name (ASCII) to column name, sorted by group name.
        positive: The class that counts as positive, as `class_label` writes it.
        minimum_cell: Smallest denominator of a rate that is published for a group.
        split_rule: How evaluated rows were kept apart from training, in the card's words.
    """

    truth: str
    prediction: str | None
    score: str | None
    cut_off: str | None
    id: str | None
    split: str | None
    evaluate: str
    groups: dict[str, str]
    positive: str
    minimum_cell: int
    split_rule: str

    @property
    def columns(self) -> Labels:
        """Role to column name, for the roles that are given; groups as `group.<name>`."""
        roles = {
            "truth": self.truth,
            "prediction": self.prediction,
            "score": self.score,
            "id": self.id,
            "split": self.split,
        }
        given = {role: column for role, column in roles.items() if column is not None}
        return given | {f"group.{name}": column for name, column in self.groups.items()}


@dataclass(frozen=True, kw_only=True)
class Card:
    """A system card, checked and resolved.

    Attributes:
        path: The card's own file.
        table: The file of predictions.
        system: The system under test.
        population: What the data stand for.
        predictions: How the table is read.
    """

    path: Path
    table: Path
    system: System
    population: Labels
    predictions: Predictions


def load_card(path: Path, table: Path | None = None) -> Card:
    """Read a system card.

    Args:
        path: The card.
        table: The table of predictions, when it is not the file that the card names. A card may
            come from abroad, so the file it names must stand beside it; this one may stand
            anywhere.

    Raises:
        InputError: the card is unreadable, or a field is missing, unknown or contradictory.
    """
    raw = read_toml(path, _CardFile)
    if raw.identity.binding != "declared":
        raise InputError(
            f"a table of predictions cannot be bound to the system's {raw.identity.binding}: "
            "Comity did not run the system, so the identity is what the card declares",
            where=f"{path}, field identity.binding",
            hint='Write binding = "declared", or leave the table [identity] out.',
        )
    if not raw.population:
        raise InputError(
            "the population is empty, so nobody could tell for whom the result holds",
            where=f"{path}, field population",
            hint='Say at least one thing, for instance country = "US".',
        )
    if table is None and raw.predictions.file is None:
        raise InputError(
            "the card names no table of predictions",
            where=f"{path}, field predictions.file",
            hint="Add it, or give the table with --table.",
        )
    where = f"{path}, field predictions.file"
    return Card(
        path=path,
        table=table or inside(path.parent, raw.predictions.file or "", where=where),
        system=System(
            name=raw.system.name,
            version=raw.system.version,
            kind=raw.system.kind,
            sector=raw.system.sector,
            intended_use=raw.system.intended_use,
            languages=raw.system.languages,
            identity=Identity(binding="declared", digest=None, detail=raw.identity.detail),
        ),
        population=raw.population,
        predictions=_predictions(raw.predictions, path),
    )


def _predictions(raw: _PredictionsTable, path: Path) -> Predictions:
    def wrong(field: str, what: str, hint: str = "") -> InputError:
        return InputError(what, where=f"{path}, field predictions.{field}", hint=hint)

    if raw.prediction is None and raw.score is None:
        raise wrong("prediction", "the card names neither a prediction column nor a score column")
    if raw.cut_off is not None and raw.score is None:
        raise wrong("cut_off", "a cut-off needs a score column")
    if raw.cut_off is not None and raw.prediction is not None:
        raise wrong(
            "cut_off",
            "a cut-off and a prediction column are both given, so the decision has two sources",
            "Leave one of them out.",
        )
    if raw.evaluate is not None and raw.split is None:
        raise wrong("evaluate", "a part to evaluate needs a split column")
    positive = class_label(str(raw.positive))
    if positive is None or len(positive) > 500:
        raise wrong("positive", f"{shown(str(raw.positive))} cannot be the positive class")
    predictions = Predictions(
        truth=raw.truth,
        prediction=raw.prediction,
        score=raw.score,
        cut_off=None if raw.cut_off is None else _cut_off(raw.cut_off, wrong),
        id=raw.id,
        split=raw.split,
        evaluate=(raw.evaluate or "test").strip(),
        groups=_groups(raw.groups, wrong),
        positive=positive,
        minimum_cell=raw.minimum_cell,
        split_rule=raw.split_rule,
    )
    _check_roles(predictions.columns, wrong)
    return predictions


def _cut_off(value: str | int | float, wrong: _Wrong) -> str:
    """The cut-off as the one text that is its value, so that 0.5 and "0.50" are one procedure."""
    try:
        exact = Decimal(str(value))
        text = decimal_text(float(exact))
    except (InvalidOperation, ValueError, OverflowError):
        raise wrong("cut_off", f"{shown(str(value))} is not a decimal number") from None
    if Decimal(text) != exact:
        raise wrong("cut_off", f"{shown(str(value))} has more than 12 significant digits")
    return text


def _groups(given: list[str] | dict[str, str], wrong: _Wrong) -> dict[str, str]:
    pairs = given.items() if isinstance(given, dict) else [(name, name) for name in given]
    if len(pairs) > MAX_GROUP_COLUMNS:
        raise wrong("groups", f"more than {MAX_GROUP_COLUMNS} group columns are given")
    groups: dict[str, str] = {}
    for name, column in pairs:
        if not _GROUP_NAME.fullmatch(name):
            raise wrong(
                "groups",
                f"{shown(name)} cannot name a group: names are at most 50 ASCII letters, digits, "
                "dots, dashes and underscores",
                "Give a table instead of a list, for instance groups = {income = "
                f"{shown(column)}}}.",
            )
        if name in groups:
            raise wrong("groups", f"the group {shown(name)} is given twice")
        groups[name] = column
    return dict(sorted(groups.items()))


def _check_roles(columns: Labels, wrong: _Wrong) -> None:
    """No column may play two roles: a prediction that is the truth would always be right."""
    roles: dict[str, str] = {}
    for role, column in columns.items():
        field = role.partition(".")[0].replace("group", "groups")
        if column in roles:
            raise wrong(
                field, f"the column {shown(column)} has two roles: {roles[column]} and {role}"
            )
        roles[column] = role
