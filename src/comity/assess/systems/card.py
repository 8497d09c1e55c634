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

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.endpoint.card import EndpointTable, LocalTable, resolve_endpoint
from comity.assess.systems.endpoint.identity import declared_identity
from comity.assess.systems.endpoint.model import Endpoint
from comity.assess.systems.fields import Filled
from comity.assess.systems.forecast_card import Forecast, ForecastTable, resolve_forecast
from comity.assess.systems.labels import shown
from comity.assess.systems.model.card import Model, ModelTable, resolve_model
from comity.assess.systems.predictions_card import (
    Database,
    Predictions,
    PredictionsTable,
    resolve_database,
    resolve_predictions,
)
from comity.claims import Identity, System
from comity.claims.assessment import Binding
from comity.claims.values import Key, Labels, LongText, Text
from comity.errors import InputError
from comity.files import inside, read_toml

__all__ = ["Card", "QuestionCard", "load_card", "open_card"]


class _SystemTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Filled
    version: Filled
    intended_use: Annotated[LongText, msgspec.Meta(min_length=1)]
    kind: Literal["predictive", "generative"] = "predictive"
    sector: Text = ""
    languages: tuple[Key, ...] = ()


class _IdentityTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    binding: Binding = "declared"
    detail: Text = ""


class _CardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    system: _SystemTable
    population: dict[Key, Text]
    predictions: PredictionsTable | None = None
    forecast: ForecastTable | None = None
    model: ModelTable | None = None
    endpoint: EndpointTable | None = None
    local: LocalTable | None = None
    identity: _IdentityTable = _IdentityTable()


@dataclass(frozen=True, kw_only=True)
class QuestionCard:
    """The card of a language model, checked and resolved.

    Attributes:
        path: The card's own file.
        system: The system under test.
        population: What the questions stand for.
        endpoint: The model, and how it is asked.
    """

    path: Path
    system: System
    population: Labels
    endpoint: Endpoint


@dataclass(frozen=True, kw_only=True)
class Card:
    """The card of a system that is known by a table, checked and resolved.

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


def open_card(path: Path, table: Path | None = None) -> Card | QuestionCard:
    """Read a system card of either kind.

    Args:
        path: The card.
        table: As for `load_card`; not for a language model.

    Raises:
        InputError: the card is unreadable, or a field is missing, unknown or contradictory.
    """
    raw = read_toml(path, _CardFile)
    if raw.endpoint is None and raw.local is None:
        return _table_card(raw, path, table)
    if table is not None:
        raise InputError(
            "a language model is asked questions and has no table",
            where="--table",
        )
    return _question_card(raw, path)


def load_card(path: Path, table: Path | None = None) -> Card:
    """Read the card of a system that is known by a table.

    Args:
        path: The card.
        table: The table of predictions, when it is not the file that the card names. A card may
            come from abroad, so the file it names must stand beside it; this one may stand
            anywhere.

    Raises:
        InputError: the card is unreadable, is one of a language model, or a field is missing,
            unknown or contradictory.
    """
    card = open_card(path, table)
    if isinstance(card, QuestionCard):
        raise InputError("this is the card of a language model, and has no table", where=str(path))
    return card


def _question_card(raw: _CardFile, path: Path) -> QuestionCard:
    given = raw.endpoint or raw.local
    assert given is not None
    others = (
        ("predictions", "forecast", "model", "local")
        if raw.endpoint
        else ("predictions", "forecast", "model")
    )
    for name in others:
        if getattr(raw, name) is not None:
            raise InputError(
                f"a card with a table [{'endpoint' if raw.endpoint else 'local'}] has no table "
                f"[{name}]",
                where=str(path),
                hint="Each says in another way how the system is reached.",
            )
    if raw.identity != _IdentityTable():
        raise InputError(
            "what the evidence is bound to follows from how the model is reached",
            where=f"{path}, field identity",
            hint="Leave the table [identity] out.",
        )
    _check_population(raw, path)
    endpoint = resolve_endpoint(given, path, raw.system.languages)
    return QuestionCard(
        path=path,
        system=_system(raw, declared_identity(endpoint), kind="generative"),
        population=raw.population,
        endpoint=endpoint,
    )


def _check_population(raw: _CardFile, path: Path) -> None:
    if not raw.population:
        raise InputError(
            "the population is empty, so nobody could tell for whom the result holds",
            where=f"{path}, field population",
            hint='Say at least one thing, for instance country = "US".',
        )


def _system(
    raw: _CardFile, identity: Identity, kind: Literal["predictive", "generative"]
) -> System:
    return System(
        name=raw.system.name,
        version=raw.system.version,
        kind=kind,
        sector=raw.system.sector,
        intended_use=raw.system.intended_use,
        languages=raw.system.languages,
        identity=identity,
    )


def _table_card(raw: _CardFile, path: Path, table: Path | None) -> Card:
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
    _check_population(raw, path)
    given = raw.forecast if raw.predictions is None else raw.predictions
    if given is None or (raw.predictions is not None and raw.forecast is not None):
        raise InputError(
            "a card has either a table [predictions] or a table [forecast]",
            where=str(path),
            hint="Predictions are of two classes, forecasts of a quantity.",
        )
    database = resolve_database(given, path, table) if isinstance(given, PredictionsTable) else None
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
        system=_system(
            raw,
            Identity(binding="declared", digest=None, detail=raw.identity.detail)
            if model is None
            else Identity(binding="weights", digest=model.digest, detail=model.detail),
            raw.system.kind,
        ),
        population=raw.population,
        asked=resolve_predictions(given, path)
        if isinstance(given, PredictionsTable)
        else resolve_forecast(given, path),
        model=model,
        database=database,
    )


def _answered(raw: _CardFile, model: ModelTable, path: Path) -> PredictionsTable:
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
    taken = {given.truth, given.id, given.split, given.time, given.site, *groups}
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
