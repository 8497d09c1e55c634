"""The C libraries get along with each other and with the rest of the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import comity
import early_warning.grids


def test_reading_grids_first_leaves_sqlite_as_it_is() -> None:
    """ecCodes brings an old SQLite, and who comes first is taken: the outbox needs `STRICT`."""
    code = (
        "import sys; from early_warning.grids.libraries import library\n"
        "library('eccodes')\n"
        "import sqlite3; sqlite3.connect(':memory:').execute('CREATE TABLE one (a TEXT) STRICT')"
    )
    sources = [Path(early_warning.grids.__file__).parents[2], Path(comity.__file__).parents[1]]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(map(str, sources))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
