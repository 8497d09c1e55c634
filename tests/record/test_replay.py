"""Reading a log for replay: what is checked again, and what an entry must be to count."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import msgspec
import pytest

from comity.attest import Authority, Quorum, Trust, Verified
from comity.claims.values import timestamp
from comity.cli.types import TYPES
from comity.errors import InputError, RecordError
from comity.record.cosigned import COSIGNED
from comity.record.entry import Entry, entry_of
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, create_log
from comity.record.note import add_signature, cosign_note, split_note
from comity.record.replay import read_prefix
from comity.record.standing import LogPrefix, replay
from comity.record.store import MemoryStore
from comity.record.tiles import blob_path
from tests.record.authorities import (
    COAST,
    DAY,
    EAST,
    LAB,
    MALLORY,
    NOON,
    NORTH,
    PEERS,
    bundle,
    measured,
    trust,
    withdrawal,
)

LOG_KEY = new_note_signer(f"{LAB}/log", "log")
WITNESSES = {origin: new_note_signer(origin, "witness") for origin in (LAB, COAST, NORTH, EAST)}
HOUR = datetime.timedelta(hours=1)


def trusted(quorum: int = 1, **ends: datetime.date) -> Trust:
    """Everybody, with the laboratory's log and four witnesses; `ends` ends a key by its owner."""
    authorities = []
    for authority in trust().authorities:
        end = ends.get(authority.origin.split(".")[0])
        keys = tuple(msgspec.structs.replace(key, valid_until=end) for key in authority.keys)
        witness = WITNESSES.get(authority.origin)
        authorities.append(
            Authority(
                origin=authority.origin,
                name=authority.name,
                keys=keys,
                log=LOG_KEY.key.vkey if authority.origin == LAB else None,
                witness=witness.key.vkey if witness else None,
            )
        )
    return Trust(authorities=tuple(authorities), peers=PEERS, quorum=Quorum(witnesses=quorum))


