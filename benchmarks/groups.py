"""Four group rates with their gaps over 10 million predictions, beside fairlearn.

    python benchmarks/groups.py [--rows 10000000] [--full]

Truth, prediction and three group columns (5 × 4 × 3 = 60 groups) in one Parquet file. Comity's row
is the whole way, in a process of its own: start of Python, card, digest of the file, counts, all
claims of accuracy and fairness with their intervals, for each column and for the 60 groups, and the
signed form's bytes. fairlearn's row is a MetricFrame of the same four rates over the 60 groups:
point estimates only. It gets a tenth of the rows unless `--full` is given, since all of them take
minutes and 5 GB. Both must give the same gap in selection rates, else the run fails.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

GROUPS = {"region": 5, "age": 4, "sex": 3}
RUNS = 7

CARD = """
[system]
name = "Benchmark"
version = "1"
intended_use = "To be measured"
[population]
country = "none"
[predictions]
truth = "truth"
prediction = "prediction"
groups = ["region", "age", "sex"]
split_rule = "random"
"""

COMITY = """
import json, sys
from pathlib import Path
from comity.assess import assess, load_card
from comity.claims import Assessor, canonical_bytes
card = load_card(Path(sys.argv[1]), Path(sys.argv[2]))
result = assess(card, Assessor(origin="lab.example", name="Lab", role="independent"))
canonical_bytes(result)
gaps = [one for one in result.claims if one.measure == "fairness.selection_rate_gap"]
print(json.dumps(float(max(gaps, key=lambda one: len(one.cells)).estimate)))
"""

FAIRLEARN = """
import json, sys
import pandas as pd
from fairlearn.metrics import MetricFrame, selection_rate, true_positive_rate, false_positive_rate
from sklearn.metrics import precision_score
table = pd.read_parquet(sys.argv[2])
frame = MetricFrame(
    metrics={"selection_rate": selection_rate, "tpr": true_positive_rate,
             "fpr": false_positive_rate, "ppv": precision_score},
    y_true=table["truth"], y_pred=table["prediction"],
    sensitive_features=table[["region", "age", "sex"]].astype(str),
)
print(json.dumps(float(frame.difference()["selection_rate"])))
"""


class Run(NamedTuple):
    """One process: wall and CPU seconds, peak memory in MB, and the gap that it found."""

    seconds: float
    cpu: float
    megabytes: float
    gap: float


def write_predictions(path: Path, rows: int) -> None:
    """A table whose selection rates differ between groups; dictionary-coded, as writers do."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(20261121)
    columns, shift = {}, np.zeros(rows, dtype=np.float32)
    for name, size in GROUPS.items():
        codes = rng.integers(0, size, rows, dtype=np.int8)
        shift += np.float32(0.01) * codes
        values = [f"{name} {code}" for code in range(size)]
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values))
    truth = rng.random(rows, dtype=np.float32) < 0.3
    chance = np.where(truth, np.float32(0.6), np.float32(0.2)) + shift
    prediction = rng.random(rows, dtype=np.float32) < chance
    columns["truth"] = pa.array(truth.astype(np.int8))
    columns["prediction"] = pa.array(prediction.astype(np.int8))
    pq.write_table(pa.table(columns), path)


def measured(program: str, card: Path, table: Path) -> Run:
    """Run a program in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, card, table], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the run failed with exit code {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, usage.ru_maxrss / 1e3, json.loads(answer))


def median(runs: list[Run]) -> Run:
    """The median of each figure."""
    return Run(*(statistics.median(figures) for figures in zip(*runs, strict=True)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--full", action="store_true", help="give fairlearn all rows, too")
    options = parser.parse_args()
    few = options.rows if options.full else options.rows // 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        card = folder / "system.toml"
        card.write_text(CARD)
        tables = {rows: folder / f"{rows}.parquet" for rows in {few, options.rows}}
        for rows, path in tables.items():
            # In a process of its own: peak memory of a child counts from its parent's at the fork.
            writer = multiprocessing.get_context("spawn").Process(
                target=write_predictions, args=(path, rows)
            )
            writer.start()
            writer.join()
        lines = [
            (f"Comity, all claims with intervals (median of {RUNS})", rows, COMITY, RUNS)
            for rows in sorted(tables, reverse=True)
        ]
        lines.append(("fairlearn MetricFrame, points only", few, FAIRLEARN, 1))
        print("| what | rows | seconds | CPU seconds | peak MB | file MB |")
        print("|---|---|---|---|---|---|")
        gaps: dict[int, set[float]] = {}
        for what, rows, program, times in lines:
            run = median([measured(program, card, tables[rows]) for _ in range(times)])
            gaps.setdefault(rows, set()).add(round(run.gap, 9))
            size = tables[rows].stat().st_size / 1e6
            print(
                f"| {what} | {rows:,} | {run.seconds:.2f} | {run.cpu:.2f} | {run.megabytes:.0f} "
                f"| {size:.1f} |",
                flush=True,
            )
        if any(len(found) > 1 for found in gaps.values()):
            raise SystemExit(f"the gaps differ: {gaps}")


if __name__ == "__main__":
    main()
