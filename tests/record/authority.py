"""One authority in a process of its own: it appends, follows its peers and gathers, until stopped.

    python -m tests.record.authority FOLDER NAME SEED ROUNDS

FOLDER holds `trust.toml`, `ports.json` and a folder for each authority. What each publishes is
served over HTTP by `tests.record.five`, which injects the faults and kills it now and then. With 0
rounds it appends nothing, and follows and gathers once. Prints one JSON line at the end.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from comity.attest import load_trust
from comity.errors import ComityError
from comity.record.fork import ForkError
from comity.record.keys import load_note_signer
from comity.record.log import Log
from comity.record.mirror import follow
from comity.record.store import FolderStore
from comity.record.web import WebSource
from comity.record.witness import gather, seen_path

__all__ = ["main"]


def main(folder: Path, name: str, seed: int, rounds: int) -> None:
    """Run the authority."""
    draw = random.Random(seed)
    trust = load_trust(folder / "trust.toml")
    ports: dict[str, int] = json.loads((folder / "ports.json").read_text())
    public, keys = folder / name / "public", folder / name / "keys"
    signer = load_note_signer(keys / f"{name}_log.log.key", "log")
    witness = load_note_signer(keys / f"{name}.witness.key", "witness")
    log = Log(FolderStore(public), (signer.key,), FolderStore(keys))
    told: Counter[str] = Counter()
    for number in range(max(1, rounds)):
        if rounds:
            fresh = [f"{name} {seed} {number} {one}" for one in range(draw.randrange(120))]
            log.append([one.encode() for one in fresh], {}, signer)
        peers = [one for one in ports if one != name]
        draw.shuffle(peers)
        for peer in peers:
            origin = f"{peer}/log"
            try:
                with WebSource(f"http://127.0.0.1:{ports[peer]}", seconds=2) as source:
                    follow(
                        source,
                        FolderStore(public / seen_path(origin)),
                        FolderStore(keys),
                        trust.log_keys(origin),
                        lambda: datetime.now(UTC),
                        witness,
                        witnesses=trust.witness_keys,
                    )
                told["followed"] += 1
            except ForkError:
                told["forks"] += 1
            except ComityError:
                told["refused"] += 1
        for peer in peers:
            try:
                with WebSource(f"http://127.0.0.1:{ports[peer]}", seconds=2) as source:
                    gather(log.store, log.keys, trust, [source])
            except ForkError:
                told["own forks"] += 1
            except ComityError:
                told["not gathered"] += 1
        time.sleep(draw.random() / 20)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
