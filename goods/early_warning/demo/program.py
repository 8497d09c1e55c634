"""Running the real commands: each is shown as somebody would type it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from goods.early_warning.demo.forecaster import Forecaster
from goods.early_warning.demo.radio import answers

__all__ = ["PASSPHRASES", "Program"]

PASSPHRASES = {"aicha": "seven boats before the dawn", "benoit": "a kettle sings in the valley"}
"""Of two people who do not exist."""

SECONDS = 300


class Program:
    """The commands of one country, in its folder.

    Args:
        folder: With `country.toml`.
        port: Of its desk.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self._port = folder, port

    def early_warning(self, *words: str, passphrase: str = "") -> dict[str, Any]:
        """Run one `early-warning` command; what it prints as JSON."""
        return self._run("early_warning", words, {"EARLY_WARNING_PASSPHRASE": passphrase})

    def comity(self, *words: str) -> dict[str, Any]:
        """Run one `comity` command; what it prints as JSON."""
        return self._run("comity", words, {})

    @contextlib.contextmanager
    def desk(self, at: datetime) -> Iterator[dict[str, Forecaster]]:
        """The desk at a pretended time, and the two forecasters, signed in."""
        # One round at the start and one at the end: on a slow computer, too, the forecasters find
        # the drafts of the command before, and not those of a second look at the same files.
        words = ("run", "country.toml", "--at", at.isoformat(), "--every", "600")
        _show("early-warning", words)
        with (self.folder / "desk.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "early_warning", *words],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        try:
            if not answers(self._port, SECONDS):
                raise SystemExit(
                    f"the demonstration stopped: the desk did not open: {self._said()}"
                )
            address = f"http://127.0.0.1:{self._port}"
            yield {
                who: Forecaster(address, who, passphrase) for who, passphrase in PASSPHRASES.items()
            }
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(SECONDS)
            finally:
                process.kill()

    def _said(self) -> str:
        return (self.folder / "desk.log").read_text(encoding="utf-8", errors="replace")[-2_000:]

    def _run(self, module: str, words: tuple[str, ...], more: Mapping[str, str]) -> dict[str, Any]:
        _show(module.replace("_", "-"), words)
        done = subprocess.run(
            [sys.executable, "-m", module, *words, "--json"],
            cwd=self.folder,
            env={**os.environ, **{name: value for name, value in more.items() if value}},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if done.returncode != 0:
            raise SystemExit(f"the demonstration stopped: {done.stdout}{done.stderr}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told


def _show(program: str, words: tuple[str, ...]) -> None:
    typed = " ".join(f'"{word}"' if " " in word else word for word in words)
    print(f"  $ {program} {typed}", flush=True)
