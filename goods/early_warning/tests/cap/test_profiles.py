"""The rules of WMO's members and of Google, each broken once."""

from __future__ import annotations

import pytest

from early_warning import cap
from goods.early_warning.tests.cap.examples import alert
from goods.early_warning.tests.cap.test_meaning import EARLIER, POLYGON, REFERENCE, UPDATE, spoilt

GEOCODE = "<geocode>\n<valueName>P-code</valueName>\n<value>XC01</value>\n</geocode>"
WORDS_ALONE = [(POLYGON, ""), (GEOCODE, "")]
NO_END = [("<expires>2026-11-23T12:00:00+03:00</expires>\n", "")]
OTHER = EARLIER.replace("coast", "steppe")

BROKEN = {
    "an identifier of one's own": ("W1", [("<identifier>2.49.0.", "<identifier>2.50.0.")]),
    "no end, for WMO": ("W3", NO_END),
    "words alone, for WMO": ("W4", WORDS_ALONE),
    "a language that is not said": ("W5", [("<language>en</language>", "")]),
    "a service without a name": ("W6", [("Coast Weather Service", "")]),
    "an Update of another sender's alert": (
        "W7",
        [UPDATE, ("<info>", REFERENCE.format(OTHER))],
    ),
    "no description": ("G2", [("<description>", "<!--"), ("</description>", "-->")]),
    "no end, for Google": ("G3", NO_END),
    "words alone, for Google": ("G4", WORDS_ALONE),
    "an Update of nothing": ("G5", [UPDATE]),
    "a long headline": ("G9", [("<headline>", "<headline>" + "Rain " * 30)]),
    "no instruction": ("G10", [("<instruction>", "<!--"), ("</instruction>", "-->")]),
    "an unknown severity": ("G11", [("<severity>Severe", "<severity>Unknown")]),
    "a code without a polygon": ("G12", [(POLYGON, "")]),
}


@pytest.mark.parametrize(("rule", "changes"), BROKEN.values(), ids=BROKEN.keys())
def test_the_profile_names(rule: str, changes: list[tuple[str, str]]) -> None:
    findings = {one.rule: one for one in cap.judge(spoilt(changes)).findings}
    assert rule in findings
    assert findings[rule].profile == ("wmo" if rule[0] == "W" else "google")
    assert findings[rule].source


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("G6", "<category>Met", "<category>Fire"),
        ("G7", "<value>heavy_rain", "<value>strong_wind"),
    ],
)
def test_google_wants_the_same_codes_in_all_languages(rule: str, old: str, new: str) -> None:
    english, french = cap.write_alert(alert("en", "fr")).decode().rsplit("<info>", 1)
    data = f"{english}<info>{french.replace(old, new, 1)}".encode()
    assert rule in {one.rule for one in cap.judge(data).errors("google")}


def test_google_wants_one_event_in_each_language() -> None:
    english, french = cap.write_alert(alert("en", "fr")).decode().rsplit("<info>", 1)
    data = f"{english}<info>{french.replace('<language>fr', '<language>en')}".encode()
    assert [one.rule for one in cap.judge(data).errors("google")] == ["G8"]


def test_both_want_an_info_block() -> None:
    head = cap.write_alert(alert()).decode().partition("<info>")[0]
    verdict = cap.judge(f"{head}</alert>".encode())
    assert [one.rule for one in verdict.errors("wmo")] == ["W2"]
    assert [one.rule for one in verdict.errors("google")] == ["G1"]


def test_a_profile_does_not_make_an_alert_invalid() -> None:
    assert cap.judge(spoilt([("<identifier>2.49.0.", "<identifier>2.50.0.")])).valid
