"""The demo, as a newcomer sees it: run in a copy of its folder, opened in a real browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from demo.page import read_assessment
from demo.people import FEATURES, SEED, load_people, needs_care
from playwright.sync_api import Browser, Page, expect
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

from comity.files import hash_weights, weights_digest
from comity.record.fork import check_fork
from tests.parts import ROOT

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A finished demo and what it printed."""
    home = tmp_path_factory.mktemp("fresh")
    (home / "demo").mkdir()
    for name in ("cost.toml", "need.toml", "coast-sample.toml", "PLAN.md"):
        shutil.copy(ROOT / "demo" / name, home / "demo")
    for source in (ROOT / "demo").glob("*.py"):
        shutil.copy(source, home / "demo")
    (home / "tests").symlink_to(ROOT / "tests")
    done = subprocess.run(
        [sys.executable, "-m", "demo.run"], cwd=home, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "demo", done.stdout


def test_it_ends_by_naming_the_one_file_to_open(demo: tuple[Path, str]) -> None:
    folder, printed = demo

    assert printed.strip().endswith("demo/index.html")
    assert (folder / "index.html").exists()


def test_it_leaves_what_a_stranger_needs_to_check_it(demo: tuple[Path, str]) -> None:
    folder, _ = demo

    for name in ("verify.html", "trust.toml", "keys/lab.example.pub"):
        assert (folder / name).exists(), name
    for learns in ("cost", "need"):
        assert (folder / learns / "result.sigstore.json").exists()
        assert (folder / learns / "report.html").exists()


def opened(browser: Browser, file: Path, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, offline=True).new_page()
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_opens_with_people_and_axe_finds_nothing(
    demo: tuple[Path, str],
    browser: Browser,
    axe: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = opened(browser, demo[0] / "index.html", width)

    expect(page.get_by_text("Of 100 sick poor people, how many are reached?")).to_be_visible()
    assert page.locator("svg.people").count() == 2
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_signed_file_holds_in_the_browser_and_one_digit_turns_it_red(
    demo: tuple[Path, str],
    browser: Browser,
) -> None:
    folder, _ = demo
    page = opened(browser, folder / "verify.html")
    bundle = folder / "cost" / "result.sigstore.json"

    page.set_input_files("input[type=file]", bundle)
    expect(page.get_by_role("heading", name="Verified", exact=True)).to_be_visible()

    text = bundle.read_text()
    place = text.index('"payload"') + 400
    changed = "A" if text[place] != "A" else "B"
    forged = folder / "forged.sigstore.json"
    forged.write_text(text[:place] + changed + text[place + 1 :])
    page.set_input_files("input[type=file]", forged)
    expect(page.get_by_role("heading", name="Not verified", exact=True)).to_be_visible()
    forged.unlink()
    page.context.close()


def test_the_evidence_names_the_weights_of_the_models_that_lie_beside_it(
    demo: tuple[Path, str], browser: Browser
) -> None:
    folder, _ = demo
    page = opened(browser, folder / "index.html")

    for learns in ("cost", "need"):
        result = read_assessment(folder / f"{learns}-model" / "result.sigstore.json")
        identity = result.system.identity
        assert identity.binding == "weights"
        assert identity.digest == weights_digest(hash_weights(folder / f"{learns}-model.onnx"))
        assert result.data.evaluated == 2_079
        expect(page.locator("#proof")).to_contain_text(identity.digest)
    page.context.close()


def test_the_model_as_a_file_decides_as_the_library_that_trained_it(
    demo: tuple[Path, str],
) -> None:
    """Of the people held out: the same selected, and the same of the sick poor reached."""
    people = load_people()
    rows = np.arange(len(people["age"]))
    train, test = train_test_split(rows, test_size=0.2, shuffle=True, random_state=SEED)
    features = np.column_stack([people[name] for name in FEATURES]).astype(np.float32)
    model = GradientBoostingClassifier(random_state=SEED)
    model.fit(features[train], needs_care(people)[train])
    scores = model.predict_proba(features)[:, 1]
    chosen = scores[test] >= np.quantile(scores[train], 0.75)
    sick_poor = needs_care(people)[test] & (people["poverty"][test] > 0)

    result = read_assessment(demo[0] / "need-model" / "result.sigstore.json")
    reached = next(
        claim
        for claim in result.claims
        if claim.measure == "fairness.tpr" and claim.slice == {"income": "poor"}
    )
    assert reached.counts.scored == sick_poor.sum()
    assert reached.counts.successes == pytest.approx((chosen & sick_poor).sum(), abs=1)


def test_two_countries_decide_differently_about_one_proof(
    demo: tuple[Path, str], browser: Browser
) -> None:
    page = opened(browser, demo[0] / "index.html")

    coast = page.locator("li", has_text="Coast (fictional), the model learned from need")
    steppe = page.locator("li", has_text="Steppe (fictional), the model learned from need")
    expect(coast).to_contain_text("nothing failed")
    expect(steppe).to_contain_text("not met")
    page.context.close()


def test_the_delta_was_run_and_one_requirement_is_no_longer_open(
    demo: tuple[Path, str], browser: Browser
) -> None:
    page = opened(browser, demo[0] / "index.html")

    row = page.get_by_role("row", name="Art 4(3) The poor of Coast are reached")
    expect(row.get_by_role("cell").nth(0)).to_have_text("not tested")
    expect(row.get_by_role("cell").nth(1)).to_have_text("satisfied")
    page.context.close()


def test_the_verifier_of_the_demo_knows_the_offices_that_decided(
    demo: tuple[Path, str], browser: Browser
) -> None:
    folder, _ = demo
    page = opened(browser, folder / "verify.html")

    for file in ("decisions/coast-need/decision.sigstore.json", "agreement.steppe.sigstore.json"):
        page.set_input_files("input[type=file]", folder / file)
        expect(page.get_by_role("heading", name="Verified", exact=True)).to_be_visible()
        page.reload()
    page.context.close()


def test_what_the_laboratory_takes_back_falls_and_two_stories_are_caught(
    demo: tuple[Path, str], browser: Browser
) -> None:
    folder, _ = demo
    page = opened(browser, folder / "index.html")

    row = page.locator("#log").get_by_role("row", name="Art 4(1)")
    expect(row.get_by_role("cell").nth(0)).to_have_text("satisfied")
    expect(row.get_by_role("cell").nth(1)).to_have_text("not tested")
    expect(page.locator("#log")).to_contain_text("its author has withdrawn it")
    forked = check_fork((folder / "third-party" / "fork.json").read_bytes())
    assert forked.first.size == forked.second.size == 3
    for checkpoint in (forked.first, forked.second):
        expect(page.locator("#log")).to_contain_text(checkpoint.root.hex())

    page.goto((folder / "verify.html").as_uri())
    page.set_input_files("input[type=file]", folder / "withdrawal.sigstore.json")
    expect(page.get_by_role("heading", name="Verified", exact=True)).to_be_visible()
    page.context.close()


def test_the_last_chapter_shows_that_planted_rates_of_a_language_model_were_found(
    demo: tuple[Path, str], browser: Browser
) -> None:
    page = opened(browser, demo[0] / "index.html")

    expect(page.locator("#language-model .short")).to_contain_text("intervals hold what was")
    assert page.locator("#language-model tbody tr").count() == 7
    page.context.close()


def test_every_link_of_the_page_leads_to_a_file(demo: tuple[Path, str], browser: Browser) -> None:
    page = opened(browser, demo[0] / "index.html")
    links = [link.get_attribute("href") for link in page.locator("a").all()]

    assert len(links) > 8
    for link in links:
        assert link is not None
        assert (demo[0] / link).exists(), link
    page.context.close()
