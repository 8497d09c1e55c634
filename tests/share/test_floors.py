"""Five floors: met, not met or unknown; the country's own word first, nothing added up."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from comity.claims.floor import Declaration, DeclaredFigure, Figure, Seen
from comity.claims.share import Proof
from comity.errors import InputError
from comity.share.floors import Floor, floors, load_indicators

DAY = datetime.date(2026, 11, 1)
GPUS = "gpu_h100e_per_million"
PAPER = (Proof(title="Inventory", day=DAY),)


def declared(value: str, until: int = 2027, indicator: str = GPUS) -> Declaration:
    return Declaration(
        authority="ai.mng.example",
        country="MNG",
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(until, 1, 1),
        figures=(DeclaredFigure(indicator=indicator, value=value, evidence=PAPER),),
    )


def figure(seen: Seen, value: str | None, year: int = 2026, country: str = "MNG") -> Figure:
    day = datetime.date(year, 1, 1)
    return Figure(indicator=GPUS, country=country, seen=seen, value=value, source="Epoch", day=day)


def compute(declarations: tuple[Declaration, ...] = (), figures: tuple[Figure, ...] = ()) -> Floor:
    return floors("MNG", DAY, declarations, figures, load_indicators())[0]


CASES: dict[str, tuple[tuple[Declaration, ...], tuple[Figure, ...], str, int | None]] = {
    "nobody looked: unknown": ((), (), "unknown", None),
    "listed without a value: unknown": ((), (figure("absent", None),), "unknown", None),
    "measured at the goalpost: met": ((), (figure("measured", "0.1"),), "met", 1),
    "measured below it: not met": ((), (figure("measured", "0.09"),), "not_met", 0),
    "measured between two goalposts: the lower tier": ((), (figure("measured", "9.9"),), "met", 2),
    "below what the source sees, and that is below the floor: not met": (
        (),
        (figure("censored", "0.05"),),
        "not_met",
        0,
    ),
    "below what the source sees, and that is above the floor: unknown": (
        (),
        (figure("censored", "5"),),
        "unknown",
        None,
    ),
    "its own declaration stands above a figure": (
        (declared("12"),),
        (figure("measured", "0"),),
        "met",
        3,
    ),
    "its own declaration may also be lower": (
        (declared("0"),),
        (figure("measured", "12"),),
        "not_met",
        0,
    ),
    "an expired declaration does not count": ((declared("12", until=2026),), (), "unknown", None),
    "the newest figure counts": (
        (),
        (figure("measured", "0", 2024), figure("measured", "1", 2025)),
        "met",
        2,
    ),
    "a newer source that has no value says nothing": (
        (),
        (figure("measured", "1", 2024), figure("withheld", None, 2026)),
        "met",
        2,
    ),
    "another country's figure is another country's": (
        (),
        (figure("measured", "1", country="CHN"),),
        "unknown",
        None,
    ),
}


@pytest.mark.parametrize(("own", "others", "verdict", "tier"), CASES.values(), ids=CASES)
def test_a_floor(
    own: tuple[Declaration, ...], others: tuple[Figure, ...], verdict: str, tier: int | None
) -> None:
    found = compute(own, others)

    assert (found.verdict, found.tier) == (verdict, tier)


def test_the_figure_stays_beside_the_declaration() -> None:
    found = compute((declared("12"),), (figure("measured", "0"),))

    assert found.declared is not None
    assert [one.value for one in found.figures] == ["0"]


def test_two_declarations_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="declares gpu_h100e_per_million twice"):
        compute((declared("1"), declared("2")))


def test_every_gap_has_an_indicator_with_rising_goalposts() -> None:
    cards = load_indicators()

    assert [card.gap for card in cards] == ["compute", "data", "talent", "policies", "use"]
    for card in cards:
        posts = [Decimal(post) for post in card.goalposts]
        assert posts == sorted(set(posts))


@pytest.mark.parametrize(
    ("seen", "value"),
    [("measured", None), ("censored", None), ("absent", "0"), ("measured", "-1")],
    ids=["measured without a value", "censored without a limit", "absent as zero", "negative"],
)
def test_a_figure_that_contradicts_itself_cannot_be_made(seen: Seen, value: str | None) -> None:
    with pytest.raises(ValueError, match="`value`"):
        figure(seen, value)
