"""A log only grows, whatever happens to the process, the disk or the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import pytest

from comity.attest.merkle import EMPTY_ROOT, hash_tree, leaf_hash
from comity.errors import ComityError, InputError, RecordError
from comity.record.entry import decode_entry
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, Log, create_log, last_path
from comity.record.store import MemoryStore
from comity.record.tiles import blob_path, entries_path, tile_path
from tests.record.example_log import ORIGIN, SIGNER, digest, entry, leaves, log_of

BLOB = b"a signed file"
BLOB_DIGEST = hashlib.sha256(BLOB).hexdigest()


def test_an_empty_log_has_a_signed_checkpoint() -> None:
    log = create_log(MemoryStore(), SIGNER)
    checkpoint, note = log.checkpoint()
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 0, EMPTY_ROOT)
    assert note.startswith(f"{ORIGIN}\n0\n".encode())
    assert list(log.entries()) == []
    assert log.check() == checkpoint


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([1] * 5, id="one at a time"),
        pytest.param([255, 1, 1, 254, 1, 1], id="around a full tile"),
        pytest.param([256, 256], id="full tiles"),
        pytest.param([1, 700, 3], id="over several tiles at once"),
        pytest.param([65_535, 1, 1, 600], id="around a full tile of the second level"),
    ],
)
def test_however_it_grew_the_log_is_the_same(batches: list[int]) -> None:
    store, size = MemoryStore(), 0
    log = create_log(store, SIGNER)
    for batch in batches:
        log.append(leaves(size, size + batch), {}, SIGNER)
        size += batch
    at_once = MemoryStore()
    log_of(size, at_once)
    needed = at_once.contents
    assert {path: store.contents[path] for path in needed} == needed, "and signatures, too"
    assert log.check().root == hash_tree(map(leaf_hash, leaves(0, size))).root
    assert list(log.entries()) == leaves(0, size)
    assert list(log.entries(size - 3, size - 1)) == leaves(size - 3, size - 1)


def test_partial_tiles_go_when_the_full_one_stands() -> None:
    store = MemoryStore()
    log = create_log(store, SIGNER)
    for number in range(256):
        log.append(leaves(number, number + 1), {}, SIGNER)
    assert sorted(store.contents) == [
        CHECKPOINT, "tile/0/000", "tile/1/000.p/1", "tile/entries/000",
    ]  # fmt: skip


def test_nothing_to_append_changes_nothing() -> None:
    store = MemoryStore()
    log = log_of(3, store)
    before = dict(store.contents)
    assert log.append([], {}, SIGNER).size == 3
    assert store.contents == before


def test_a_signed_file_lies_beside_under_its_digest() -> None:
    store = MemoryStore()
    log = create_log(store, SIGNER)
    log.append([entry(0)], {BLOB_DIGEST: BLOB}, SIGNER)
    assert store.contents[blob_path(BLOB_DIGEST)] == BLOB
    assert [decode_entry(data) for data in log.entries()] == [entry(0)]


def test_a_damaged_blob_is_mended_when_it_is_appended_again() -> None:
    store = MemoryStore({blob_path(BLOB_DIGEST): b"half of"})
    create_log(store, SIGNER).append([entry(0)], {BLOB_DIGEST: BLOB}, SIGNER)
    assert store.contents[blob_path(BLOB_DIGEST)] == BLOB


def test_statements_are_found_by_identity_and_not_where_they_are_only_referred_to() -> None:
    log = create_log(MemoryStore(), SIGNER)
    log.append([entry(number) for number in range(300)], {}, SIGNER)
    log.append([entry(300, refs=(digest(5),)), entry(5)], {}, SIGNER)
    found = log.find([digest(5), digest(299), digest(777)])
    assert {payload: [number for number, _ in many] for payload, many in found.items()} == {
        digest(5): [5, 301], digest(299): [299],
    }  # fmt: skip


@pytest.mark.parametrize("span", [(-1, 2), (2, 1), (0, 4)])
def test_entries_that_are_not_there_are_not_read(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="has 3 entries"):
        list(log_of(3).entries(*span))


# who may append


def test_a_log_never_begins_again() -> None:
    store, private = MemoryStore(), MemoryStore()
    log_of(3, store, private)
    before = dict(store.contents)
    with pytest.raises(InputError, match="never begins again"):
        create_log(store, SIGNER, private)
    with pytest.raises(InputError, match="never begins again"):
        create_log(MemoryStore(), SIGNER, private)  # the folder was lost; the promise was not
    assert store.contents == before


@pytest.mark.parametrize(
    "name", [pytest.param(ORIGIN, id="another key"), pytest.param("other.test", id="another log's")]
)
def test_a_wrong_key_appends_nothing(name: str) -> None:
    store = MemoryStore()
    log = log_of(3, store)
    before = dict(store.contents)
    with pytest.raises(InputError, match="not the key of the log example-coast"):
        log.append(leaves(3, 4), {}, new_note_signer(name, "log"))
    assert store.contents == before


def test_a_checkpoint_of_another_key_is_not_read_as_this_log() -> None:
    store = MemoryStore()
    log_of(3, store)
    other = new_note_signer(ORIGIN, "log")
    with pytest.raises(RecordError):
        Log(store, (other.key,)).checkpoint()


def test_after_a_change_of_keys_the_new_one_goes_on() -> None:
    store = MemoryStore()
    log_of(3, store)
    new = new_note_signer(ORIGIN, "log")
    log = Log(store, (new.key, SIGNER.key))
    assert log.append(leaves(3, 4), {}, new).size == 4
    assert Log(store, (new.key,)).check().size == 4


def test_while_the_key_changes_both_keys_hold_and_then_the_new_one_alone() -> None:
    store, private = MemoryStore(), MemoryStore()
    log = log_of(3, store, private)
    new = new_note_signer(ORIGIN, "log")
    with log.writing(SIGNER) as writer:
        writer.change_key(new)
    renewed = Log(store, (new.key,), private)
    assert log.check() == renewed.check()
    assert renewed.append(leaves(3, 4), {}, new).size == 4
    assert renewed.check().size == 4
    with pytest.raises(RecordError):
        log.check()
    with pytest.raises(InputError, match="not the key of the log"):
        renewed.append(leaves(4, 5), {}, SIGNER)


def test_a_log_does_not_change_to_the_key_of_another() -> None:
    store = MemoryStore()
    log = log_of(3, store)
    before = dict(store.contents)
    with log.writing(SIGNER) as writer, pytest.raises(InputError, match=r"of other\.test, not of"):
        writer.change_key(new_note_signer("other.test", "log"))
    assert store.contents == before


def test_two_do_not_append_at_the_same_time() -> None:
    log = log_of(3)
    with (
        log.writing(SIGNER),
        pytest.raises(InputError, match="another process"),
        log.writing(SIGNER),
    ):
        pass
    assert log.append(leaves(3, 4), {}, SIGNER).size == 4


# what does not fit


def test_an_entry_of_65536_bytes_is_refused_and_one_of_65535_is_not() -> None:
    store = MemoryStore()
    log = log_of(3, store)
    before = dict(store.contents)
    with pytest.raises(InputError, match=r"65,536 bytes does not fit into a log.*65,535"):
        log.append([b"x", b"x" * 65_536], {}, SIGNER)
    assert store.contents == before
    assert log.append([b"x" * 65_535] * 256, {}, SIGNER).size == 259
    assert log.check().size == 259


def test_a_statement_that_refers_to_a_thousand_others_is_refused_in_words() -> None:
    refs = tuple(map(digest, range(1_000)))
    with pytest.raises(InputError, match="refers to 1,000 others"):
        log_of(0).append([entry(0, refs)], {}, SIGNER)


def test_a_file_that_is_not_what_its_digest_says_is_refused() -> None:
    store = MemoryStore()
    with pytest.raises(InputError, match="not what its digest says"):
        create_log(store, SIGNER).append([entry(0)], {BLOB_DIGEST: BLOB + b"!"}, SIGNER)
    assert list(store.contents) == [CHECKPOINT]


# what was altered

DAMAGE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a flipped byte in an unfinished tile": ("tile/0/001.p/44", lambda data: b"\x00" + data[1:]),
    "a flipped byte in a full tile's root": ("tile/1/000.p/1", lambda data: b"\x00" + data[1:]),
    "a truncated tile": ("tile/0/001.p/44", lambda data: data[:-1]),
    "an empty tile": ("tile/0/001.p/44", lambda data: b""),
    "a flipped byte in an unfinished bundle of entries": (
        "tile/entries/001.p/44", lambda data: data[:-1] + b"\x00",
    ),
    "a truncated bundle of entries": ("tile/entries/001.p/44", lambda data: data[:-1]),
    "a flipped byte in the checkpoint": (
        CHECKPOINT, lambda data: data.replace(b"\n300\n", b"\n301\n"),
    ),
    "a checkpoint without its signature": (CHECKPOINT, lambda data: data.partition(b"\n\n")[0]),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_a_log_does_not_go_on_from_what_was_altered(name: str) -> None:
    path, damage = DAMAGE[name]
    store = MemoryStore()
    log = log_of(300, store)
    store.contents[path] = damage(store.contents[path])
    before = dict(store.contents)
    with pytest.raises(ComityError):
        log.append(leaves(300, 301), {}, SIGNER)
    assert store.contents == before, "nothing was written"
    with pytest.raises(ComityError):
        log.check()


def test_every_single_lost_file_is_noticed() -> None:
    whole = MemoryStore()
    log_of(300, whole)
    for path in whole.contents:
        store = MemoryStore({one: whole.contents[one] for one in whole.contents if one != path})
        with pytest.raises(ComityError):
            Log(store, (SIGNER.key,)).check()


def test_an_altered_full_bundle_is_noticed_by_whoever_reads_it() -> None:
    store = MemoryStore()
    log = log_of(300, store)
    data = store.contents[entries_path(0)]
    store.contents[entries_path(0)] = data.replace(b"leaf 7", b"leaf 8", 1)
    with pytest.raises(RecordError, match="not those that the log's hashes are of"):
        list(log.entries(7, 8))


# one story


def test_a_folder_restored_from_an_old_copy_is_not_continued() -> None:
    store, private = MemoryStore(), MemoryStore()
    log = log_of(3, store, private)
    old = dict(store.contents)
    log.append(leaves(3, 5), {}, SIGNER)
    store.contents = dict(old)
    with pytest.raises(RecordError, match="5 entries were promised, and 3 others are here") as said:
        log.append(leaves(100, 105), {}, SIGNER)
    assert "two\n  stories" in said.value.hint
    assert store.contents == old


def test_a_folder_that_continued_elsewhere_by_other_entries_is_not_continued() -> None:
    store, private = MemoryStore(), MemoryStore()
    log_of(3, store, private)
    copy = MemoryStore(store.contents)
    Log(copy, (SIGNER.key,)).append(leaves(50, 53), {}, SIGNER)
    Log(store, (SIGNER.key,), private).append(leaves(3, 5), {}, SIGNER)
    with pytest.raises(RecordError, match="5 entries were promised, and 6 others are here"):
        Log(copy, (SIGNER.key,), private).append(leaves(6, 7), {}, SIGNER)


def test_a_folder_that_continued_elsewhere_by_the_same_entries_is() -> None:
    store, private = MemoryStore(), MemoryStore()
    log = log_of(3, store, private)
    Log(store, (SIGNER.key,)).append(leaves(3, 6), {}, SIGNER)
    assert log.append(leaves(6, 7), {}, SIGNER).size == 7
    assert list(log.entries()) == leaves(0, 7)


class StoppedError(Exception):
    """The machine stopped here."""


class Machine:
    """Counts what is written and stops dead after so many files."""

    def __init__(self, files: int) -> None:
        self.left = files


class StoppingStore(MemoryStore):
    """A store on a machine that stops between any two files."""

    def __init__(self, contents: Mapping[str, bytes], machine: Machine) -> None:
        super().__init__(contents)
        self._machine = machine

    def write(self, path: str, data: bytes) -> None:
        if not self._machine.left:
            raise StoppedError
        self._machine.left -= 1
        super().write(path, data)


@pytest.mark.parametrize("old", [0, 3, 255, 300])
@pytest.mark.parametrize("more", [1, 2, 257])
def test_wherever_it_stops_the_folder_verifies_and_the_next_append_works(
    old: int, more: int
) -> None:
    published, private = MemoryStore(), MemoryStore()
    log_of(old, published, private)
    steps, done = 0, False
    while not done:
        machine = Machine(steps)
        store = StoppingStore(published.contents, machine)
        keys = StoppingStore(private.contents, machine)
        log = Log(store, (SIGNER.key,), keys)
        try:
            log.append(leaves(old, old + more), {BLOB_DIGEST: BLOB}, SIGNER)
            done = True
        except StoppedError:
            assert log.check().size == old, "the old checkpoint stands until the new one does"
        promised = b"\n%d\n" % (old + more) in keys.contents[last_path(ORIGIN)]
        machine.left = 10_000
        other = [b"another, after the stop"]
        again = Log(MemoryStore(store.contents), (SIGNER.key,), MemoryStore(keys.contents))
        again.append(other, {}, SIGNER)
        kept = leaves(0, old + more) if promised else leaves(0, old)
        assert list(again.entries()) == kept + other, "a promise is kept, all else never was"
        assert again.check().size == len(kept) + 1
        steps += 1
    assert steps > 4


def test_tile_paths_that_the_cases_above_name_exist() -> None:
    store = MemoryStore()
    log_of(300, store)
    assert {path for path, _ in DAMAGE.values()} | {tile_path(0, 0)} <= set(store.contents)
