"""What may be said in a log about statements and authorities, and what may not."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest

from comity.claims.record import ScopeGrant, StatusList, Suspension, Withdrawal

DAY = datetime.date(2026, 11, 21)
DIGEST = "ab" * 32


def suspension(**changed: Any) -> Suspension:
    fields: dict[str, Any] = {
        "author": "coast.example",
        "statement": None,
        "issuer": "lab.example",
        "degree": "suspended",
        "first_day": str(DAY),
        "last_day": str(DAY + datetime.timedelta(days=41)),
        "reason": "a complaint",
    }
    return msgspec.convert(fields | changed, Suspension)


def scope(**changed: Any) -> ScopeGrant:
    fields: dict[str, Any] = {
        "author": "coast.example",
        "subject": "lab.example",
        "key": DIGEST,
        "role": "accredited",
        "measures": ["fairness"],
        "first_day": "2026-01-01",
        "last_day": "2030-12-31",
    }
    return msgspec.convert(fields | changed, ScopeGrant)


def test_six_weeks_is_the_longest_suspension() -> None:
    assert suspension().days == 42
    assert suspension(last_day=str(DAY)).days == 1


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"last_day": str(DAY + datetime.timedelta(days=42))}, "1 to 42 days"),
        ({"last_day": str(DAY - datetime.timedelta(days=1))}, "1 to 42 days"),
        ({"statement": DIGEST}, "of one statement or of one issuer"),
        ({"issuer": None}, "of one statement or of one issuer"),
        (
            {"issuer": None, "statement": DIGEST, "degree": "issuer_under_review"},
            "only an issuer can be under review",
        ),
        ({"reason": ""}, "length >= 1"),
        ({"degree": "expired"}, "Invalid enum value"),
    ],
    ids=[
        "one day too long",
        "ended before it began",
        "of a statement and an issuer",
        "of nothing",
        "a statement under review",
        "without a reason",
        "another state",
    ],
)
def test_no_suspension(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        suspension(**changed)


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"author": "lab.example"}, "nobody grants scope to themselves"),
        ({"measures": []}, "at least one measure"),
        ({"measures": ["fairness", "fairness"]}, "each once"),
        ({"last_day": "2031-01-05"}, "one day to five years"),
        ({"last_day": "2025-12-31"}, "one day to five years"),
    ],
    ids=["to oneself", "for nothing", "twice the same", "for too long", "for no day"],
)
def test_no_scope(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        scope(**changed)
    assert scope().measures == ("fairness",)


@pytest.mark.parametrize("reason", ["", "x" * 2001], ids=["none", "a novel"])
def test_a_withdrawal_has_a_reason_of_reasonable_length(reason: str) -> None:
    fields = {"author": "lab.example", "statement": DIGEST, "reason": reason}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, Withdrawal)


@pytest.mark.parametrize(
    "names", [[], ["b", "a"], ["a", "a"]], ids=["no log", "out of order", "one log twice"]
)
def test_a_status_list_names_each_log_once_in_order(names: list[str]) -> None:
    logs = [{"head": {"origin": one, "size": 1, "root": DIGEST}, "note": ""} for one in names]
    fields = {
        "author": "coast.example",
        "made": "2026-11-21T08:00:00Z",
        "day": "2026-11-21",
        "logs": logs,
        "statements": {},
        "issuers": {},
    }
    with pytest.raises(msgspec.ValidationError, match="each log once"):
        msgspec.convert(fields, StatusList)
