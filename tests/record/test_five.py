"""Five authorities, five processes, many faults: honest mirrors end equal, the fork is proven."""

from __future__ import annotations

from pathlib import Path

from tests.record.five import running


def test_through_all_faults_honest_mirrors_end_equal_and_the_fork_is_proven(tmp_path: Path) -> None:
    with running(tmp_path, seed=1) as five:
        five.run(seconds=6)
        five.settle()
        found = five.verdict()
    assert (found.unequal, found.accused) == ([], [])
    assert (found.unproven, found.unseen) == ([], [])
    assert found.entries > 0
    assert found.killed > 0
    assert found.faults > 0