class Book:
    """The laboratory's log in memory."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.log = create_log(self.store, LOG_KEY)

    def add(self, *statements: Verified, **changed: Any) -> Book:
        for statement in statements:
            data = bundle(statement.predicate, statement.authority.origin)
            entry = entry_of(statement, data)
            entry = msgspec.structs.replace(
                entry, bundle=hashlib.sha256(data).hexdigest(), **changed
            )
            self.put(entry, data)
        return self

    def put(self, entry: Entry | bytes, data: bytes = b"x") -> Book:
        digest = hashlib.sha256(data).hexdigest()
        self.log.append([entry], {digest: data}, LOG_KEY)
        return self

    def seen(self, *witnesses: str, at: datetime.datetime = NOON - HOUR) -> Book:
        note = self.store.read(CHECKPOINT, 10_000) or b""
        for origin in witnesses:
            line = cosign_note(split_note(note)[0], WITNESSES[origin], at)
            note = add_signature(note, line)
        self.store.write(COSIGNED, note)
        return self

    def read(self, quorum: int = 1, **more: Any) -> LogPrefix:
        ends = {name: more.pop(name) for name in list(more) if name in ("lab", "coast")}
        return read_prefix(self.store, trusted(quorum, **ends), TYPES, NOON, **more)

    def states(self, quorum: int = 1, **more: Any) -> dict[str, str]:
        prefix = self.read(quorum, **more)
        return dict(replay([prefix], day=DAY, peers=PEERS).standing.statements)


FIRST, SECOND = measured(), measured(seed="2")
TAKEN_BACK = withdrawal(FIRST)


def why(prefix: LogPrefix) -> list[str]:
    return [entry.why for entry in prefix.entries if entry.verified is None]


# how far, and by whom it was seen


def test_a_log_that_witnesses_saw_tells_when_and_how_many() -> None:
    prefix = Book().add(FIRST).seen(COAST, NORTH).read(quorum=2)
    assert (prefix.owner, prefix.head.size, prefix.witnesses) == (LAB, 1, 2)
    assert prefix.checked_at == timestamp(NOON - HOUR)
    assert prefix.first == NOON - HOUR


@pytest.mark.parametrize(
    "witnesses, quorum, counted",
    [((), 1, 0), ((COAST,), 2, 1), ((LAB,), 1, 0), ((LAB, COAST), 2, 1)],
    ids=["nobody", "one of two", "its keeper alone", "its keeper and one other"],
)
def test_too_few_witnesses_leave_the_time_unknown(
    witnesses: tuple[str, ...], quorum: int, counted: int
) -> None:
    prefix = Book().add(FIRST).seen(*witnesses).read(quorum)
    assert (prefix.witnesses, prefix.checked_at, prefix.first) == (counted, None, None)


def test_a_witness_from_the_future_does_not_count() -> None:
    prefix = Book().add(FIRST).seen(COAST, at=NOON + HOUR).read()
    assert prefix.checked_at is None


def test_the_last_of_three_witnesses_cannot_make_an_old_log_look_fresh() -> None:
    book = Book().add(FIRST).seen(COAST, NORTH, at=NOON - 100 * HOUR)
    note = book.store.read(COSIGNED, 10_000) or b""
    line = cosign_note(split_note(note)[0], WITNESSES[EAST], NOON)
    book.store.write(COSIGNED, add_signature(note, line))
    assert book.read(quorum=2).checked_at == timestamp(NOON - 100 * HOUR)
    assert book.read(quorum=1).checked_at == timestamp(NOON)


def test_what_other_followers_saw_adds_up() -> None:
    book = Book().add(FIRST).seen(COAST)
    other = Book.__new__(Book)
    other.store = MemoryStore(book.store.contents)
    note = other.seen(NORTH).store.read(COSIGNED, 10_000)
    assert book.read(quorum=2).checked_at is None
    assert book.read(quorum=2, others=[note]).checked_at == timestamp(NOON - HOUR)


# what stands beyond the size that witnesses have seen


def test_beyond_what_witnesses_saw_nothing_counts_for_anybody() -> None:
    book = Book().add(FIRST).seen(COAST).add(SECOND)
    assert book.read().head.size == 1
    assert book.states() == {FIRST.id: "live"}


def test_beyond_what_witnesses_saw_a_withdrawal_counts_already() -> None:
    book = Book().add(FIRST).seen(COAST).add(TAKEN_BACK)
    assert book.states() == {FIRST.id: "withdrawn"}


def test_a_log_that_nobody_saw_is_read_to_its_end() -> None:
    assert Book().add(FIRST, SECOND).states() == {FIRST.id: "live", SECOND.id: "live"}


def test_read_to_a_size_it_gives_what_stood_there() -> None:
    book = Book().add(FIRST)
    earlier = book.read().head
    book.add(TAKEN_BACK).seen(COAST)
    assert book.states(size=1) == {FIRST.id: "live"}
    assert book.read(size=1).head == earlier
    with pytest.raises(InputError, match="the log has 2 entries, not 3"):
        book.read(size=3)


def test_only_what_is_wanted_is_verified_but_withdrawals_always() -> None:
    book = Book().add(FIRST, SECOND, TAKEN_BACK)
    assert [one.number for one in book.read(wanted={SECOND.id}).entries] == [1, 2]


# when a key must count


def test_a_key_that_has_ended_since_counts_for_what_witnesses_saw_before() -> None:
    ended = DAY - datetime.timedelta(days=1)
    book = Book().add(FIRST).seen(COAST, at=NOON - 48 * HOUR)
    assert book.states(lab=ended) == {FIRST.id: "live"}


def test_a_key_that_ended_before_witnesses_saw_the_entry_does_not_count() -> None:
    ended = DAY - datetime.timedelta(days=1)
    for book in (Book().add(FIRST), Book().add(FIRST).seen(COAST)):
        assert book.states(lab=ended) == {}
        assert why(book.read(lab=ended))[0].startswith("rule 3: the key of lab.example counts")


def test_an_author_is_no_witness_of_the_age_of_their_own_statement() -> None:
    ended = DAY - datetime.timedelta(days=1)
    stranger = withdrawal(FIRST, by=COAST)
    book = Book().add(stranger).seen(COAST, at=NOON - 48 * HOUR)
    assert why(book.read(coast=ended))[0].startswith("rule 3: the key of coast.example counts")
    book.seen(COAST, NORTH, at=NOON - 48 * HOUR)
    assert why(book.read(coast=ended)) == []


# entries that do not hold


def test_an_entry_that_calls_a_withdrawal_something_else_changes_nothing() -> None:
    book = Book().add(FIRST).add(TAKEN_BACK, kind="assessment")
    assert book.states() == {FIRST.id: "live"}
    assert why(book.read()) == ["the entry says something else than the signed file"]


@pytest.mark.parametrize("field", ["payload", "key"])
def test_an_entry_that_names_another_statement_or_key_changes_nothing(field: str) -> None:
    book = Book().add(FIRST).add(TAKEN_BACK, **{field: "ab" * 32})
    assert book.states() == {FIRST.id: "live"}
    assert why(book.read()) == ["the entry says something else than the signed file"]


def test_a_signed_file_that_is_lost_or_replaced_changes_nothing() -> None:
    book = Book().add(FIRST).add(TAKEN_BACK)
    digest = hashlib.sha256(bundle(TAKEN_BACK.predicate, LAB)).hexdigest()
    paths = [path for path in book.store.contents if path.startswith("blob/")]
    for path in paths:
        book.store.contents[path] = b"something else"
    assert why(book.read()) == ["the signed file is not the one that the entry names"] * 2
    for path in paths:
        del book.store.contents[path]
    assert why(book.read()) == ["the log lacks the signed file"] * 2
    assert blob_path(digest) != paths[0]  # every signature is a new one


@pytest.mark.parametrize("leaf", [b"", b"{}", b"\xff", b"[" * 60_000])
def test_an_entry_that_is_none_changes_nothing(leaf: bytes) -> None:
    prefix = Book().add(FIRST).put(leaf).read()
    assert len(prefix.entries) == 2
    assert "not an entry that Comity knows" in why(prefix)[0]


def test_a_statement_of_somebody_whom_the_reader_does_not_trust_changes_nothing() -> None:
    strangers = Trust(
        authorities=tuple(one for one in trusted().authorities if one.origin != MALLORY)
    )
    book = Book().add(FIRST, withdrawal(FIRST, by=MALLORY))
    prefix = read_prefix(book.store, strangers, TYPES, NOON)
    assert "you trust nobody with the key" in why(prefix)[0]


# logs that do not hold


def test_a_log_that_the_trust_file_does_not_name_is_nobodys() -> None:
    with pytest.raises(RecordError, match="in no entry of your trust file"):
        read_prefix(Book().store, trust(), TYPES, NOON)


def test_an_altered_entry_is_found() -> None:
    book = Book().add(FIRST)
    path = "tile/entries/000.p/1"
    book.store.contents[path] = book.store.contents[path].replace(b"assess", b"assezz")
    with pytest.raises(RecordError, match="the entries are not those of the checkpoint"):
        book.read()


def test_a_checkpoint_of_another_story_is_found() -> None:
    book, other = Book().add(FIRST), Book().add(SECOND)
    note = other.seen(COAST).store.read(COSIGNED, 10_000)
    with pytest.raises(RecordError, match="the entries are not those of the checkpoint"):
        book.read(others=[note])


def test_no_log_is_a_sentence() -> None:
    with pytest.raises(InputError, match="no log is here"):
        read_prefix(MemoryStore(), trusted(), TYPES, NOON)
