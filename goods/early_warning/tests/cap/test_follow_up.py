"""Update and Cancel refer to what they change."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from comity.errors import InputError
from early_warning import cap
from goods.early_warning.tests.cap.examples import SENT, alert

HOUR = timedelta(hours=1)


def test_an_update_refers_to_the_alert() -> None:
    first = alert()
    second = cap.update(first, identifier="b", sent=SENT + HOUR, infos=first.infos)
    assert second.references == (
        "warnings@coast.example,2.49.0.0.999.0.20261122030000.0,2026-11-22T06:00:00+03:00"
    )
    assert (second.msg_type, second.status, second.scope) == ("Update", "Test", "Public")
    assert cap.judge(cap.write_alert(second)).findings[1:] == ()


def test_a_cancel_of_an_update_refers_to_both() -> None:
    first = alert()
    second = cap.update(first, identifier="b", sent=SENT + HOUR, infos=first.infos)
    third = cap.cancel(second, identifier="c", sent=SENT + 2 * HOUR, infos=first.infos)
    names = [one.identifier for one in cap.references_of(third) if isinstance(one, cap.Reference)]
    assert names == [first.identifier, "b"]
    assert cap.judge(cap.write_alert(third)).valid


def test_a_cancel_is_the_end() -> None:
    first = alert()
    ended = cap.cancel(first, identifier="b", sent=SENT + HOUR, infos=first.infos)
    with pytest.raises(InputError, match="of type Cancel; only an Alert or an Update"):
        cap.update(ended, identifier="c", sent=SENT + 2 * HOUR, infos=first.infos)


@pytest.mark.parametrize("later", [timedelta(0), -HOUR])
def test_it_is_sent_later_than_what_it_changes(later: timedelta) -> None:
    with pytest.raises(InputError, match="not after the message that it changes"):
        cap.update(alert(), identifier="b", sent=SENT + later, infos=())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="needs a time zone"):
        cap.update(alert(), identifier="b", sent=SENT.replace(tzinfo=None), infos=())


def test_it_has_a_name_of_its_own() -> None:
    first = alert()
    second = cap.update(first, identifier="b", sent=SENT + HOUR, infos=first.infos)
    for taken in (first.identifier, "b"):
        with pytest.raises(InputError, match="names an earlier message"):
            cap.cancel(second, identifier=taken, sent=SENT + 2 * HOUR, infos=())


def test_what_is_over_is_not_changed() -> None:
    with pytest.raises(InputError, match="is over already"):
        cap.cancel(alert(), identifier="b", sent=SENT + 30 * HOUR, infos=())


def test_what_has_no_block_has_no_end_either() -> None:
    bare = msgspec.structs.replace(alert(), scope="Restricted", restriction="staff", infos=())
    assert cap.cancel(bare, identifier="b", sent=SENT + HOUR, infos=()).msg_type == "Cancel"


def test_an_exercise_stays_named_until_its_end() -> None:
    first = msgspec.structs.replace(alert(), status="Exercise", note="Exercise Red Wind")
    ended = cap.cancel(first, identifier="b", sent=SENT + HOUR, infos=first.infos)
    assert ended.note == "Exercise Red Wind"


def test_what_has_no_end_is_never_over() -> None:
    first = alert()
    endless = msgspec.structs.replace(first.infos[0], expires=None)
    first = msgspec.structs.replace(first, infos=(endless,))
    assert cap.cancel(first, identifier="b", sent=SENT + 900 * HOUR, infos=()).infos == ()
