"""The table [predictions] of a card: classes, and which column plays which role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.fields import Filled, Wrong, check_roles, exact_decimal
from comity.assess.systems.labels import class_label, shown
from comity.claims.values import Labels, Text
from comity.errors import InputError

__all__ = [
    "Database",
    "Predictions",
    "PredictionsTable",
    "resolve_database",
    "resolve_predictions",
]

MAX_GROUP_COLUMNS = 8
_GROUP_NAME = re.compile(r"[A-Za-z0-9_.-]{1,50}")


class PredictionsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The table as it stands in the file."""

    truth: Filled
    file: Filled | None = None
    database: Literal["postgresql"] | None = None
    connection: Annotated[str, msgspec.Meta(pattern=r"^[A-Z_][A-Z0-9_]{0,63}$(?!\n)")] | None = None
    table: (
        Annotated[
            str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$(?!\n)")
        ]
        | None
    ) = None
    prediction: Filled | None = None
    score: Filled | None = None
    cut_off: str | int | float | None = None
    id: Filled | None = None
    split: Filled | None = None
    evaluate: Filled | None = None
    train: Filled | None = None
    time: Filled | None = None
    site: Filled | None = None
    groups: list[Filled] | dict[str, Filled] = []
    positive: str | int | float | bool = "1"
    minimum_cell: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 30
    split_rule: Text = ""


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
        train: The part that the system was trained on, if the table holds it.
        time: Column of the time, by which windows are made, or None.
        site: Column of the place, or None.
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
    train: str
    time: str | None
    site: str | None
    groups: dict[str, str]
    positive: str
    minimum_cell: int
    split_rule: str

    @property
    def decided(self) -> bool:
        """Whether there are decisions: a prediction column, or a score with a cut-off."""
        return self.prediction is not None or self.cut_off is not None

    @property
    def columns(self) -> Labels:
        """Role to column name, for the roles that are given; groups as `group.<name>`."""
        roles = {
            "truth": self.truth,
            "prediction": self.prediction,
            "score": self.score,
            "id": self.id,
            "split": self.split,
            "time": self.time,
            "site": self.site,
        }
        given = {role: column for role, column in roles.items() if column is not None}
        return given | {f"group.{name}": column for name, column in self.groups.items()}


@dataclass(frozen=True, kw_only=True)
class Database:
    """A PostgreSQL database that holds the table.

    Attributes:
        variable: Environment variable that says where it is and who may read it. What it holds is
            never written down, for it may be a password.
        table: The table or view, with or without its schema.
    """

    variable: str
    table: str


def resolve_database(raw: PredictionsTable, path: Path, table: Path | None) -> Database | None:
    """The database that the card names, if it does.

    Raises:
        InputError: a field is missing, or a file is named too.
    """

    def wrong(field: str, what: str, hint: str = "") -> InputError:
        return InputError(what, where=f"{path}, field predictions.{field}", hint=hint)

    if raw.database is None:
        for field in ("connection", "table"):
            if getattr(raw, field) is not None:
                raise wrong(field, "this needs a database", 'Add database = "postgresql".')
        return None
    if raw.file is not None or table is not None:
        raise wrong("database", "the table is named twice: a file, and in a database")
    if raw.connection is None:
        raise wrong(
            "connection",
            "the card names no environment variable with the address of the database",
            'For instance connection = "MINISTRY_DATABASE". The address itself, which may hold a '
            "password, does not belong into a card.",
        )
    if raw.table is None:
        raise wrong("table", "the card names no table or view of the database")
    return Database(variable=raw.connection, table=raw.table)


def resolve_predictions(raw: PredictionsTable, path: Path) -> Predictions:
    """Check the table and resolve it.

    Raises:
        InputError: fields contradict each other, or a value cannot be what it is meant to be.
    """

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
    if raw.train is not None and raw.split is None:
        raise wrong("train", "a part that the system was trained on needs a split column")
    evaluate, train = (raw.evaluate or "test").strip(), (raw.train or "train").strip()
    if evaluate == train and raw.train is not None:
        raise wrong("train", f"the part {shown(train)} is both trained on and evaluated")
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
        evaluate=evaluate,
        train=train,
        time=raw.time,
        site=raw.site,
        groups=_groups(raw.groups, wrong),
        positive=positive,
        minimum_cell=raw.minimum_cell,
        split_rule=raw.split_rule,
    )
    check_roles(predictions.columns, wrong)
    return predictions


def _cut_off(value: str | int | float, wrong: Wrong) -> str:
    text, exact = exact_decimal(value, "cut_off", wrong)
    if Decimal(text) != exact:
        raise wrong("cut_off", f"{shown(str(value))} has more than 12 significant digits")
    return text


def _groups(given: list[str] | dict[str, str], wrong: Wrong) -> dict[str, str]:
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
