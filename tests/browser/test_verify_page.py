"""verify.html in a real browser, offline, agrees with `comity verify` on every file."""

from __future__ import annotations

import base64
import functools
import html
import itertools
import json
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from comity.attest import SigningKey, Trust, schema_of, verify
from comity.claims import CATALOGUE, Assessment
from comity.cli.types import TYPES
from comity.errors import VerificationError
from comity.report import Estimate, TrustedKey, foreign, verify_page
from tests.attest.example import KEY, NOW, OTHER_KEY, assessment, signed, trust_in
from tests.attest.test_verify import BAD, HOLDS, malleated
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import LOOKS, look
from tests.report import examples

pytestmark = pytest.mark.xdist_group("browser")

SCHEMAS = {name: schema_of(kind) for name, kind in TYPES.items()}
GOOD = signed()


def keys_of(trust: Trust) -> list[TrustedKey]:
    return [
        TrustedKey(
            origin=authority.origin,
            name=authority.name,
            role=authority.role,
            jurisdiction=authority.jurisdiction,
            spki_base64=key.public.base64,
            spki_sha256=key.public.spki_sha256,
            fingerprint=key.public.fingerprint,
            valid_from=key.valid_from.isoformat() if key.valid_from else None,
            valid_until=key.valid_until.isoformat() if key.valid_until else None,
        )
        for authority in trust.authorities
        for key in authority.keys
    ]


def open_verifier(open_page: OpenPage, trust: Trust | None = None, **options: Any) -> Page:
    """The page, made from a trust file, opened on the day on which the bundles were made."""
    trust = trust_in() if trust is None else trust
    page = open_page(verify_page(keys_of(trust), SCHEMAS), **options)
    page.clock.set_fixed_time(NOW)
    return page


@pytest.fixture
def verifier(open_page: OpenPage) -> Callable[..., Page]:
    """A fresh page for this test."""
    return functools.partial(open_verifier, open_page)


@pytest.fixture(scope="module")
def same_page(open_once: OpenPage) -> Page:
    """One page for many files: what it said about the one before must not stay."""
    return open_verifier(open_once)


_numbers = itertools.count()


def choose(page: Page, bundle: bytes) -> None:
    name = f"{next(_numbers)}.sigstore.json"
    file = FilePayload(name=name, mimeType="application/json", buffer=bundle)
    page.set_input_files("#choose", file)
    page.wait_for_selector(f"#outcome bdi:text-is('{name}')")


def rule_shown(page: Page) -> int | None:
    """Rule of the refusal, None where the page says *Verified*; word and colour must agree."""
    verdict = page.locator(".verdict")
    if verdict.inner_text() == "Verified":
        assert "good" in (verdict.get_attribute("class") or "")
        return None
    assert verdict.inner_text() == "Not verified"
    assert "bad" in (verdict.get_attribute("class") or "")
    assert page.locator("#content").inner_text() == ""
    return int(verdict.get_attribute("data-rule") or 0)


def rule_of_python(bundle: bytes, trust: Trust) -> int | None:
    try:
        verify(bundle, trust, TYPES, NOW)
    except VerificationError as error:
        return error.rule
    return None


@pytest.mark.parametrize(("bundle", "rule", "words"), BAD)
def test_what_comity_refuses_the_page_refuses_by_the_same_rule(
    same_page: Page, bundle: bytes, rule: int, words: str
) -> None:
    choose(same_page, bundle)
    assert rule_shown(same_page) == rule
    assert f"Rule {rule} of 7." in same_page.locator(".verdict-text").inner_text()


GOOD_FILES = [
    *(pytest.param(signed(cast(Assessment, one.values[0])), id=one.id) for one in HOLDS),
    pytest.param(malleated(GOOD), id="a signature rewritten by a stranger"),
    pytest.param(signed(examples.realistic()), id="a realistic assessment"),
    pytest.param(
        signed(assessment(environment={"10": "a", "9": "b", "B": "c", "a": "d", "__proto__": "e"})),
        id="keys that JavaScript would sort or swallow",
    ),
]


