"""A log of a million entries: append, prove, verify, follow; on disk, in a temporary folder.

    python benchmarks/record.py [--entries 1000000] [--folder /tmp]

Entries are as large as those of an assessment (257 bytes). Signed files have 3 kB, about the size
of a small result's. Nothing is kept in memory between an append and what is measured after it, but
the operating system keeps the files that it has just written.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from comity.attest.merkle import leaf_hash, root_from_proof
from comity.record.checkpoint import Checkpoint
from comity.record.entry import Entry
from comity.record.keys import new_note_signer
from comity.record.log import Log, create_log
from comity.record.mirror import Followed, follow
from comity.record.store import FolderStore
from comity.record.tree import TiledTree, inclusion_proof

ORIGIN = "example-coast.test/assessments"
SIGNER = new_note_signer(ORIGIN, "log")
BATCH = 10_000
PROOFS = 100_000
BLOB_BYTES = 3_000
AUTHORITIES = 200
EACH = 5_000_000
Proof = tuple[bytes, int, tuple[bytes, ...]]
"""Entry, its number, and the hashes beside its way to the root."""


def digest(text: str) -> str:
    """A digest that stands for something."""
    return hashlib.sha256(text.encode()).hexdigest()


def entries(start: int, count: int, bundles: Sequence[str] = ()) -> list[Entry]:
    """Entries of assessments by one laboratory."""
    key = digest("key")
    names = bundles or [digest(f"bundle {i}") for i in range(start, start + count)]
    return [
        Entry(kind="assessment", payload=digest(f"payload {i}"), key=key, refs=(), bundle=bundle)
        for i, bundle in zip(range(start, start + count), names, strict=True)
    ]


def new_log(folder: Path, name: str) -> Log:
    """An empty log on disk, with the memory of what it signed beside."""
    return create_log(FolderStore(folder / name), SIGNER, FolderStore(folder / f"{name}-keys"))


class Spent(NamedTuple):
    """Seconds on the wall, and of the processor in this process and those that it started.

    On a machine that others use too, the second says what a quiet machine would need at least.
    """

    wall: float
    cpu: float

    def __add__(self, other: object) -> Spent:
        assert isinstance(other, Spent)
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


NOTHING = Spent(0, 0)


def measured(work: Callable[[], object]) -> Spent:
    """How long something takes."""
    start, cpu = time.perf_counter(), cpu_seconds()
    work()
    return Spent(time.perf_counter() - start, cpu_seconds() - cpu)


def cpu_seconds() -> float:
    """Processor seconds used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def append_in_batches(log: Log, count: int) -> Iterator[tuple[int, Spent]]:
    """Each batch's entries and time; making the entries is not counted, encoding them is."""
    for start in range(0, count, BATCH):
        some = entries(start, min(BATCH, count - start))
        yield len(some), measured(partial(log.append, some, {}, SIGNER))


def append_with_files(log: Log, count: int, batch: int) -> Spent:
    """Time for `count` entries with their signed files, `batch` at a time."""
    size, spent = log.checkpoint()[0].size, NOTHING
    for start in range(size, size + count, batch):
        files = [random.randbytes(BLOB_BYTES) for _ in range(batch)]
        blobs = {hashlib.sha256(one).hexdigest(): one for one in files}
        some = entries(start, batch, list(blobs))
        spent += measured(partial(log.append, some, blobs, SIGNER))
    return spent


def prove(log: Log, checkpoint: Checkpoint, numbers: range) -> list[Proof]:
    """A proof for each number, from one reader of the tiles."""
    tree = TiledTree(log.store, checkpoint.size)
    found = zip(numbers, log.entries(numbers.start, numbers.stop), strict=True)
    return [(entry, i, inclusion_proof(tree.hash_of, i, tree.size)) for i, entry in found]


def prove_alone(log: Log, checkpoint: Checkpoint, number: int) -> float:
    """Milliseconds for one proof by a reader that has read no tile yet."""
    size = checkpoint.size
    return (
        1e3
        * measured(lambda: inclusion_proof(TiledTree(log.store, size).hash_of, number, size)).wall
    )


def verify(proofs: Sequence[Proof], checkpoint: Checkpoint) -> None:
    """Check proofs under one checkpoint whose signature was checked before."""
    size, root = checkpoint.size, checkpoint.root
    for entry, number, hashes in proofs:
        if root_from_proof(leaf_hash(entry), number, size, hashes) != root:
            raise ValueError("a proof does not hold")


