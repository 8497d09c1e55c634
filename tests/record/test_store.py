"""A store keeps to plain paths, follows no link, and writes whole files or none."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.errors import InputError
from comity.record.keys import save_note_signer
from comity.record.log import Log
from comity.record.store import FolderStore, MemoryStore, Store
from tests.parts import ROOT
from tests.record.example_log import SIGNER, leaves, log_of

STORES: dict[str, Callable[[Path], Store]] = {
    "folder": lambda path: FolderStore(path / "log"),
    "memory": lambda _: MemoryStore(),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores keep to the same rules."""
    return STORES[request.param](tmp_path)


def test_what_was_written_is_read(store: Store) -> None:
    store.write_all({"tile/0/000.p/1": b"one", "checkpoint": b"two"})
    store.write("checkpoint", b"three")
    assert store.read("tile/0/000.p/1", 3) == b"one"
    assert store.read("checkpoint", 10) == b"three"
    assert store.read("tile/0/001", 3) is None
    assert store.read("nothing/of/this", 3) is None


def test_what_is_larger_than_allowed_is_not_read(store: Store) -> None:
    store.write("checkpoint", b"12345")
    with pytest.raises(InputError, match="larger than the 4 bytes allowed"):
        store.read("checkpoint", 4)


def test_what_is_removed_is_gone_and_what_is_absent_is_no_error(store: Store) -> None:
    store.write_all({"tile/0/000.p/1": b"one", "tile/0/000.p/2": b"two", "tile/0/000": b"all"})
    store.remove(["tile/0/000.p/1", "tile/0/000.p/2", "tile/0/000.p/3", "tile/7/000"])
    assert store.read("tile/0/000.p/1", 3) is None
    assert store.read("tile/0/000", 3) == b"all"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("../keys/lab.example.key", id="up"),
        pytest.param("tile/../../secret", id="up in the middle"),
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param(".git/config", id="hidden"),
        pytest.param("tile/.htaccess", id="hidden below"),
        pytest.param("", id="nothing"),
        pytest.param("tile//000", id="an empty part"),
        pytest.param("tile/", id="an empty part at the end"),
        pytest.param("tile\\000", id="a backslash"),
        pytest.param("tile/\x00", id="a zero byte"),
        pytest.param("tile/000\n", id="a line end"),
        pytest.param("TILE/000", id="upper case"),
        pytest.param("tile/é", id="beyond ASCII"),
        pytest.param("file:///etc/passwd", id="an address"),
        pytest.param("a/" * 200 + "a", id="too long"),
    ],
)
def test_a_path_that_is_not_plain_is_refused(store: Store, path: str) -> None:
    with pytest.raises(InputError, match="is no path within a log"):
        store.read(path, 10)
    with pytest.raises(InputError, match="is no path within a log"):
        store.write(path, b"")
    with pytest.raises(InputError, match="is no path within a log"):
        store.remove([path])


# a folder


def a_link_to_a_file(folder: Path, outside: Path) -> str:
    (folder / "checkpoint").symlink_to(outside / "secret")
    return "checkpoint"


def a_link_to_a_folder(folder: Path, outside: Path) -> str:
    (folder / "tile").symlink_to(outside)
    return "tile/secret"


def a_link_deep_below(folder: Path, outside: Path) -> str:
    (folder / "tile/0").mkdir(parents=True)
    (folder / "tile/0/x001").symlink_to(outside)
    return "tile/0/x001/secret"


LINKS = [a_link_to_a_file, a_link_to_a_folder, a_link_deep_below]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.__name__.replace("_", " "))
def test_no_link_is_followed(link: Callable[[Path, Path], str], tmp_path: Path) -> None:
    folder, outside = tmp_path / "log", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    path = link(folder, outside)
    store = FolderStore(folder)
    with pytest.raises(InputError, match="a link, or a file in place of a folder"):
        store.read(path, 10)
    if "/" in path:
        with pytest.raises(InputError, match="a link, or a file in place of a folder"):
            store.write(path, b"overwritten")
        with pytest.raises(InputError, match="a link, or a file in place of a folder"):
            store.remove([path])
    else:
        store.write(path, b"new")  # takes the place of the link itself
        assert store.read(path, 10) == b"new"
    assert (outside / "secret").read_bytes() == b"secret"


