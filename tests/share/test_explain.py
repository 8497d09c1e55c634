"""One sentence's worth of numbers for each country, and what would raise it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from comity.claims.share import Allocation, Eligibility, Offer
from comity.share.allocate import allocate
from comity.share.countries import load_facts
from comity.share.explain import Change, outcomes, what_if, wider_rules
from comity.share.words import sentence
from tests.share.rounds import HOURS, SEATS, need, offer, round_of, signed

LDC = Eligibility(groups=("LDC",))


@pytest.fixture
def allocation() -> Allocation:
    said = (
        need("DJI", 100, floor=40),
        need("TCD", 300, floor=60),
        need("MNG", 100, floor=10),
        offer("For least developed countries", 50, LDC),
        offer("For landlocked ones of Asia", 90, Eligibility(countries=("MNG",))),
    )
    return allocate("fund.example", round_of(HOURS), signed(*said), load_facts())


def test_a_level_is_one_sum_and_one_division(allocation: Allocation) -> None:
    djibouti = outcomes(allocation.shares[0])[0]

    assert djibouti.together == ("DJI", "TCD")
    assert (djibouti.holds, djibouti.asked) == (50, 100)
    assert djibouti.level == Fraction(djibouti.holds, djibouti.asked)
    assert djibouti.got == djibouti.floor * Fraction(1, 2)


def test_more_in_its_pool_raises_a_country_and_nobody_falls(allocation: Allocation) -> None:
    pool = allocation.shares[0].chain[0].pools[0]

    assert what_if(allocation, "gpu_hours", more={pool: 10}) == (
        Change("TCD", Fraction(30), Fraction(36)),
        Change("DJI", Fraction(20), Fraction(24)),
    )


def test_what_worse_off_countries_use_up_is_said() -> None:
    said = signed(
        need("DJI", 100, floor=10),
        need("KEN", 100, floor=10),
        need("TCD", 100, floor=50),
        offer("For LDCs", 20, Eligibility(groups=("LDC",))),
        offer("For Eastern Africa", 60, Eligibility(regions=("Eastern Africa",))),
    )
    result = allocate("fund.example", round_of(HOURS), said, load_facts())
    titles = {one.digest: one.said.title for one in said if isinstance(one.said, Offer)}
    said_to = {
        one.country: sentence(one, HOURS, load_facts(), titles)
        for one in outcomes(result.shares[0])
    }

    assert said_to["TCD"] == (
        "Chad gets 20 of the 100 gpu hour that it asks for. It can draw on “For LDCs” only; this "
        "holds 20 gpu hour: 40 % of the 50 that its floor asks for. To raise Chad, somebody must "
        "add to an offer that it may use, or open another to it."
    )
    assert said_to["DJI"] == (
        "Djibouti gets 30 of the 100 gpu hour that it asks for. Together with Kenya it can draw on "
        "“For Eastern Africa”; this holds 60 gpu hour: all floors, 20, and 22.2 % of the 180 asked "
        "above them. What it may use besides, one other offer, goes to whoever would otherwise "
        "reach less. To raise Djibouti, somebody must add to an offer that it may use, or open "
        "another to it."
    )


def test_a_wider_rule_raises_the_worst_off(allocation: Allocation) -> None:
    (wider,) = wider_rules(allocation, "gpu_hours")

    assert wider.admits == ("DJI", "TCD")
    assert {change.country for change in wider.changes if change.after > change.before} == {
        "DJI",
        "TCD",
    }
    assert {change.country for change in wider.changes if change.after < change.before} == {"MNG"}


def test_who_has_all_that_it_needs_stands_in_no_bottleneck() -> None:
    said = signed(need("MNG", 5), offer("Hours", 9))
    result = allocate("fund.example", round_of(HOURS), said, load_facts())
    (mongolia,) = outcomes(result.shares[0])

    assert (mongolia.stage, mongolia.link, mongolia.together) == ("all", None, ())


def test_lots_are_shared_out_again_by_the_same_lottery() -> None:
    said = signed(
        need("MNG", 50, kind=SEATS), need("DJI", 50, kind=SEATS), offer("Course", 50, kind=SEATS)
    )
    result = allocate("fund.example", round_of(SEATS), said, load_facts())
    (pool,) = range(len(result.shares[0].pools))

    assert what_if(result, "seats") == ()
    assert [
        change.after - change.before for change in what_if(result, "seats", more={pool: 1})
    ] == [1]


def test_a_kind_that_was_not_shared_is_an_error(allocation: Allocation) -> None:
    with pytest.raises(KeyError):
        what_if(allocation, "seats")
