"""What the outlook says of each district, for one hazard and window: a stage, and why.

1. A district without any probability is *no data*.
2. Of the levels whose skill was shown, the worst colour counts.
3. Where a level without shown skill would have a worse colour by its raw probability, the district
   is *skill not shown*. So is one without any level that may alert.
4. Green is said only where every level has a probability; else it is *no data*: unknown is never
   good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from early_warning.cap import Hazard
from early_warning.desk.map import Stage
from early_warning.desk.pages import words
from early_warning.drafts.outlook import Expectation
from early_warning.matrix import COLOURS, Colour, Impact, Row, colour, worse

__all__ = ["Found", "Window", "by_window", "find", "rank", "windows_of"]

_ORDER: Final[tuple[Stage, ...]] = ("red", "orange", "yellow", "unsure", "nodata", "green")

Matrix = Mapping[Impact, Row]


class Window(NamedTuple):
    """A hazard in a window of time; what the map can show at once."""

    hazard: Hazard
    begins: datetime
    ends: datetime

    @property
    def key(self) -> str:
        """The window in an address: `20261122T0600-20261123T0600`."""
        return "-".join(f"{one.astimezone(UTC):%Y%m%dT%H%M}" for one in (self.begins, self.ends))


class Found(NamedTuple):
    """A district's stage and the level that it comes from."""

    stage: Stage
    expectation: Expectation

    @property
    def words(self) -> str:
        """What is expected; empty where nothing is known."""
        it = self.expectation
        if self.stage == "nodata":
            return ""
        event = words.event(it)
        event = event[:1].lower() + event[1:]
        if self.stage == "unsure":
            return f"raw {words.percent(it.raw)} for {event}"
        return f"{words.percent(it.used)} for {event}"

    @property
    def mark(self) -> str:
        """Where skill was not shown, the raw probability in percent, for the map."""
        raw = self.expectation.raw
        return f"{round(100 * raw)}?" if self.stage == "unsure" and raw is not None else ""

    @property
    def label(self) -> str:
        """The same with the stage, for the map."""
        return f"{words.STAGES[self.stage].lower()}{', ' if self.words else ''}{self.words}"


def windows_of(expectations: Iterable[Expectation]) -> tuple[Window, ...]:
    """Every hazard and window, hazards in the order of the file, earliest first."""
    places: dict[str, int] = {}
    found: dict[Window, None] = {}
    for one in expectations:
        places.setdefault(one.hazard, len(places))
        found[Window(one.hazard, one.begins, one.ends)] = None
    return tuple(sorted(found, key=lambda w: (places[w.hazard], w.begins, w.ends)))


def by_window(
    expectations: Iterable[Expectation],
) -> Mapping[Window, Mapping[str, tuple[Expectation, ...]]]:
    """The levels of each district in each window."""
    found: defaultdict[Window, defaultdict[str, list[Expectation]]]
    found = defaultdict(lambda: defaultdict(list))
    for one in expectations:
        found[Window(one.hazard, one.begins, one.ends)][one.district].append(one)
    return {
        window: {code: tuple(levels) for code, levels in districts.items()}
        for window, districts in found.items()
    }


def find(levels: tuple[Expectation, ...], matrix: Matrix) -> Found:
    """The stage of a district, from all of its levels."""
    without = [one for one in levels if one.raw is None]
    shown = [_judge(one, one.used, matrix) for one in levels if one.may_alert]
    doubted = [_judge(one, one.raw, matrix) for one in levels if not one.may_alert]
    worst = max((one for one in shown if one), default=None, key=_Judged.weight)
    doubt = max((one for one in doubted if one), default=None, key=_Judged.weight)
    if doubt and (worst is None or worse(doubt.colour, worst.colour)):
        return Found("unsure", doubt.expectation)
    if worst is None or (worst.colour == "green" and without):
        return Found("nodata", without[0] if without else levels[0])
    return Found(worst.colour, worst.expectation)


def rank(found: Found) -> tuple[int, float]:
    """A key to sort by: worst first, then the likelier."""
    it = found.expectation
    return _ORDER.index(found.stage), -(it.used or it.raw or 0.0)


class _Judged(NamedTuple):
    colour: Colour
    probability: float
    expectation: Expectation

    def weight(self) -> tuple[int, float]:
        return COLOURS.index(self.colour), self.probability


def _judge(level: Expectation, probability: float | None, matrix: Matrix) -> _Judged | None:
    if probability is None:
        return None
    return _Judged(colour(level.impact, probability, matrix), probability, level)
