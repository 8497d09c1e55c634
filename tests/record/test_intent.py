"""What was announced, what came of it, and which items the lot chose."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest import Verified
from comity.claims.record import Beacon, Intent
from comity.claims.standing import LogHead
from comity.record.intent import (
    Remark,
    Seen,
    announced,
    beacon_after,
    beacon_size,
    draw,
    item_seed,
    seeds_in,
    with_intent,
)
from tests.attest.example import assessment, claim
from tests.record.authorities import COAST, LAB, NOON, book, intent, measured, sha, verified

SECRET = "07" * 32
PLAN = verified(intent(), LAB)
OTHER_LOG = Beacon(origin="coast.example/log", size=10)


def result(of: Verified | str, by: str = LAB, seed: str = "", **changed: Any) -> Verified:
    """A result that shows the secret; `seed` adds to that."""
    told = f"secret {SECRET}" + (f", {seed}" if seed else "")
    return measured(by, intent=of if isinstance(of, str) else of.id, seed=told, **changed)


def remarks(*statements: Verified, seed: str | None = None) -> list[tuple[Remark, ...]]:
    """Of each intent, and then of each of its results."""
    found = announced(book(LAB, *statements), lambda statement, said, size: seed)
    return [r for one in found for r in (one.remarks, *(a.remarks for a in one.answers))]


def test_an_intent_with_one_result_is_all_there_is_to_say() -> None:
    assert remarks(PLAN, result(PLAN)) == [(), ()]


def test_an_intent_without_a_result_is_open() -> None:
    assert remarks(PLAN) == [(Remark.OPEN,)]


def test_two_results_of_one_intent_show() -> None:
    found = remarks(PLAN, result(PLAN), result(PLAN, seed="again"))
    assert found == [(Remark.RERUN,), (), ()]


def test_the_same_result_logged_twice_is_one() -> None:
    assert remarks(PLAN, result(PLAN), result(PLAN)) == [(), ()]


def test_two_intents_for_one_card_show_although_each_has_one_result() -> None:
    again = verified(intent(planned=99), LAB)
    found = remarks(PLAN, again, result(PLAN), result(again, seed="again"))
    assert found == [(Remark.SAME_PLAN,), (), (Remark.SAME_PLAN,), ()]


def test_another_card_is_another_plan() -> None:
    other = verified(intent(card=sha("another card")), LAB)
    assert remarks(PLAN, other) == [(Remark.OPEN,), (Remark.OPEN,)]


def test_a_result_before_its_intent_shows() -> None:
    assert remarks(result(PLAN), PLAN) == [(), (Remark.BEFORE,)]


def test_a_result_of_an_intent_that_the_log_does_not_show() -> None:
    assert remarks(result(PLAN)) == [(), (Remark.NOT_SHOWN,)]


def test_a_result_that_an_authority_asked_for_needs_no_intent() -> None:
    log = book(LAB, result(sha("a delta")))
    assert announced(log, deltas={sha("a delta")}) == ()
    assert len(announced(log)) == 1


def test_fewer_items_than_announced_show() -> None:
    large = verified(intent(planned=101), LAB)
    assert remarks(large, result(large)) == [(), (Remark.FEWER_ITEMS,)]
    assert claim().counts.planned == 100


def test_another_system_than_announced_shows() -> None:
    other = verified(intent(system=intent().system.__class__(**{
        **{name: getattr(intent().system, name) for name in intent().system.__struct_fields__},
        "version": "9",
    })), LAB)  # fmt: skip
    assert remarks(other, result(other)) == [(), (Remark.OTHER_SYSTEM,)]


@pytest.mark.parametrize(
    "held, expected",
    [
        ("items " + "ab" * 32, ()),
        ("items " + "cd" * 32, (Remark.OTHER_SEED,)),
        ("", (Remark.OTHER_SEED,)),
    ],
    ids=["the seed of the lot", "a seed of one's own choice", "no seed"],
)
def test_the_seed_of_the_items(held: str, expected: tuple[Remark, ...]) -> None:
    drawn = verified(intent(beacon=OTHER_LOG), LAB)
    assert remarks(drawn, result(drawn, seed=held), seed="ab" * 32)[1] == expected


def test_a_seed_from_ones_own_log_shows() -> None:
    own = verified(intent(beacon=Beacon(origin="lab.example/log", size=0)), LAB)
    assert remarks(own, result(own)) == [(Remark.OWN_BEACON,), ()]


def test_a_seed_from_a_second_log_of_the_same_keeper_shows() -> None:
    own = verified(intent(beacon=Beacon(origin="lab.example/second", size=0)), LAB)
    (found,) = announced(book(LAB, own, result(own)), own={"lab.example/second"})
    assert found.remarks == (Remark.OWN_BEACON,)


@pytest.mark.parametrize(
    "told", [None, "secret 00", "secret x", f"secrets {SECRET}", f"items {SECRET}"]
)
def test_a_result_that_does_not_show_the_secret(told: str | None) -> None:
    made = measured(intent=PLAN.id, seed=told)
    assert remarks(PLAN, made)[1] == (Remark.SECRET_NOT_SHOWN,)


def test_what_an_assessment_tells_of_its_intent_is_read_back() -> None:
    root = sha("root 12")
    head = LogHead(origin="coast.example/log", size=12, root=root)
    made = with_intent(assessment(seed="7"), PLAN.id, SECRET, head)
    assert made.intent == PLAN.id
    assert seeds_in(made) == {"secret": SECRET, "items": item_seed(PLAN.id, root)}
    assert beacon_size(made) == 12
    assert made.seed is not None and made.seed.startswith("7, ")


@pytest.mark.parametrize(
    "label", ["", "coast.example/log", "coast.example/log -1", "x " + "9" * 17]
)
def test_a_beacon_that_names_no_size_is_none(label: str) -> None:
    assert beacon_size(assessment(environment={"beacon": label})) is None


def test_intents_and_results_that_others_signed_are_not_this_logs_business() -> None:
    foreign = verified(intent(assessor=COAST), COAST)
    assert remarks(PLAN, foreign, result(PLAN, by=COAST)) == [(Remark.OPEN,)]


# the lot


def seen(size: int, hours: int, origin: str = "coast.example/log") -> Seen:
    head = LogHead(origin=origin, size=size, root=sha(f"root {size}"))
    return Seen(head, NOON + datetime.timedelta(hours=hours))


@pytest.mark.parametrize(
    "heads, size",
    [
        ([], None),
        ([seen(10, 1)], None),
        ([seen(11, -1)], None),
        ([seen(11, 0)], None),
        ([seen(11, 1, "north.example/log")], None),
        ([seen(14, 3), seen(12, 1), seen(13, 2), seen(11, -1)], 12),
    ],
    ids=[
        "nothing is known of the other log",
        "the other log has not grown",
        "it was seen before the intent",
        "it was seen in the same second",
        "it is a third log",
        "the first that is larger and was seen later, in whatever order they are told",
    ],
)
def test_the_root_comes_from(heads: list[Seen], size: int | None) -> None:
    found = beacon_after(heads, OTHER_LOG, NOON)
    assert (found.size if found else None) == size


def test_the_seed_is_the_hash_of_the_intent_and_the_root() -> None:
    root = sha("root")
    expected = hashlib.sha256(bytes.fromhex(PLAN.id) + bytes.fromhex(root)).hexdigest()
    assert item_seed(PLAN.id, root) == expected


SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(SEEDS, st.lists(st.text(max_size=5), unique=True, max_size=30), st.randoms())
def test_the_lot_does_not_look_at_the_order_in_which_items_are_listed(
    seed: str, items: list[str], lot: Any
) -> None:
    drawn = draw(seed, items, len(items) // 2)
    lot.shuffle(items)
    assert draw(seed, items, len(items) // 2) == drawn
    assert draw(seed, items, len(items))[: len(drawn)] == drawn
    assert len(set(drawn)) == len(drawn) == len(items) // 2


def test_no_more_items_are_drawn_than_there_are() -> None:
    with pytest.raises(ValueError, match="3 items were to be drawn, and there are 2"):
        draw("00" * 32, ["a", "b", "a"], 3)


def test_every_item_is_drawn_about_as_often() -> None:
    items = [str(number) for number in range(20)]
    first = [draw(sha(f"seed {number}"), items, 1)[0] for number in range(4_000)]
    shares = [first.count(item) / 4_000 for item in items]
    # 200 expected each; six standard deviations of a binomial are 83.
    assert max(abs(share - 0.05) for share in shares) < 83 / 4_000


def test_an_intent_plans_at_least_one_item() -> None:
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(msgspec.to_builtins(intent()) | {"planned": 0}, Intent)
