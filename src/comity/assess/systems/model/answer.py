"""From what the model answers to a score and a predicted class for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.assess.systems.labels import class_label, shown
from comity.assess.systems.model.card import Model
from comity.assess.systems.model.features import Columns, Feed, tensors
from comity.assess.systems.model.session import Port, Session
from comity.assess.systems.predictions_card import Predictions
from comity.errors import InputError

__all__ = ["Answer", "Asker"]


class Answer(NamedTuple):
    """What the model said of some rows.

    Attributes:
        scores: Shape (rows,), NaN where there is none; None where no output holds scores.
        classes: Text of the predicted class, None where there is none; None as above.
    """

    scores: NDArray[np.float64] | None
    classes: list[str | None] | None


class Asker:
    """A model with its inputs bound and its outputs found.

    Raises:
        InputError: the card does not say where the answer stands, or says it wrongly.
    """

    def __init__(
        self,
        model: Model,
        predictions: Predictions,
        session: Session,
        feeds: tuple[Feed, ...],
        card: str,
    ) -> None:
        self._model = model
        self._session = session
        self._feeds = feeds
        self._where = f"{card}, field model"
        self._positive = predictions.positive
        self._cut_off = None if predictions.cut_off is None else float(predictions.cut_off)
        self._score = self._port(model.score_output, "score_output")
        self._class = self._port(model.prediction_output, "prediction_output")
        if self._score is None and self._class is None:
            raise InputError(
                "the card does not say which output of the model is its answer",
                where=self._where,
                hint=f"{self._gives()} Name one as score_output, or as prediction_output.",
            )
        sizes = {feed.port.shape[0] for feed in feeds if isinstance(feed.port.shape[0], int)}
        if len(sizes) > 1 or 0 in sizes:
            raise InputError("its inputs take different numbers of rows", where=str(session.path))
        self._rows = next((int(size) for size in sizes if size is not None), None)

    @property
    def decides(self) -> bool:
        """Whether the answer is a decision: a class, or a score with a cut-off."""
        return self._class is not None or self._cut_off is not None

    def ask(self, columns: Columns) -> Answer:
        """Ask the model about rows.

        Raises:
            InputError: the model fails, took too long, or answers in an unexpected shape.
        """
        fed, usable = tensors(self._feeds, columns, f"{self._where}.features")
        wanted = [port for port in (self._score, self._class) if port is not None]
        parts = [self._run(wanted, piece, rows) for piece, rows in self._pieces(fed, len(usable))]
        scores = classes = None
        if self._score is not None:
            scores = np.concatenate([self._scores(part[self._score.name]) for part in parts])
            scores[~usable | ~np.isfinite(scores)] = np.nan
        if self._class is not None:
            told = [text for part in parts for text in self._classes(part[self._class.name])]
            classes = [text if ok else None for text, ok in zip(told, usable, strict=True)]
        return Answer(scores, classes)

    def decisions(self, answer: Answer) -> NDArray[np.int8]:
        """1 for a positive decision, 0 for a negative one, -1 for none; shape (rows,)."""
        if answer.classes is not None:
            labels = {raw: class_label(raw) for raw in set(answer.classes)}
            decided = {
                raw: -1 if label is None else int(label == self._positive)
                for raw, label in labels.items()
            }
            return np.array([decided[raw] for raw in answer.classes], dtype=np.int8)
        assert answer.scores is not None and self._cut_off is not None
        above = (answer.scores >= self._cut_off).astype(np.int8)
        return np.where(np.isnan(answer.scores), np.int8(-1), above)

    def _pieces(
        self, fed: Mapping[str, NDArray[Any]], rows: int
    ) -> list[tuple[dict[str, NDArray[Any]], int]]:
        """All rows at once, or as many as the model insists on; the last piece is filled up."""
        size = self._rows
        if size is None:
            return [(dict(fed), rows)]
        pieces = []
        for start in range(0, rows, size):
            chosen = np.minimum(np.arange(start, start + size), rows - 1)
            pieces.append(
                ({name: value[chosen] for name, value in fed.items()}, min(size, rows - start))
            )
        return pieces

    def _run(
        self, wanted: list[Port], piece: Mapping[str, NDArray[Any]], rows: int
    ) -> dict[str, Any]:
        """The outputs by name, each cut to `rows`."""
        found = self._session.run([port.name for port in wanted], piece)
        given = len(next(iter(piece.values())))
        for port, value in zip(wanted, found, strict=True):
            length = len(value) if isinstance(value, list) or np.ndim(value) else -1
            if length != given:
                raise InputError(
                    f"the output {port.words} does not give one answer for each row",
                    where=str(self._session.path),
                )
        return {port.name: value[:rows] for port, value in zip(wanted, found, strict=True)}

    def _scores(self, value: Any) -> NDArray[np.float64]:
        where = f"{self._where}.score_output"
        if isinstance(value, list):  # a map from class to probability for each row
            if self._model.class_index is not None:
                raise InputError("a map from class to score needs no class index", where=where)
            return np.array([self._of_class(row, where) for row in value], dtype=np.float64)
        if value.dtype.kind not in "fiub" or value.ndim > 2:
            raise InputError(
                f"the output holds no scores: {value.dtype} of {value.ndim} axes", where=where
            )
        index, width = self._model.class_index, value.shape[1] if value.ndim == 2 else 1
        if index is None and width > 1:
            raise InputError(
                f"the output holds {width} scores for each row",
                where=where,
                hint=f"Say which one, from 0 to {width - 1}: class_index.",
            )
        if (index or 0) >= width:
            raise InputError(
                f"the output holds {width} scores for each row, and there is no number {index}",
                where=f"{self._where}.class_index",
            )
        column = value[:, index or 0] if value.ndim == 2 else value
        return np.asarray(column, dtype=np.float64).copy()

    def _of_class(self, row: Any, where: str) -> float:
        for name, score in row.items():
            if class_label(str(name)) == self._positive:
                return float(score)
        raise InputError(
            f"the model gives no score for the positive class {shown(self._positive)}",
            where=where,
            hint=f"It gives scores for {', '.join(shown(str(name)) for name in list(row)[:5])}.",
        )

    def _classes(self, value: Any) -> list[str | None]:
        where = f"{self._where}.prediction_output"
        if isinstance(value, list) or value.ndim > 2 or (value.ndim == 2 and value.shape[1] != 1):
            raise InputError("the output does not hold one class for each row", where=where)
        flat = value.reshape(-1).tolist()
        return [None if one is None or one != one else str(one) for one in flat]

    def _port(self, name: str | None, field: str) -> Port | None:
        if name is None:
            return None
        for port in self._session.outputs:
            if port.name == name:
                return port
        raise InputError(
            f"the model has no output {shown(name)}",
            where=f"{self._where}.{field}",
            hint=self._gives(),
        )

    def _gives(self) -> str:
        return f"The model gives {'; '.join(port.words for port in self._session.outputs)}."
