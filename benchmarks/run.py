"""`make bench`: every measurement beside its peer, one after the other; figures go to docs/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BENCHMARKS = (
    ("groups.py", "10 million predictions, 60 groups, beside fairlearn"),
    ("verify.py", "100,000 attestations, beside securesystemslib"),
    ("decide.py", "300 requirements decided 1, 100 and 10,000 times, beside CEL and Cedar"),
    ("overlap.py", "10,000 outputs against 100 MB: exact common spans, beside a naive search"),
    ("record.py", "a log of a million entries: append, prove, verify, follow"),
    ("questions.py", "5,000 questions to a language model, beside inspect-ai and lm-eval"),
    ("share.py", "a donor round: 193 countries, 10,000 and 100,000 offers, exact, beside HiGHS"),
    ("startup.py", "how long `comity --help` takes"),
    ("coverage_of_two.py", "coverage and width for one rate and for two, enumerated"),
    ("coverage_of_judge.py", "coverage and width of rates and differences that a judge scored"),
    ("coverage_of_scores.py", "coverage and width of AUROC, Brier score, calibration error"),
    ("coverage_of_series.py", "coverage and width for series: means, skills, rates, drift"),
    ("coverage.py", "coverage and width of gaps and ratios, beside the percentile bootstrap"),
)


def main() -> None:
    """Run each benchmark in a process of its own and stop at the first that fails."""
    for name, what in BENCHMARKS:
        print(f"\n## {what}\n\n    python benchmarks/{name}\n", flush=True)
        subprocess.run([sys.executable, FOLDER / name], check=True)


if __name__ == "__main__":
    main()