def test_a_pipe_or_a_folder_in_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "checkpoint")
    (tmp_path / "tile").mkdir()
    for path in ("checkpoint", "tile"):
        with pytest.raises(InputError):
            FolderStore(tmp_path).read(path, 10)


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tile").write_text("")
    with pytest.raises(InputError, match="a file in place of a folder"):
        FolderStore(tmp_path).write("tile/0/000", b"")


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_any_web_server_can_serve_the_folder_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        log_of(300, FolderStore(tmp_path / "log"))
    finally:
        os.umask(before)
    folder = tmp_path / "log"
    assert {stat.S_IMODE(path.stat().st_mode) for path in files_in(folder)} == {0o644}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o755}
    assert not list(folder.rglob(".*")), "nothing hidden is needed, nothing is left"


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    log = log_of(3, FolderStore(tmp_path / "log"))
    staging = tmp_path / "log/.staging"
    staging.mkdir()
    (staging / "4711.0").write_bytes(b"half a til")
    log.append(leaves(3, 4), {}, SIGNER)
    assert not staging.exists()
    assert log.check().size == 4


WRITER = """
import resource, signal, sys
from pathlib import Path
from comity.errors import InputError
from comity.record.store import FolderStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    FolderStore(Path(sys.argv[1])).write_all({"tile/0/000": bytes(8192), "checkpoint": b"new"})
except InputError as error:
    print(error)
"""


def test_where_the_disk_takes_no_more_nothing_stands_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    log = log_of(3, FolderStore(folder))
    before = {path: path.read_bytes() for path in files_in(folder)}
    done = run(WRITER, folder)
    assert done.stdout.startswith(f"{folder}/tile/0/000: the file cannot be written: ")
    assert {path: path.read_bytes() for path in files_in(folder)} == before
    assert log.check().size == 3


HOLDER = """
import sys
from pathlib import Path
from comity.record.store import FolderStore
with FolderStore(Path(sys.argv[1])).exclusive():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_that_writes_is_waited_for_by_nobody_and_a_killed_one_lets_go(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "log"
    log = log_of(3, FolderStore(folder))
    words = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match="another process is writing here") as caught:
            log.append(leaves(3, 4), {}, SIGNER)
        assert "Wait until it is done" in caught.value.hint
        assert log.check().size == 3, "who only reads needs no lock"
        holder.kill()
        holder.wait()
    assert log.append(leaves(3, 4), {}, SIGNER).size == 4


APPENDER = """
import hashlib, sys
from itertools import count
from pathlib import Path
from comity.record.keys import load_note_signer
from comity.record.log import Log
from comity.record.store import FolderStore
folder, keys = Path(sys.argv[1]), Path(sys.argv[2])
signer = load_note_signer(next(keys.glob("*.key")), "log")
log = Log(FolderStore(folder), (signer.key,), FolderStore(keys))
for number in count(1):
    size = log.checkpoint()[0].size
    leaves = [b"leaf %d" % one for one in range(size, size + number * 37 % 300 + 1)]
    blobs = {hashlib.sha256(leaf).hexdigest(): leaf for leaf in leaves[:20]}
    log.append(leaves, blobs, signer)
    print(size + len(leaves), flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_after_a_kill_at_any_moment_the_folder_verifies_and_the_next_append_works(
    seed: int, tmp_path: Path
) -> None:
    moments = random.Random(seed)
    folder, keys = tmp_path / "log", tmp_path / "keys"
    save_note_signer(SIGNER, keys)
    log = log_of(0, FolderStore(folder), FolderStore(keys))
    for _ in range(3):
        told = killed_after(moments.uniform(0, 0.25), log, APPENDER, folder, keys)
        size = log.check().size
        assert size >= told, "what was told to be appended is"
        assert list(log.entries()) == leaves(0, size)
        size = log.append(leaves(0, 0), {}, SIGNER).size
        log.append(leaves(size, size + 1), {}, SIGNER)
        assert list(log.entries()) == leaves(0, size + 1)
        assert log.check().size == size + 1
    assert not list(folder.rglob(".*"))


def killed_after(seconds: float, log: Log, script: str, *rest: Path) -> int:
    """Start a writer, read along, kill it; the last size that it told."""
    command = [sys.executable, "-c", script, *map(str, rest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        told = int(writer.stdout.readline())
        log.check()  # while it writes
        try:
            writer.wait(seconds)
        except subprocess.TimeoutExpired:
            writer.kill()
        for line in writer.stdout:
            told = int(line) if line.endswith(b"\n") else told
    return told


def run(script: str, *words: Path) -> subprocess.CompletedProcess[str]:
    """Run a few lines of Python in a process of their own."""
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
