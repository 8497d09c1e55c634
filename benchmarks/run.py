"""`make bench`: every measurement beside its peer, one after the other; figures go to docs/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BENCHMARKS = (
    ("groups.py", "10 million predictions, 60 groups, beside fairlearn"),
    ("verify.py", "100,000 attestations, beside securesystemslib"),
    ("startup.py", "how long `comity --help` takes"),
    ("coverage.py", "coverage and width of every interval, beside the percentile bootstrap"),
)


def main() -> None:
    """Run each benchmark in a process of its own and stop at the first that fails."""
    for name, what in BENCHMARKS:
        print(f"\n## {what}\n\n    python benchmarks/{name}\n", flush=True)
        subprocess.run([sys.executable, FOLDER / name], check=True)


if __name__ == "__main__":
    main()
