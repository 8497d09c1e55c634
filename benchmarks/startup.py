"""How long `comity --help` takes: whole process, beside an empty Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def seconds(arguments: list[str]) -> float:
    """Median wall time of the command over RUNS runs, after one that is not counted."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    """Print a table of the two."""
    empty = seconds(["-c", "pass"])
    help_page = seconds(["-m", "comity", "--help"])
    print("| command | seconds, median of 15 | times an empty Python |")
    print("|---|---|---|")
    print(f"| python -c pass | {empty:.3f} | 1 |")
    print(f"| comity --help | {help_page:.3f} | {help_page / empty:.1f} |")


if __name__ == "__main__":
    main()
