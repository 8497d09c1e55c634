"""For what an authority is vouched for."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from comity.attest import Peers
from comity.record.scope import Grant, lapsed, vouched
from tests.record.authorities import COAST, DAY, EAST, LAB, MALLORY, NORTH, PEERS, key_of, scope


def grant(by: str, *, stands: bool = True, **changed: Any) -> Grant:
    return Grant(scope(by, **changed).predicate, stands)


def measures(*grants: Grant, peers: Peers = PEERS, day: datetime.date = DAY) -> dict[str, str]:
    found = vouched(grants, peers, day)
    assert len(found) <= 1
    return dict(found[0].measures) if found else {}


def test_two_peers_vouch_for_what_both_name_in_the_lower_role() -> None:
    given = [grant(COAST, measures=("fairness", "accuracy")), grant(NORTH, role="independent")]
    assert measures(*given) == {"accuracy": "independent", "fairness.tpr": "independent"}


def test_a_third_peer_lifts_the_role_to_what_two_of_them_vouch_for() -> None:
    given = [grant(COAST), grant(NORTH, role="independent"), grant(EAST)]
    assert measures(*given)["accuracy"] == "accredited"


@pytest.mark.parametrize(
    "second",
    [
        grant(MALLORY),
        grant(COAST, role="independent"),
        grant(NORTH, stands=False),
        grant(NORTH, last_day=DAY - datetime.timedelta(days=1)),
        grant(NORTH, first_day=DAY + datetime.timedelta(days=1)),
        grant(NORTH, key=key_of(MALLORY).public.spki_sha256),
        grant(NORTH, measures=("skill",)),
        grant(NORTH, measures=("accurac",)),
    ],
    ids=[
        "of nobody's peer",
        "of the same peer again",
        "that was withdrawn",
        "that has ended",
        "that has not begun",
        "for another key",
        "for another measure",
        "for a name that only begins alike",
    ],
)
def test_one_peer_is_not_enough_with_a_scope(second: Grant) -> None:
    assert measures(grant(COAST), second) == {}


def test_nobody_vouches_for_a_subject_that_is_a_peer_itself_but_the_others() -> None:
    others = [grant(NORTH, subject=COAST), grant(EAST, subject=COAST)]
    assert measures(*others) != {}
    with pytest.raises(ValueError, match="nobody grants scope to themselves"):
        grant(COAST, subject=COAST)


def test_whoever_was_vouched_for_and_is_no_more_has_lapsed() -> None:
    both = [grant(COAST), grant(NORTH, last_day=DAY)]
    assert lapsed(both, PEERS, DAY) == frozenset()
    assert lapsed(both, PEERS, DAY + datetime.timedelta(days=1)) == {LAB}


def test_whoever_was_never_vouched_for_by_enough_is_unknown() -> None:
    given = [grant(COAST, last_day=DAY), grant(MALLORY, last_day=DAY)]
    assert lapsed(given, PEERS, DAY.replace(year=2028)) == frozenset()
