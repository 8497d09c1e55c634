"""A made country with a past in which its forecasts were good, and a forecast of heavy rain.

District N1 gets rain, S2 gets none, X3 lies beyond the grid and has no past.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

import comity
from early_warning import cli
from early_warning.cli import main
from goods.early_warning.tests.drafts.made import COUNTRY, MEMBERS, country, everywhere, rain_file
from goods.early_warning.tests.grids.made import START

NOW = START + dt.timedelta(hours=6)
"""Nine in the morning in the made country; its rain begins at three at night."""

AT = NOW.isoformat()
MAIN = "import sys; from early_warning.cli import main; sys.exit(main())"
SECRET = "four words that nobody guesses"

HAZARDS = """
[[hazards]]
hazard = "heavy_rain"
levels = [{impact = "minor", amount = "20"}, {impact = "significant", amount = "40"}]

[hazards.pairs]
files = "pairs/{code}-{lead}.csv"
day = "date"
observed = "rain"
members = ["m1", "m2", "m3", "m4", "m5"]

[send.feed]
folder = "feed"
address = "https://meteo.example/cap"
title = "Warnings"

[desk]
port = 0
"""


def build(folder: Path) -> Path:
    """Write the whole country; the path of its `country.toml`."""
    text = COUNTRY.replace('languages = ["en"]', 'languages = ["en", "fr"]')
    text = text.replace('names = {en = "Made Service"}', 'names = {en = "Made", fr = "Fait"}')
    text = text.replace('names = {en = "name"}', 'names = {en = "name", fr = "name"}')
    path = country(folder, HAZARDS, text)
    with (folder / "people.csv").open("a", encoding="utf-8") as table:
        table.write("N1,language:en,900\nN1,language:so,100\n")
    (folder / "pairs").mkdir()
    for seed, code in enumerate(("N1", "S2")):
        _pairs(folder / "pairs" / f"{code}-48.csv", seed)
    rain = {
        number: everywhere({"N1": 50 + 3 * number, "S2": 0.5 * number})
        for number in range(1, MEMBERS + 1)
    }
    rain_file(folder / "incoming" / "run.grib2", rain, "24-48")
    return path


def _pairs(path: Path, seed: int) -> None:
    """Four years of rain, and runs that saw nearly all of it."""
    lot = np.random.default_rng(seed)
    signal = lot.gamma(0.7, 15, 1461)
    observed = np.maximum(signal + lot.normal(0, 2, signal.shape), 0).round(1)
    runs = np.maximum(signal[:, None] + lot.normal(0, 3, (len(signal), MEMBERS)), 0).round(1)
    day = dt.date(2022, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["date", "rain", *(f"m{one}" for one in range(1, MEMBERS + 1))])
        for number, (truth, members) in enumerate(zip(observed, runs, strict=True)):
            writer.writerow([day + dt.timedelta(days=number), truth, *members])


def start(*words: str, **more: Any) -> subprocess.Popen[str]:
    """The program in a process of its own."""
    sources = [Path(cli.__file__).parents[2], Path(comity.__file__).parents[1]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources))}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def answer(capsys: Any, *words: str, code: int = 0) -> Any:
    """What a command says to machines."""
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: Any, *words: str, code: int = 0) -> str:
    """What a command says to people, on both streams."""
    capsys.readouterr()
    assert main(list(words)) == code
    shown = capsys.readouterr()
    return str(shown.out + shown.err)
