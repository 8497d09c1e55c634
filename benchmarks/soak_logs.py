"""Five authorities that follow each other for a long time, with faults, kills and one who forks.

    python benchmarks/soak_logs.py [--seconds 600] [--seed 1]

The same world as `tests/record/test_five.py`. Ends with exit code 1 if a mirror of an honest log
differs from it, an honest log is accused, a follower lacks the proof against the one who forked, or
an honest log was not seen by enough witnesses.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.record.five import running


def main() -> int:
    """Run for so long, then judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), asked.seed) as five:
        five.run(asked.seconds)
        five.settle()
        found = five.verdict()
    for name, value in found._asdict().items():
        print(f"{name:<10} {value}")
    print(f"{'seconds':<10} {time.monotonic() - began:.0f}")
    return 1 if found.unequal or found.accused or found.unproven or found.unseen else 0


if __name__ == "__main__":
    sys.exit(main())
