"""A run that is killed at random moments ends with the claims of one that was left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from comity.assess.systems.endpoint.journal import open_journal
from comity.assess.systems.endpoint.serve import Received, serving
from tests.assess.endpoint.driver import ITEMS
from tests.assess.endpoint.world import says

ROOT = Path(__file__).parents[3]
CANARIES = 6


def start(url: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.assess.endpoint.driver", url, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def finished(process: subprocess.Popen[bytes]) -> bytes:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error.decode()
    return out


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_at_random_points_the_claims_are_the_same(tmp_path: Path, how: int) -> None:
    sent: Counter[str] = Counter()

    def count(request: Received) -> str:
        sent[request.text] += 1
        return says(request.text)

    calm, wild = tmp_path / "calm", tmp_path / "wild"
    calm.mkdir()
    wild.mkdir()
    draw = random.Random(5)
    with serving(count, delay=0.01) as url:
        undisturbed = finished(start(url, calm))
        sent.clear()
        kills = 0
        for _ in range(4):
            process = start(url, wild)
            wanted = lines(wild / "j.jsonl") + draw.randrange(1, 60)
            while lines(wild / "j.jsonl") < wanted and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(how)
            process.communicate(timeout=60)
            kills += process.returncode != 0
        assert kills == 4
        assert finished(start(url, wild)) == undisturbed
    with open_journal(wild / "j.jsonl") as journal:
        assert len(journal.found) == ITEMS + CANARIES, "each is answered exactly once"
    most = ITEMS + CANARIES + 4 * 8
    assert sum(sent.values()) <= most, "only what was under way at a kill was asked again"
