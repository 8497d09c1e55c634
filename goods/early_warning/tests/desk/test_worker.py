"""The machine's rounds: which files are looked at when, and what an error does."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.country import ForecastSpec
from early_warning.desk.desk import Desk, open_desk
from early_warning.desk.worker import PATIENCE, Listing, Rounds, list_files, look_once, run_rounds
from goods.early_warning.tests.desk.world import Clock, approve, desk, keyed, offered, proposal
from goods.early_warning.tests.send.world import until


class Folder:
    """Files that a test lets arrive."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.looked: list[dict[str, int]] = []
        self.error: Exception | None = None

    def listed(self) -> Listing:
        return frozenset((name, size, 0) for name, size in self.files.items())

    def look(self) -> None:
        if self.error is not None:
            raise self.error
        self.looked.append(dict(self.files))


def rounds(opened: Desk, folder: Folder) -> Rounds:
    return Rounds(opened, listed=folder.listed, look=folder.look)


def test_a_new_file_is_read_once_it_stands_still(tmp_path: Path) -> None:
    folder = Folder()
    with desk(tmp_path) as opened:
        machine = rounds(opened, folder)
        assert machine.round()  # no file at all is told too
        folder.files["a.grib2"] = 100
        assert not machine.round()
        assert opened.look().troubles == (
            "Files are arriving (a.grib2); they are read once they stand still.",
        )
        folder.files["a.grib2"] = 200  # it still grows
        assert not machine.round()
        assert machine.round()
        assert folder.looked == [{}, {"a.grib2": 200}]
        assert opened.look().troubles == ()


def test_files_that_were_read_are_not_read_again(tmp_path: Path) -> None:
    folder = Folder()
    with desk(tmp_path) as opened:
        machine = rounds(opened, folder)
        folder.files["a.grib2"] = 100
        assert [machine.round() for _ in range(4)] == [False, True, False, False]


def test_a_file_that_was_taken_away_or_written_anew_is_a_change(tmp_path: Path) -> None:
    folder = Folder()
    with desk(tmp_path) as opened:
        machine = rounds(opened, folder)
        folder.files = {"a.grib2": 100, "b.grib2": 100}
        assert [machine.round() for _ in range(2)] == [False, True]
        del folder.files["a.grib2"]
        assert machine.round()  # nothing is arriving
        folder.files["b.grib2"] = 50
        assert [machine.round() for _ in range(2)] == [False, True]


def test_files_that_never_stand_still_are_read_in_the_end(tmp_path: Path) -> None:
    folder = Folder()
    with desk(tmp_path) as opened:
        machine = rounds(opened, folder)
        read = []
        for size in range(PATIENCE + 1):
            folder.files["log.grib2"] = size
            read.append(machine.round())
        assert read == [False] * PATIENCE + [True]


ERRORS: dict[str, tuple[Exception, str]] = {
    "a mistake": (InputError("the disk is full", hint="Make room."), "The disk is full. Make room"),
    "a defect": (ZeroDivisionError("x"), "A defect of this program, ZeroDivisionError, stops"),
}


@pytest.mark.parametrize(("error", "words"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_told_and_the_round_tried_again(
    tmp_path: Path, error: Exception, words: str
) -> None:
    folder = Folder()
    with desk(tmp_path) as opened:
        machine = rounds(opened, folder)
        folder.error = error
        assert not machine.round()
        assert words in opened.look().troubles[0]
        folder.error = None
        assert machine.round()
        assert opened.look().troubles == ()


def test_the_listing_is_of_the_files_that_the_pattern_names(tmp_path: Path) -> None:
    made = keyed(tmp_path, forecast=ForecastSpec(files="in/*.grib2", layout="ecmwf-2026"))
    assert list_files(made) == frozenset()  # not even the folder is there
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.grib2").write_bytes(b"abc")
    (tmp_path / "in" / "a.txt").write_bytes(b"abc")
    ((name, size, changed),) = list_files(made)
    assert (name, size) == ("a.grib2", 3)
    os.utime(tmp_path / "in" / "a.grib2", ns=(changed, changed + 1))
    assert list_files(made) == {("a.grib2", 3, changed + 1)}


def test_without_files_the_desk_says_that_there_is_no_data(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    with open_desk(made, now=Clock()) as opened:
        look_once(opened, made)
        found = opened.look().outlook
        assert found is not None and found.run is None and found.no_data
        assert opened.look().drafts == ()


def test_a_link_in_a_loop_or_a_strange_name_keeps_no_other_file_from_being_seen(
    tmp_path: Path,
) -> None:
    made = keyed(tmp_path)
    folder = tmp_path / "incoming"
    folder.mkdir()
    (folder / "loop.grib2").symlink_to("loop.grib2")
    (folder / "a.grib2").write_bytes(b"GRIB")
    (folder / os.fsdecode(b"caf\xe9.grib2")).write_bytes(b"GRIB")
    assert {name for name, _, _ in list_files(made)} == {"a.grib2", "caf\ufffd.grib2"}
    with open_desk(made, now=Clock()) as opened:
        look_once(opened, made)
        found = opened.look().outlook
        assert found is not None
        assert "caf\ufffd.grib2: its name is not UTF-8. Give it another one." in found.no_data


def test_rounds_look_and_send_until_they_are_stopped(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    stop = threading.Event()
    with open_desk(made, now=Clock()) as opened:
        machine = threading.Thread(
            target=run_rounds, args=(opened, made, stop), kwargs={"every": 0.01}
        )
        machine.start()
        try:
            assert until(lambda: opened.look().outlook is not None)
            offered(opened, proposal())
            identifier = approve(opened, 1, "aicha", "omar").identifier
            assert until(_delivered(opened, identifier))
        finally:
            stop.set()
            machine.join(timeout=20)
        assert not machine.is_alive()


def test_what_was_approved_last_is_still_sent_when_they_stop(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    stop = threading.Event()
    stop.set()
    with open_desk(made, now=Clock()) as opened:
        offered(opened, proposal())
        identifier = approve(opened, 1, "aicha", "omar").identifier
        run_rounds(opened, made, stop)
        assert _delivered(opened, identifier)()


def _delivered(opened: Desk, identifier: str) -> Callable[[], bool]:
    return lambda: {one.state for one in opened.find_issued(identifier).deliveries} == {"delivered"}