@pytest.mark.parametrize("bundle", GOOD_FILES)
def test_what_comity_verifies_the_page_verifies(same_page: Page, bundle: bytes) -> None:
    choose(same_page, bundle)
    assert rule_shown(same_page) is None
    expected = verify(bundle, trust_in(), TYPES, NOW)
    assert same_page.locator("#statement-id").inner_text() == expected.id
    shown = same_page.locator("#outcome").inner_text()
    for words in ("Laboratory A", "lab.example", KEY.public.fingerprint, "unproven"):
        assert words in shown


TRUSTS = [
    pytest.param(Trust(), 3, id="a page that trusts nobody"),
    pytest.param(trust_in(OTHER_KEY), 3, id="a page that trusts another key"),
    pytest.param(trust_in(valid_until=date(2026, 11, 20)), 3, id="a key expired yesterday"),
    pytest.param(trust_in(valid_from=date(2026, 11, 22)), 3, id="a key that counts from tomorrow"),
    pytest.param(
        trust_in(valid_from=date(2026, 11, 21), valid_until=date(2026, 11, 21)),
        None,
        id="a key that counts today alone",
    ),
    pytest.param(trust_in(origin="other.example"), 6, id="the key of another authority"),
    pytest.param(trust_in(role="accredited"), 6, id="another role than the one claimed"),
    pytest.param(trust_in(role=None), None, id="a role left to their own word"),
]


@pytest.mark.parametrize(("trust", "rule"), TRUSTS)
def test_page_and_comity_trust_alike(
    verifier: Callable[..., Page], trust: Trust, rule: int | None
) -> None:
    assert rule_of_python(GOOD, trust) == rule
    page = verifier(trust)
    choose(page, GOOD)
    assert rule_shown(page) == rule


