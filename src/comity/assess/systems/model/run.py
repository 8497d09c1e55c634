"""Run a model: from its inputs to a table of predictions, which is then read like any other.

The table of predictions is written beside nothing of the reader's, and is gone when the assessment
is done: it holds rows. What is signed is the digest of the inputs and that of the weights; from
these two anybody makes the same predictions again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.assess.clock import Clock
from comity.assess.meter import energy_between, read_counters
from comity.assess.systems.card import Card
from comity.assess.systems.engine import Progress
from comity.assess.systems.labels import class_label
from comity.assess.systems.model.answer import Answer, Asker
from comity.assess.systems.model.card import Model
from comity.assess.systems.model.features import Batch, Columns, Feed, batches, bind
from comity.assess.systems.model.perturb import Changes, Spread, check_perturbations, disturb
from comity.assess.systems.model.session import TIME_LIMIT, open_session
from comity.assess.systems.source import Source, open_source
from comity.assess.systems.table import Table, read_table
from comity.claims import Energy
from comity.claims.values import Labels
from comity.errors import InputError
from comity.files import digest_file, scratch_file

__all__ = ["Ran", "Use", "run_model"]

_NOT_IN_A_HEADER = set(',;\t"\r\n')


@dataclass(frozen=True, kw_only=True)
class Use:
    """What the system itself cost while it predicted, each row once.

    Attributes:
        predictions: How many rows it was asked about.
        cpu_seconds: Processor time while it was asked.
        energy: Energy from the first row read to the last prediction written.
    """

    predictions: int
    cpu_seconds: float
    energy: Energy


@dataclass(kw_only=True)
class Ran:
    """A model that has predicted; usable within `run_model`.

    Attributes:
        card: The card, whose table is now the predictions.
        inputs: The table of features.
        digest: SHA-256 of its bytes.
        use: What predicting cost.
        changes: What each perturbation did; None where the answer is no decision.
    """

    card: Card
    inputs: Path
    digest: str
    use: Use
    changes: list[Changes] | None
    _source: Source
    _feeds: tuple[Feed, ...]
    _asker: Asker
    _memory: _Memory

    def read(self, progress: Progress) -> Table:
        """Count the predictions; mistakes are told of the inputs, whose rows these are.

        Raises:
            InputError: as for `read_table`.
        """
        try:
            return read_table(self.card, progress)
        except InputError as error:
            error.where = error.where.replace(str(self.card.table), str(self.inputs))
            raise

    def disturb(self, progress: Progress) -> None:
        """Ask the model again about disturbed rows, into `changes`.

        Raises:
            InputError: a perturbation does not fit the data, or the inputs have changed meanwhile.
        """
        model = self.card.model
        assert model is not None
        if self.changes is not None and model.perturbations:
            progress("disturbing the inputs", None)
            self.changes = disturb(
                model.perturbations,
                self._rows(),
                self._asker,
                self._memory.spread,
                model.seed,
                f"{self.card.path}, field model.perturb",
            )
        if digest_file(self.inputs) != self.digest:
            raise InputError("the table changed while it was read", where=str(self.inputs))

    def _rows(self) -> Iterator[tuple[Columns, NDArray[np.int8], NDArray[np.int8]]]:
        memory = self._memory
        read = batches(self._source, {}, self._feeds)
        for batch, before, truth in zip(read, memory.decisions, memory.truths, strict=True):
            yield batch.columns, before, truth


@dataclass
class _Memory:
    """What is kept of the rows for the second look: two bytes each."""

    spread: Spread
    decisions: list[NDArray[np.int8]] = field(default_factory=list)
    truths: list[NDArray[np.int8]] = field(default_factory=list)
    rows: int = 0
    cpu_seconds: float = 0.0


@contextmanager
def run_model(
    card: Card,
    clock: Clock,
    powercap: Path,
    progress: Progress = lambda step, share: None,
    seconds: float = TIME_LIMIT,
) -> Iterator[Ran]:
    """Run the model of a card on its inputs; the predictions last as long as the block.

    Args:
        card: A card with a model.
        clock: Where time comes from.
        powercap: Where Linux shows the energy counters.
        progress: Told what comes next, and whom to ask how far it is.
        seconds: Time for everything that the model computes.

    Raises:
        MissingPartError: ONNX Runtime is not installed.
        InputError: model and card do not fit, the model fails, or the inputs are wrong.
    """
    model, wanted, inputs = card.model, card.predictions, card.table
    assert model is not None
    progress("reading the inputs' digest", None)
    digest = digest_file(inputs)
    roles = {
        role: column
        for role, column in wanted.columns.items()
        if role not in ("prediction", "score")
    }
    _check_header(roles, inputs)
    with ExitStack() as stack:
        progress("loading the model", None)
        session = stack.enter_context(open_session(model.onnx, model.onnx_digest, seconds))
        feeds = bind(model, session, f"{card.path}, field model.features")
        asker = Asker(model, wanted, session, feeds, str(card.path))
        source = stack.enter_context(
            open_source(inputs, _columns(roles, model), card=card.path, seconds=2 * seconds)
        )
        place = f"{card.path}, field model.perturb"
        memory = _Memory(check_perturbations(model.perturbations, feeds, place))
        progress("running the model", None)
        before, start = read_counters(powercap), clock.seconds()
        pieces = _predictions(card, batches(source, roles, feeds), roles, asker, memory, clock)
        table = stack.enter_context(scratch_file("predictions.csv", pieces))
        yield Ran(
            card=replace(card, table=table),
            inputs=inputs,
            digest=digest,
            use=Use(
                predictions=memory.rows,
                cpu_seconds=memory.cpu_seconds,
                energy=energy_between(before, read_counters(powercap), clock.seconds() - start),
            ),
            changes=[] if asker.decides else None,
            _source=source,
            _feeds=feeds,
            _asker=asker,
            _memory=memory,
        )


def _columns(roles: Labels, model: Model) -> Labels:
    """Every column that is read, once, by its role."""
    known = set(roles.values())
    return roles | {role: column for role, column in model.roles.items() if column not in known}


def _check_header(roles: Labels, inputs: Path) -> None:
    for column in roles.values():
        if _NOT_IN_A_HEADER & set(column):
            raise InputError(
                f"the column name {column!r} holds a separator, a quotation mark or a line end",
                where=str(inputs),
                hint="Rename the column.",
            )


def _predictions(
    card: Card,
    read: Iterator[Batch],
    roles: Labels,
    asker: Asker,
    memory: _Memory,
    clock: Clock,
) -> Iterator[str]:
    """The table of predictions as CSV, batch by batch; fills `memory` on the way."""
    wanted = card.predictions
    answers = [column for column in (wanted.score, wanted.prediction) if column is not None]
    yield _csv([[*roles.values(), *answers]])
    for batch in read:
        start = clock.cpu_seconds()
        answer = asker.ask(batch.columns)
        memory.cpu_seconds += clock.cpu_seconds() - start
        memory.rows += batch.rows
        if asker.decides:
            evaluated = _evaluated(card, batch)
            memory.spread.add(batch.columns, evaluated)
            memory.decisions.append(asker.decisions(answer))
            memory.truths.append(_truths(card, batch, evaluated))
        yield _csv(zip(*batch.roles.values(), *_texts(answer), strict=True))


def _evaluated(card: Card, batch: Batch) -> NDArray[np.bool_]:
    wanted = card.predictions
    if wanted.split is None:
        return np.ones(batch.rows, dtype=np.bool_)
    parts = batch.roles["split"]
    return np.array([(part or "").strip() == wanted.evaluate for part in parts], dtype=np.bool_)


def _truths(card: Card, batch: Batch, evaluated: NDArray[np.bool_]) -> NDArray[np.int8]:
    """1 or 0 for a row that is evaluated, -1 for another."""
    raw = batch.roles["truth"]
    positive = {one: class_label(one) == card.predictions.positive for one in set(raw)}
    truth = np.array([positive[one] for one in raw], dtype=np.int8)
    return np.where(evaluated, truth, np.int8(-1))


def _texts(answer: Answer) -> Iterator[list[str]]:
    """The answer as columns of text: a score so that reading gives the same number again."""
    if answer.scores is not None:
        yield ["" if np.isnan(one) else repr(one) for one in answer.scores.tolist()]
    if answer.classes is not None:
        yield [one or "" for one in answer.classes]


def _csv(rows: object) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()
