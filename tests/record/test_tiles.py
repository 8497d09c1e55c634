"""Tiles stand where C2SP tlog-tiles says, and what is no tile is not read as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.merkle import leaf_hash
from comity.errors import InputError, RecordError
from comity.record.store import MemoryStore
from comity.record.tiles import (
    MAX_ENTRY_BYTES,
    blob_path,
    encode_entries,
    entries_path,
    read_checked_entries,
    read_entries,
    read_hashes,
    tile_path,
    width_of,
)

HASHES = [leaf_hash(b"%d" % number) for number in range(256)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(tile_path(0, 0), "tile/0/000", id="the first"),
        pytest.param(tile_path(0, 999), "tile/0/999", id="three digits"),
        pytest.param(tile_path(1, 1000), "tile/1/x001/000", id="four digits"),
        pytest.param(tile_path(2, 1234067), "tile/2/x001/x234/067", id="the specification's"),
        pytest.param(tile_path(0, 273, 112), "tile/0/273.p/112", id="a partial one"),
        pytest.param(entries_path(5), "tile/entries/005", id="entries"),
        pytest.param(entries_path(1234067, 8), "tile/entries/x001/x234/067.p/8", id="partial"),
        pytest.param(blob_path("ab" * 32), f"blob/sha256/ab/{'ab' * 32}", id="a signed file"),
    ],
)
def test_paths_are_those_of_the_specification(path: str, expected: str) -> None:
    assert path == expected


@pytest.mark.parametrize(
    ("level", "index", "size", "width"),
    [
        pytest.param(0, 272, 70_000, 256, id="70,000 leaves: 273 full tiles"),
        pytest.param(0, 273, 70_000, 112, id="one of 112"),
        pytest.param(0, 274, 70_000, 0, id="and no further one"),
        pytest.param(1, 0, 70_000, 256, id="above, one full"),
        pytest.param(1, 1, 70_000, 17, id="and one of 17"),
        pytest.param(2, 0, 70_000, 1, id="and on top one of 1"),
        pytest.param(0, 0, 256, 256, id="256 leaves: one full tile"),
        pytest.param(1, 0, 256, 1, id="and one of 1 above"),
        pytest.param(1, 0, 255, 0, id="255 leaves: nothing above"),
        pytest.param(0, 0, 0, 0, id="an empty tree has no tiles"),
    ],
)
def test_widths_are_those_of_the_specification(
    level: int, index: int, size: int, width: int
) -> None:
    assert width_of(level, index, size) == width


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_entries_are_read_as_they_were_written(entries: list[bytes]) -> None:
    store = MemoryStore({entries_path(0, len(entries)): encode_entries(entries)})
    assert read_entries(store, 0, len(entries)) == entries


def test_the_largest_entry_has_65535_bytes() -> None:
    largest = b"x" * MAX_ENTRY_BYTES
    data = encode_entries([largest])
    assert data[:2] == b"\xff\xff"
    assert read_entries(MemoryStore({entries_path(0, 1): data}), 0, 1) == [largest]
    with pytest.raises(InputError, match="65,536 bytes does not fit"):
        encode_entries([largest + b"x"])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(encode_entries([b"one", b"two"])[:-1], id="the last byte is missing"),
        pytest.param(encode_entries([b"one", b"two"])[:6], id="half a length"),
        pytest.param(encode_entries([b"one"]), id="an entry is missing"),
        pytest.param(encode_entries([b"one", b"two", b""]), id="an entry too many"),
        pytest.param(encode_entries([b"one", b"two"]) + b"\0", id="a byte too many"),
    ],
)
def test_a_bundle_that_does_not_hold_two_entries_is_refused(data: bytes) -> None:
    with pytest.raises(RecordError, match="does not hold 2 entries") as caught:
        read_entries(MemoryStore({entries_path(0, 2): data}), 0, 2)
    assert caught.value.where == "tile/entries/000.p/2"


@pytest.mark.parametrize("length", [0, 96, 127, 129])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    data = b"".join(HASHES)[:length]
    with pytest.raises(RecordError, match=f"{length} bytes where 4 hashes have 128") as caught:
        read_hashes(MemoryStore({"tile/0/000.p/4": data}), 0, 0, 4)
    assert caught.value.where == "tile/0/000.p/4"


def test_a_tile_far_too_long_is_not_even_read() -> None:
    with pytest.raises(InputError, match="larger than the 129 bytes allowed"):
        read_hashes(MemoryStore({"tile/0/000.p/4": bytes(10_000)}), 0, 0, 4)


def test_where_the_partial_tile_is_gone_the_full_one_serves() -> None:
    full = MemoryStore({"tile/0/000": b"".join(HASHES)})
    assert read_hashes(full, 0, 0, 3) == HASHES[:3]
    entries = MemoryStore({"tile/entries/000": encode_entries([b"x"] * 256)})
    assert read_entries(entries, 0, 3) == [b"x"] * 3


def test_a_lost_tile_and_lost_entries_are_named() -> None:
    with pytest.raises(RecordError, match="lacks this tile"):
        read_hashes(MemoryStore(), 0, 0, 3)
    with pytest.raises(RecordError, match="lacks these entries") as caught:
        read_entries(MemoryStore(), 0, 3)
    assert caught.value.where == "tile/entries/000.p/3"


def test_entries_of_another_tile_are_refused() -> None:
    good = {"tile/entries/000.p/1": encode_entries([b"0"]), "tile/0/000.p/1": HASHES[0]}
    assert read_checked_entries(MemoryStore(good), 0, 1) == [b"0"]
    wrong = good | {"tile/0/000.p/1": HASHES[1]}
    with pytest.raises(RecordError, match="not those that the log's hashes are of"):
        read_checked_entries(MemoryStore(wrong), 0, 1)