def test_one_digit_changed_turns_green_into_red(verifier: Callable[..., Page]) -> None:
    page = verifier()
    choose(page, GOOD)
    assert rule_shown(page) is None
    tree = json.loads(GOOD)
    payload = base64.b64decode(tree["dsseEnvelope"]["payload"])
    payload = payload.replace(b'"estimate":"0.9"', b'"estimate":"0.8"')
    tree["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    choose(page, json.dumps(tree).encode())
    assert rule_shown(page) == 4
    reason = page.locator(".verdict-text").inner_text()
    assert "the content is not what Laboratory A signed" in reason


def test_by_keyboard_alone(verifier: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "by-keyboard.sigstore.json"
    file.write_bytes(GOOD)
    page = verifier()
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "choose"
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict.good")
    assert page.evaluate("document.activeElement.className") == "verdict good"


def test_pasted_by_keyboard_alone(verifier: Callable[..., Page]) -> None:
    page = verifier()
    for key in ("Tab", "Tab", "Enter", "Tab"):  # past the file button, open, into the text
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "pasted"
    page.keyboard.insert_text(GOOD.decode())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    assert rule_shown(page) is None


def test_a_file_dropped_on_the_page(verifier: Callable[..., Page]) -> None:
    page = verifier()
    transfer = page.evaluate_handle(
        """text => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], "dropped.sigstore.json"));
            return transfer;
        }""",
        GOOD.decode(),
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".verdict")
    assert rule_shown(page) is None
    assert "dropped.sigstore.json" in page.locator("#outcome").inner_text()


@pytest.mark.parametrize("key", [KEY, OTHER_KEY], ids=["verified", "refused"])
def test_axe_finds_nothing_in_the_outcome(
    verifier: Callable[..., Page], axe: Callable[[Page], list[str]], key: SigningKey
) -> None:
    page = verifier()
    choose(page, signed(examples.realistic(), key))
    for seen in LOOKS:
        look(page, *seen)
        assert axe(page) == [], seen


@pytest.mark.parametrize("name", examples.ALL)
def test_no_outcome_is_wider_than_a_small_telephone(
    verifier: Callable[..., Page], name: str
) -> None:
    one = examples.ALL[name]()
    trust = trust_in(origin=one.assessor.origin, role=None)
    page = verifier(trust, width=320)
    choose(page, signed(one))
    assert rule_shown(page) is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


FOREIGN_TEXTS = [
    "plain",
    "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "\u202egpj.exe\u2066\u2069 \u200b\ufeff\u00ad",
    "\x00\x1b[31m\x7f\r\n\ttab",
    "two\n\nlines",
    "e" + "\u0301" * 4 + " e" + "\u0301" * 5 + " e" + "\u0301\u0302" * 40,
    "می\u200cخواهم \u0600\u06dd",
    "👩\u200d🚀 \ue000 \U000e0041",
    "国家人工智能测量实验室 مختبر ©",
    "aaa" * 50,
]


def test_page_and_report_show_foreign_text_alike(verifier: Callable[..., Page]) -> None:
    page = verifier()
    choose(page, signed(assessment(notes=tuple(FOREIGN_TEXTS))))
    shown = page.evaluate(
        "[...document.querySelectorAll('#content li > bdi')].map(e => e.outerHTML)"
    )
    assert [html.unescape(one) for one in shown] == [
        html.unescape(str(foreign(text, lines=True))) for text in FOREIGN_TEXTS
    ]
    assert page.evaluate("document.querySelectorAll('#content script, #content img').length") == 0


def test_page_and_report_write_numbers_alike(verifier: Callable[..., Page]) -> None:
    """Two hundred values of every unit and size, each in a table of its own."""
    chance = random.Random(20261121)
    units = ("accuracy.accuracy", "fairness.tpr_gap", "accuracy.brier", "accuracy.log_loss")
    pairs, expected = [], []
    for index in range(200):
        measure = units[index % len(units)]
        size = 10.0 ** chance.randint(-7, 5)
        low, point, high = sorted(chance.uniform(-1, 1) * size for _ in range(3))
        if index % 5 == 0:
            point = high = low = round(low, 3)
        pair = examples.claim(measure, point, low, high, on={f"column_{index:03}": "x"})
        pairs.append(pair)
        _, one = pair
        assert one.interval is not None and one.estimate is not None
        bounds = Decimal(one.interval.low), Decimal(one.interval.high)
        estimate = Estimate(Decimal(one.estimate), *bounds, CATALOGUE[measure].unit)
        expected.append((estimate.text, estimate.interval_text))
    page = verifier()
    choose(page, signed(examples.assessment(pairs)))
    assert rule_shown(page) is None
    values = page.locator("#content td.value bdi").all_text_contents()
    intervals = page.locator("#content td.interval bdi").all_text_contents()
    assert list(zip(values, intervals, strict=True)) == expected


def test_withheld_groups_have_a_reason_and_no_number(verifier: Callable[..., Page]) -> None:
    page = verifier()
    choose(page, signed(examples.realistic()))
    rows = page.locator("#content tr.nothing")
    assert rows.count() == 3
    for text in rows.all_inner_texts():
        assert "the group is smaller than the minimum cell" in text


def test_a_browser_without_webcrypto_is_told_which_one_to_use(browser: Browser) -> None:
    """A page from an insecure address gets no WebCrypto: so browsers behave."""
    with browser.new_context() as context:
        context.route("**", lambda route: route.fulfill(body=verify_page([], SCHEMAS)))
        page = context.new_page()
        page.goto("http://insecure.test/")
        assert page.locator(".verdict").inner_text() == "Not verified"
        assert "Firefox" in page.locator(".verdict-text").inner_text()


def test_every_schema_keyword_is_known_to_the_page() -> None:
    """The page refuses what it cannot check; so a new keyword must be taught to it first."""
    script = verify_page([], {})
    known = {"$schema", "$defs", "title", "description", "default", "discriminator"}

    def keywords(schema: Any) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        found = set(schema)
        for name, value in schema.items():
            if name in ("default", "discriminator"):
                continue
            if name in ("properties", "$defs"):
                for one in value.values():
                    found |= keywords(one)
            elif isinstance(value, list):
                for one in value:
                    found |= keywords(one)
            else:
                found |= keywords(value)
        return found

    for kind in TYPES.values():
        for keyword in keywords(schema_of(kind)) - known:
            assert f"  {keyword}(value" in script
