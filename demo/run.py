"""`make demo`: Comity's main job, end to end, through the command line that everybody uses.

Everything is left in this folder. Open `index.html`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from demo.countries import AUTHORITIES, COUNTRIES, decide_abroad
from demo.logs import FOLDERS, keep_logs
from demo.models import RUN, write_models
from demo.page import demo_page
from demo.people import SYSTEMS, load_people, predictions
from demo.sharing import MADE as SHARED
from demo.sharing import share_round

FOLDER = Path(__file__).resolve().parent
ORIGIN = "lab.example"
MADE = (
    "keys", *SYSTEMS, *RUN.values(), *(f"{name}.toml" for name in RUN.values()),
    "index.html", "verify.html", "trust.toml", "agreement.toml", "decisions", "self-check",
    *(f"agreement.{place}.sigstore.json" for place in AUTHORITIES),
    *(f"{place}.toml" for place in COUNTRIES), "coast-sample", *FOLDERS, *SHARED,
)  # fmt: skip


def comity(*words: str) -> dict[str, Any]:
    """Run one `comity` command in the demo's folder, show it, and return what it prints as JSON."""
    print("  $ comity " + " ".join(f'"{word}"' if " " in word else word for word in words))
    done = subprocess.run(
        [sys.executable, "-m", "comity", *words, "--json"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"the demo stopped: {done.stdout}{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    """Make the tables, measure, sign, trust, verify, and write the page."""
    for name in MADE:
        target = FOLDER / name
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)

    print("1. Two models for one care programme, as fixed in demo/PLAN.md (about ten seconds)")
    people = load_people()
    for learns in SYSTEMS:
        (FOLDER / f"{learns}.csv").write_text(predictions(people, learns), encoding="utf-8")
        print(f"   {learns}.csv: {len(people['age']):,} people, scored by {learns}")

    write_models(people, FOLDER)
    print("   and each once more as one file, cost-model.onnx and need-model.onnx")

    print("2. A laboratory makes a key, measures both models, and signs what it found")
    identity = ("--name", "Example Laboratory", "--role", "independent")
    key = comity("keys", "new", ORIGIN, *identity, "--out", "keys")
    for learns in SYSTEMS:
        comity("assess", f"{learns}.toml", "--key", f"keys/{ORIGIN}.key", "--out", learns)
    print("   Then it runs the two files itself, so that what it signs names their weights")
    for name in RUN.values():
        comity("assess", f"{name}.toml", "--key", f"keys/{ORIGIN}.key", "--out", name)

    print("3. Abroad: trust that key after reading its fingerprint aloud, then check the files")
    fingerprint = ("--fingerprint", str(key["fingerprint"]))
    comity("trust", "add", f"keys/{ORIGIN}.pub", "--origin", ORIGIN, *identity, *fingerprint)
    comity("trust", "page")
    for name in (*SYSTEMS, *RUN.values()):
        comity("verify", f"{name}/result.sigstore.json")

    independent = _check_with_npm()

    print("4. Two fictional countries agree, decide by their own laws, and run what is missing")
    decide_abroad(comity, FOLDER, ORIGIN, list(SYSTEMS))

    print("5. What was signed is taken back, and somebody tells two stories")
    told = keep_logs(comity, FOLDER, ORIGIN)
    comity("trust", "page")  # again: now it knows the offices that decided, too

    print("6. Is what is planted in a simulated language model found?")
    comity("self-check", "--out", "self-check")

    print("7. Countries say what they need, donors what they give, and anybody checks the sums")
    share_round(comity, FOLDER)

    (FOLDER / "index.html").write_text(
        demo_page(FOLDER, told, fingerprint=str(key["fingerprint"]), independent=independent),
        encoding="utf-8",
    )
    shown = os.path.relpath(FOLDER / "index.html")
    print(f"\nDone. Open this one file in a browser: {shown}")


def _check_with_npm() -> bool:
    """Check both files with npm's own Sigstore verifier, where Node and the package are here."""
    program = FOLDER.parent / "tests" / "independent" / "verify.mjs"
    node = shutil.which("node")
    if node is None or not (program.parent / "node_modules" / "@sigstore" / "verify").is_dir():
        return False
    for learns in SYSTEMS:
        bundle = FOLDER / learns / "result.sigstore.json"
        public = FOLDER / "keys" / f"{ORIGIN}.pub"
        words = f"demo/{learns}/{bundle.name} demo/keys/{public.name}"
        print(f"  $ node tests/independent/verify.mjs {words}")
        subprocess.run([node, program, bundle, public], check=True, stdout=subprocess.DEVNULL)
    return True


if __name__ == "__main__":
    main()
