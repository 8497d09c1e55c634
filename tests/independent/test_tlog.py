"""Go's own transparency log packages verify our logs and our proofs, and catch what was altered."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.attest.merkle import leaf_hash
from comity.record.keys import new_note_signer
from comity.record.log import Log
from comity.record.store import FolderStore
from comity.record.tree import TiledTree, consistency_proof, inclusion_proof
from tests.independent.peers import FOLDER
from tests.parts import require, require_go_packages
from tests.record.example_log import SIGNER, leaves, log_of

SIZE = 700
Go = Path


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Go:
    """The program in `tests/independent/tlog`, built."""
    program = require("go", "apt-get install golang-go")
    packages = require_go_packages("golang.org/x/mod")
    folder = tmp_path_factory.mktemp("go")
    told = {"GO111MODULE": "off", "GOPATH": str(packages), "GOCACHE": str(folder / "cache")}
    subprocess.run(
        [program, "build", "-o", folder / "tlog", "."],
        cwd=FOLDER / "tlog",
        env=os.environ | told,
        check=True,
    )
    return folder / "tlog"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A log that grew in steps, so that partial tiles came and went."""
    log = log_of(0, FolderStore(tmp_path / "log"))
    for start, end in ((0, 1), (1, 255), (255, 257), (257, SIZE)):
        log.append(leaves(start, end), {}, SIGNER)
    return log


def verdict(go: Go, log: Log, proofs: str = "", key: str = SIGNER.key.vkey) -> tuple[int, str]:
    """Exit code and words of the program."""
    assert isinstance(log.store, FolderStore)
    done = subprocess.run(
        [go, log.store.folder, key], input=proofs, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def base64_of(*data: bytes) -> list[str]:
    return [base64.b64encode(one).decode() for one in data]


def every_proof(log: Log) -> Iterator[dict[str, object]]:
    """Every inclusion and consistency proof that there is, as Comity makes it."""
    checkpoint, _ = log.checkpoint()
    tree = TiledTree(log.store, SIZE)
    (root,) = base64_of(checkpoint.root)
    for index, entry in enumerate(log.entries()):
        path = inclusion_proof(tree.hash_of, index, SIZE)
        (leaf,) = base64_of(leaf_hash(entry))
        yield {
            "Index": index, "Size": SIZE, "Leaf": leaf, "Root": root, "Proof": base64_of(*path),
        }  # fmt: skip
    for old in range(1, SIZE + 1):
        path = consistency_proof(tree.hash_of, old, SIZE)
        (before,) = base64_of(tree.hash_of((0, old)))
        yield {
            "Old": old, "Size": SIZE, "From": before, "Root": root, "Proof": base64_of(*path),
        }  # fmt: skip


def test_every_entry_every_size_and_every_proof_hold(go: Go, log: Log) -> None:
    proofs = "\n".join(map(json.dumps, every_proof(log)))
    assert verdict(go, log, proofs) == (
        0, f"holds: {SIZE} entries, {2 * SIZE} proofs of Comity\n",
    )  # fmt: skip


@pytest.mark.parametrize("size", [1, 255, 256, 257])
def test_logs_around_a_full_tile_hold(go: Go, size: int, tmp_path: Path) -> None:
    log = log_of(size, FolderStore(tmp_path / "small"))
    assert verdict(go, log) == (0, f"holds: {size} entries, 0 proofs of Comity\n")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        # x/mod 0.7 does not compare every full tile with the one above; then the proof fails.
        pytest.param("tile/0/000", "invalid transparency proof", id="a full tile"),
        pytest.param("tile/0/002.p/188", "inconsistent tile", id="a partial tile"),
        pytest.param("tile/1/000.p/2", "inconsistent tile", id="a tile above"),
        pytest.param("tile/entries/001", "invalid transparency proof", id="entries"),
        pytest.param("checkpoint", "invalid signature", id="the checkpoint"),
    ],
)
def test_one_flipped_byte_is_caught(go: Go, log: Log, path: str, said: str) -> None:
    assert isinstance(log.store, FolderStore)
    file = log.store.folder / path
    data = bytearray(file.read_bytes())
    data[35] ^= 1
    file.write_bytes(data)
    code, words = verdict(go, log)
    assert code == 1
    assert said in words


def test_one_flipped_byte_in_a_proof_is_caught(go: Go, log: Log) -> None:
    proofs = list(every_proof(log))
    for index in (0, SIZE):
        wrong = proofs[index] | {"Root": base64_of(b"x" * 32)[0]}
        code, words = verdict(go, log, json.dumps(wrong))
        assert code == 1
        assert "proof 0: invalid transparency proof" in words


def test_another_key_is_not_the_logs(go: Go, log: Log) -> None:
    code, words = verdict(go, log, key=new_note_signer(log.origin, "log").key.vkey)
    assert code == 1
    assert "no verifiable signatures" in words
