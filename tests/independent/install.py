"""Install the independent checkers (npm packages, pinned with digests) if they are stale.

    python tests/independent/install.py

Without npm it says which tests will skip and goes on, unless COMITY_REQUIRE_ALL=1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Run `npm ci` unless node_modules already holds what the lock file names."""
    lock = FOLDER / "package-lock.json"
    stamp = FOLDER / "node_modules" / ".comity-lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return 0
    npm = shutil.which("npm")
    if npm is None:
        print(
            "npm is not here, so the tests that verify our bundles with it and that look at "
            "pages with axe will skip; install it: apt-get install npm"
        )
        return 1 if os.environ.get("COMITY_REQUIRE_ALL") == "1" else 0
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=FOLDER,
        stdout=subprocess.DEVNULL,
    )
    if done.returncode == 0:
        stamp.write_bytes(lock.read_bytes())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
