"""Parts that a test needs and a machine may lack: skip with the package to install.

With COMITY_REQUIRE_ALL=1 (as in CI) an absent part is a failure: no test may skip there.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("COMITY_TEST_DATA", ROOT.parent / "shared" / "data"))


def absent(what: str, install: str) -> None:
    """Skip the calling test, or fail it where everything is required."""
    message = f"{what} is not here; install it: {install}"
    if os.environ.get("COMITY_REQUIRE_ALL") == "1":
        pytest.fail(message)
    pytest.skip(message)


def require(program: str, install: str) -> str:
    """Path of a program, or skip: `require("chromium", "apt-get install chromium")`."""
    path = shutil.which(program)
    if path is None:
        absent(program, install)
    assert path is not None
    return path


def require_data(name: str) -> Path:
    """Path of a file or folder of public test data, or skip."""
    path = DATA / name
    if not path.exists():
        absent(f"the public test data {name}", f"put it under {DATA} or set COMITY_TEST_DATA")
    return path


def require_go_packages(name: str) -> Path:
    """The folder of Go packages that the system installs, which holds the package, or skip."""
    folder = Path("/usr/share/gocode")
    if not (folder / "src" / name).is_dir():
        package = name.replace(".org/", "-").replace("/", "-")
        absent(f"Go's {name}", f"apt-get install golang-{package}-dev")
    return folder