def verify_in_processes(proofs: Sequence[Proof], checkpoint: Checkpoint, count: int) -> None:
    """The same, each process with its share."""
    fork = multiprocessing.get_context("fork")
    shares = [proofs[number::count] for number in range(count)]
    workers = [fork.Process(target=verify, args=(share, checkpoint)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(worker.exitcode == 0 for worker in workers)


def bytes_in(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def follow_it(log: Log, folder: Path, what: str) -> Spent:
    """Follow the log into a mirror, with verification, and cosign it."""
    witness = new_note_signer("steppe.example", "witness")
    stores = FolderStore(folder / "mirror"), FolderStore(folder / "mirror-keys")
    done: list[Followed] = []
    spent = measured(
        lambda: done.append(
            follow(log.store, *stores, log.keys, lambda: datetime.now(UTC), witness, blobs=False)
        )
    )
    assert done[0].cosigned
    row(f"follow {what}: {done[0].new:,} entries", spent, done[0].new)
    return spent


def row(what: str, spent: Spent, count: int = 0) -> None:
    """Print one line of the table; `count` is how many things were done."""
    rate = f"{count / spent.wall:,.0f}" if count else ""
    print(f"{what:58}{spent.wall:>12.2f}{spent.cpu:>12.2f}{rate:>12}", flush=True)


def measure(folder: Path, count: int) -> None:
    """Print the table."""
    print(f"{'':58}{'seconds':>12}{'CPU seconds':>12}{'a second':>12}")
    log = new_log(folder, "log")
    batches = list(append_in_batches(log, count))
    appended = sum((one for _, one in batches), NOTHING)
    row(f"append {count:,} entries, {BATCH:,} at a time", appended, count)
    slowest = max(batches, key=lambda batch: batch[1].wall / batch[0])
    row("  the slowest batch of these", slowest[1], slowest[0])

    checkpoint, _ = log.checkpoint()
    first = random.randrange(max(1, count - PROOFS))
    neighbours = range(first, min(count, first + PROOFS))
    tree = TiledTree(log.store, checkpoint.size)
    spent = measured(lambda: [inclusion_proof(tree.hash_of, i, tree.size) for i in neighbours])
    row(f"make {len(neighbours):,} proofs of neighbours", spent, len(neighbours))
    proofs = prove(log, checkpoint, neighbours)
    random.shuffle(proofs)
    for processes in (1, 2):
        spent = measured(partial(verify_in_processes, proofs, checkpoint, processes))
        what = f"verify {len(proofs):,} proofs of {len(proofs[0][2])} hashes, {processes} process"
        row(f"{what}{'es' if processes > 1 else ''}", spent, len(proofs))
    looked_up = measured(lambda: log.find([digest("nobody's")]))
    row("look one statement up", looked_up, count)
    row("check the whole log", measured(log.check), count)
    followed = follow_it(log, folder, "from the beginning")
    log.append(entries(count, 1_000), {}, SIGNER)
    follow_it(log, folder, "what is new")

    files = new_log(folder, "files")
    row("append 100 entries with files of 3 kB, one by one", append_with_files(files, 100, 1), 100)
    row("append 5,000 with files, 1,000 at a time", append_with_files(files, 5_000, 1_000), 5_000)

    alone = [prove_alone(log, checkpoint, random.randrange(count)) for _ in range(1_000)]
    print(
        f"\none inclusion proof, no tile read before: median {statistics.median(alone):.2f} ms, "
        f"99 of 100 below {sorted(alone)[989]:.2f} ms"
    )
    held = bytes_in(folder / "log") / checkpoint.size
    print(f"on disk: {held:.1f} bytes an entry for tiles and entries, without files")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:,.0f} MB, of which {len(proofs):,} proofs are the most")
    each = {"append": appended, "look_up": looked_up, "follow": followed}
    project({what: spent.cpu / count for what, spent in each.items()}, held)


def project(cpu: Mapping[str, float], held: float) -> None:
    """Print what many authorities with long logs would need, if every cost grows with the entries.

    Args:
        cpu: Processor seconds an entry.
        held: Bytes an entry, on disk.
    """
    everything = AUTHORITIES * EACH
    files = EACH / 256 + EACH / 255  # bundles of entries, and tiles at all levels
    print(
        f"\ncomputed for {AUTHORITIES} authorities with {EACH:,} entries each\n"
        f"  one log on disk: {held * EACH / 1e9:.2f} GB in {files:,.0f} files, "
        f"and one file for each signed file\n"
        f"  all logs on one follower's disk: {held * everything / 1e9:,.0f} GB in "
        f"{files * AUTHORITIES / 1e6:.1f} million files\n"
        f"  append all entries of one log: {cpu['append'] * EACH:.0f} CPU seconds\n"
        f"  follow all logs from the beginning: {cpu['follow'] * everything / 3600:.2f} CPU hours\n"
        f"  look one statement up in one log: {cpu['look_up'] * EACH:.1f} CPU seconds; "
        f"in all logs: {cpu['look_up'] * everything / 60:.0f} CPU minutes\n"
        f"  one inclusion proof: {(EACH - 1).bit_length()} hashes"
    )


def main() -> None:
    """Measure in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-record-", dir=options.folder) as folder:
        measure(Path(folder), options.entries)


if __name__ == "__main__":
    main()
