"""A round: who takes part, who gets what, what remains, and what is said about it."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from comity.claims.share import Allocation, Eligibility, Need, NeedRow, Offer
from comity.errors import InputError
from comity.share.allocate import allocate, eligible_countries
from comity.share.countries import load_facts
from tests.share.rounds import HOURS, SEATS, need, offer, round_of, signed

FACTS = load_facts()


def run(*said: Need | Offer, kinds: tuple[object, ...] = (HOURS,)) -> Allocation:
    return allocate("fund.example", round_of(*kinds), signed(*said), FACTS)  # type: ignore[arg-type]


def got(result: Allocation, country: str) -> Fraction:
    grants = [grant for shares in result.shares for grant in shares.grants]
    return sum((Fraction(g.amount) for g in grants if g.country == country), Fraction(0))


def test_an_offer_for_the_least_developed_goes_to_them_alone() -> None:
    result = run(
        need("DJI", 100), need("MNG", 100), offer("For LDCs", 60, Eligibility(groups=("LDC",)))
    )

    assert [got(result, "DJI"), got(result, "MNG")] == [60, 0]


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        (Eligibility(), {"DJI", "USA"}, set()),
        (Eligibility(groups=("LDC", "LLDC")), {"DJI", "MNG"}, {"KEN"}),
        (Eligibility(regions=("Eastern Africa",)), {"DJI", "KEN"}, {"MNG"}),
        (Eligibility(regions=("Sub-Saharan Africa",)), {"DJI", "NAM"}, {"EGY", "SDN", "MNG"}),
        (Eligibility(regions=("Africa", "Oceania")), {"DJI", "EGY", "FJI"}, {"MNG"}),
        (Eligibility(languages=("fr",)), {"DJI", "SEN"}, {"MNG"}),
        (Eligibility(countries=("NAM",)), {"NAM"}, {"DJI"}),
        (Eligibility(groups=("LDC",), languages=("ar",)), {"DJI"}, {"SEN", "EGY"}),
        (Eligibility(not_countries=("KEN",)), {"DJI"}, {"KEN"}),
    ],
    ids=[
        "no rule admits everybody",
        "either group will do",
        "one region",
        "a region that holds others",
        "either of two wide regions",
        "one official language",
        "Namibia by its three letters",
        "every condition must hold",
        "the law forbids one",
    ],
)
def test_rules(rule: Eligibility, inside: set[str], outside: set[str]) -> None:
    admitted = eligible_countries(rule, FACTS)

    assert inside <= admitted
    assert admitted.isdisjoint(outside)


def test_what_is_not_rival_goes_to_everybody_and_is_never_rationed() -> None:
    result = run(need("DJI", 10), offer("Open model", 0, Eligibility(groups=("LDC",))))

    assert result.shares[0].grants == ()
    assert len(result.everyone[0].countries) == 44


def test_lots_stay_whole_and_the_odd_rest_is_idle() -> None:
    result = run(
        need("DJI", 35, kind=SEATS),
        offer("Course", 37, kind=SEATS),
        kinds=(SEATS,),
    )

    assert got(result, "DJI") == 3
    assert [(idle.amount, idle.why) for idle in result.idle] == [
        (7, "it is no whole lot of 10 seat")
    ]


def test_a_need_above_the_ceiling_counts_as_the_ceiling() -> None:
    capped = replace(HOURS, ceiling_per_million=50)
    facts = FACTS.with_people({"DJI": 1_000_000, "MNG": 4_000_000})
    said = signed(need("DJI", 10_000), need("MNG", 200), offer("Hours", 125))
    result = allocate("fund.example", round_of(capped), said, facts)

    assert [got(result, "DJI"), got(result, "MNG")] == [25, 100]
    assert [(ask.need, ask.declared) for ask in result.shares[0].asks] == [
        (50, 10_000),
        (200, 200),
    ]


IDLE = {
    "nobody declared a need": (
        (need("MNG", 5), offer("For LDCs", 9, Eligibility(groups=("LDC",)))),
        "none of the 44 countries that its rule admits declared a need; one country that its rule "
        "does not admit lacks some",
    ),
    "no country at all meets the rule": (
        (need("MNG", 5), offer("X", 9, Eligibility(groups=("SIDS",), regions=("Central Asia",)))),
        "no country at all meets its rule; one country that its rule does not admit lacks some",
    ),
    "everybody has enough": (
        (need("MNG", 5), offer("Hours", 9)),
        "everybody whom its rule admits has all that they declared",
    ),
}


@pytest.mark.parametrize(("said", "why"), IDLE.values(), ids=IDLE)
def test_what_remains_is_idle_with_the_rule_that_blocks_it(
    said: tuple[Need | Offer, ...], why: str
) -> None:
    assert [idle.why for idle in run(*said).idle] == [why]


LEFT_OUT = {
    "an expired offer": (
        replace(offer("Old", 5), opens=datetime.date(2025, 1, 1), closes=datetime.date(2025, 2, 1)),
        "it ended on 2025-02-01, before the round on 2026-11-01",
    ),
    "an offer that opens later": (
        replace(offer("Later", 5), opens=datetime.date(2027, 1, 1)),
        "it counts from 2027-01-01 only, and the round is on 2026-11-01",
    ),
    "a kind that the round does not share": (
        offer("Places", 5, kind=SEATS),
        "the round shares no seats",
    ),
    "another unit": (
        need("MNG", 5, unit="gpu_day"),
        "it counts gpu_hours in gpu_day, the round in gpu_hour",
    ),
}


@pytest.mark.parametrize(("said", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_takes_no_part_is_listed_with_the_reason(said: Need | Offer, why: str) -> None:
    assert [out.why for out in run(said).left_out] == [why]


WRONG = {
    "a country code of two letters": (
        (need("NAM", 1), offer("X", 5, Eligibility(countries=("NAX",)))),
        "'NAX' is no country",
    ),
    "a region of another list": (
        (offer("X", 5, Eligibility(regions=("Middle East",))),),
        "no country of the table lies in a region 'Middle East'",
    ),
    "a language that no country has": (
        (offer("X", 5, Eligibility(languages=("french",))),),
        "no country of the table has an official language 'french'",
    ),
}


@pytest.mark.parametrize(("said", "what"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused(said: tuple[Need | Offer, ...], what: str) -> None:
    with pytest.raises(InputError, match=what):
        run(*said)


def test_a_two_letter_code_is_answered_with_the_three_letters() -> None:
    with pytest.raises(InputError) as caught:
        FACTS.place("NA")

    assert caught.value.hint == "Namibia is NAM: write its three letters."


def test_a_ceiling_without_population_is_no_guess() -> None:
    capped = replace(HOURS, ceiling_per_million=50)
    with pytest.raises(InputError, match="nobody said how many people live in Mongolia"):
        allocate("fund.example", round_of(capped), signed(need("MNG", 5)), FACTS)


def test_more_lots_than_can_be_handed_out_one_by_one_are_refused() -> None:
    said = signed(need("MNG", 10**15, kind=SEATS), offer("X", 10**15, kind=SEATS))

    with pytest.raises(InputError, match="lots are more than 1,000,000"):
        allocate("fund.example", round_of(SEATS), said, FACTS)


def test_the_order_of_the_statements_does_not_matter() -> None:
    said = (need("DJI", 50), need("MNG", 70), offer("A", 40), offer("B", 9))

    assert run(*said) == run(*reversed(said))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: need("MNG", 5, floor=6), "`floor` is more than `need`"),
        (lambda: replace(offer("X", 5), rival=False), "`amount` must be above 0"),
        (lambda: replace(offer("X", 5), closes=datetime.date(2020, 1, 1)), "`closes` lies before"),
        (
            lambda: replace(need("MNG", 5), rows=need("MNG", 5).rows * 2),
            "a kind stands in two rows",
        ),
    ],
    ids=[
        "a floor above the need",
        "something that everybody can have, with an amount",
        "a window that ends before it begins",
        "one kind twice in one declaration",
    ],
)
def test_a_statement_that_contradicts_itself_cannot_be_made(make: object, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        make()  # type: ignore[operator]


def test_the_list_of_countries_is_the_united_nations() -> None:
    groups = dict.fromkeys(("LDC", "LLDC", "SIDS"), 0)
    for place in FACTS.places:
        for group in place.groups:
            groups[group] += 1

    assert len(FACTS.places) == 193
    assert groups == {"LDC": 44, "LLDC": 32, "SIDS": 37}
    assert len({place.region for place in FACTS.places}) == 22
    wide = {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    assert all(len(place.regions & wide) == 1 for place in FACTS.places)
    assert len({place.two_letters for place in FACTS.places}) == 193


def test_a_need_rests_on_evidence() -> None:
    row = {"kind": "x", "unit": "y", "floor": 0, "need": 1, "evidence": []}
    with pytest.raises(msgspec.ValidationError, match="length >= 1"):
        msgspec.convert(row, NeedRow)


A_ROUND = msgspec.to_builtins(
    run(need("MNG", 5), need("DJI", 9), offer("X", 7), offer("Y", 2)), str_keys=True
)
ASKED = A_ROUND["shares"][0]
LINK, GRANT = ASKED["chain"][0], ASKED["grants"][0]
NOWHERE: dict[str, tuple[dict[str, Any], str]] = {
    "a country that asks twice": (
        {"asks": ASKED["asks"] * 2},
        "a country asks twice",
    ),
    "an offer in two pools": (
        {"pools": ASKED["pools"] * 2},
        "an offer stands in it twice",
    ),
    "a grant to a country that did not ask": (
        {"grants": [GRANT | {"country": "KEN"}]},
        "names a country that does not ask",
    ),
    "a link with a country that did not ask": (
        {"chain": [LINK | {"countries": ["KEN"]}]},
        "names a country that does not ask",
    ),
    "a grant of an offer that there is not": (
        {"grants": [GRANT | {"offer": "0" * 64}]},
        "a grant is of no offer",
    ),
    "a pool that there is not": (
        {"chain": [LINK | {"pools": [9]}]},
        "names a pool that there is not",
    ),
    "a floor above the need": (
        {"asks": [ask | {"floor": 99} for ask in ASKED["asks"]]},
        "`floor` is more than `need`",
    ),
    "another kind than the round's": (
        {"kind": "seats"},
        "the kinds that are shared are not those of the round",
    ),
}


@pytest.mark.parametrize(("changes", "what"), NOWHERE.values(), ids=NOWHERE)
def test_an_allocation_in_which_a_name_leads_nowhere_cannot_be_read(
    changes: dict[str, Any], what: str
) -> None:
    assert msgspec.convert(A_ROUND, Allocation)
    with pytest.raises(msgspec.ValidationError, match=what):
        msgspec.convert(A_ROUND | {"shares": [ASKED | changes]}, Allocation)
