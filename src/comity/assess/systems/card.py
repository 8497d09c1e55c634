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

from comity.assess.systems.forecast_card import Forecast, ForecastTable, resolve_forecast
from comity.assess.systems.labels import class_label, shown
from comity.assess.systems.model.card import Model, ModelTable, resolve_model
from comity.claims import Identity, System, decimal_text
from comity.claims.assessment import Binding
from comity.claims.values import Key, Labels, LongText, Text
from comity.errors import InputError
from comity.files import inside, read_toml

__all__ = ["Card", "Database", "Predictions", "load_card"]

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
    database: Literal["postgresql"] | None = None
    connection: Annotated[str, msgspec.Meta(pattern=r"^[A-Z_][A-Z0-9_]{0,63}$(?!\n)")] | None = None
    table: (
        Annotated[
            str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$(?!\n)")
        ]
        | None
    ) = None
    prediction: _Filled | None = None
    score: _Filled | None = None
    cut_off: str | int | float | None = None
    id: _Filled | None = None
    split: _Filled | None = None
    evaluate: _Filled | None = None
    train: _Filled | None = None
    groups: list[_Filled] | dict[str, _Filled] = []
    positive: str | int | float | bool = "1"
    minimum_cell: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 30
    split_rule: Text = ""


class _CardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    system: _SystemTable
    population: dict[Key, Text]
    predictions: _PredictionsTable | None = None
    forecast: ForecastTable | None = None
    model: ModelTable | None = None
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
        train: The part that the system was trained on, if the table holds it.
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
class Database:
    """A PostgreSQL database that holds the table.

    Attributes:
        variable: Environment variable that says where it is and who may read it. What it holds is
            never written down, for it may be a password.
        table: The table or view, with or without its schema.
    """

    variable: str
    table: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A system card, checked and resolved.

    Attributes:
        path: The card's own file.
        table: The file of predictions; with a model, the file of its inputs.
        system: The system under test.
        population: What the data stand for.
        asked: How the table is read: as predictions of classes, or as forecasts of a quantity.
        model: The model that Comity runs to make the predictions, or None.
        database: Where the table is, if it is in a database; then `table` is its name.
    """

    path: Path
    table: Path
    system: System
    population: Labels
    asked: Predictions | Forecast
    model: Model | None = None
    database: Database | None = None

    @property
    def columns(self) -> Labels:
        """Role to column, for what is read of the given table.

        A model's answer stands in no table: a card with a model has neither `prediction` nor
        `score` here, and that is how one sees that Comity ran the system.
        """
        if self.model is None:
            return self.asked.columns
        answers = ("prediction", "score")
        read = {role: name for role, name in self.asked.columns.items() if role not in answers}
        return read | self.model.roles

    @property
    def predictions(self) -> Predictions:
        """How a table of predictions is read. Only for a card that has one."""
        assert isinstance(self.asked, Predictions)
        return self.asked


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
    model = None
    if wanted := raw.model:
        raw = msgspec.structs.replace(raw, predictions=_answered(raw, wanted, path))
        model = resolve_model(wanted, path)
    if raw.identity.binding != "declared" and (model is None or raw.identity.binding != "weights"):
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
    given = raw.forecast if raw.predictions is None else raw.predictions
    if given is None or (raw.predictions is not None and raw.forecast is not None):
        raise InputError(
            "a card has either a table [predictions] or a table [forecast]",
            where=str(path),
            hint="Predictions are of two classes, forecasts of a quantity.",
        )
    database = _database(given, path, table) if isinstance(given, _PredictionsTable) else None
    if database is not None:
        table = Path(database.table)
    kind = "predictions" if raw.forecast is None else "forecast"
    where = f"{path}, field {kind}.file" if model is None else f"{path}, field model.inputs"
    if table is None and given.file is None:
        raise InputError(
            "the card names no table of predictions",
            where=where,
            hint="Add it, or give the table with --table.",
        )
    return Card(
        path=path,
        table=table or inside(path.parent, given.file or "", where=where),
        system=System(
            name=raw.system.name,
            version=raw.system.version,
            kind=raw.system.kind,
            sector=raw.system.sector,
            intended_use=raw.system.intended_use,
            languages=raw.system.languages,
            identity=Identity(binding="declared", digest=None, detail=raw.identity.detail)
            if model is None
            else Identity(binding="weights", digest=model.digest, detail=model.detail),
        ),
        population=raw.population,
        asked=_predictions(given, path)
        if isinstance(given, _PredictionsTable)
        else resolve_forecast(given, path),
        model=model,
        database=database,
    )


def _database(raw: _PredictionsTable, path: Path, table: Path | None) -> Database | None:
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


def _answered(raw: _CardFile, model: ModelTable, path: Path) -> _PredictionsTable:
    """How the table is read that the model's answers will make, beside the columns of its inputs.

    Raises:
        InputError: the card also names answers that stand in a table already.
    """
    given = raw.predictions
    if given is None or raw.forecast is not None:
        raise InputError(
            "a card with a table [model] needs a table [predictions]",
            where=str(path),
            hint="It says which column of the inputs is the truth, and which are groups.",
        )
    for field in ("file", "database", "prediction", "score"):
        if getattr(given, field) is not None:
            raise InputError(
                "with [model] Comity makes the predictions itself",
                where=f"{path}, field predictions.{field}",
                hint="Leave the field out. Say in [model] where inputs and answers stand: inputs, "
                "score_output, prediction_output.",
            )
    groups = given.groups if isinstance(given.groups, list) else list(given.groups.values())
    taken = {given.truth, given.id, given.split, *groups}
    for column in model.columns:
        if column in (given.truth, given.id, given.split):
            raise InputError(
                f"the feature {shown(column)} is the truth, the identifier or the split",
                where=f"{path}, field model.features",
                hint="A model that is told the truth is always right.",
            )
    return msgspec.structs.replace(
        given,
        file=model.inputs,
        score=_free("score", taken) if model.score_output else None,
        prediction=_free("prediction", taken)
        if model.prediction_output or not model.score_output
        else None,
    )


def _free(name: str, taken: set[str | None]) -> str:
    """A column name that is not taken."""
    return name if name not in taken else _free(f"{name}_", taken)


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
