"""The page of a draft: what is approved, on what evidence, and what changed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest
from markupsafe import Markup

from comity.report.foreign import foreign
from early_warning.desk.map import Atlas, make_atlas
from early_warning.desk.pages.draft import changes, draft_page, seen_before
from early_warning.desk.pages.shell import Frame
from early_warning.desk.view import Act, Draft, Preview
from early_warning.drafts.proposal import Content
from early_warning.service import Service
from goods.early_warning.tests.desk.coast import DAY, coast, proposal


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Atlas]]:
    service = coast(tmp_path_factory.mktemp("coast"))
    yield service, make_atlas(one.area for one in service.ledger.districts)


def frame(country: tuple[Service, Atlas], who: str = "aicha") -> Frame:
    names = {"aicha": "Aicha Omar", "omar": "Omar Ali"}
    zone = country[0].zone
    return Frame(status="Test", zone=zone, now=DAY, who=who, names=names, token="t")


def act(number: int, kind: str, content: Content | None = None, **more: object) -> Act:
    one = Act(
        number=number, at=DAY, who="omar", kind="edited", draft=1, words="", previous="0" * 64
    )
    return msgspec.structs.replace(one, kind=kind, content=content, **more)


def shown(country: tuple[Service, Atlas], **changed: object) -> str:
    made = proposal()
    one = Draft(
        number=1,
        state="waiting",
        proposal=made,
        content=made.content,
        approvals=(),
        needed=2,
        taken_up_by=None,
        faults=(),
        acts=(act(1, "proposed", made.content),),
    )
    fault = Preview(
        language="fr",
        name="Français",
        direction="ltr",
        reviewed=False,
        headline="",
        description="",
        instruction="",
        fault="Old Port has no name in French.",
    )
    return draft_page(
        frame(country),
        msgspec.structs.replace(one, **changed),
        [fault],
        country[0].ledger.districts,
        country[1],
        review_hours=6,
    )


def text(html: str) -> str:
    return " ".join(Markup(html).striptags().split())


def content(**changed: object) -> Content:
    return msgspec.structs.replace(proposal().content, **changed)


def test_the_form_to_approve_carries_the_digest_of_what_is_shown(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country)
    digest = proposal().content.digest
    assert f'name="digest" value="{digest}"' in html[html.index('<section id="approve"') :]


STANDS = {
    "first of two": ({}, "After yours, another person must approve it.", True),
    "second of two": ({"approvals": ("omar",)}, "Your approval sends it.", True),
    "alone at night": ({"needed": 1}, "It is night: your approval alone sends it.", True),
    "one's own, by day": (
        {"approvals": ("aicha",)},
        "You have approved it; now another person must.",
        False,
    ),
    "not as it stands": ({"faults": ("No channel.",)}, "It cannot go out as it stands.", False),
    "issued": ({"state": "issued"}, "Draft 1: Issued", False),
    "dismissed": ({"state": "dismissed"}, "Draft 1: Dismissed", False),
}


@pytest.mark.parametrize(("changed", "sentence", "may"), STANDS.values(), ids=STANDS)
def test_the_page_says_what_an_approval_would_do(
    country: tuple[Service, Atlas], changed: dict[str, object], sentence: str, may: bool
) -> None:
    html = shown(country, **changed)
    assert sentence in text(html)
    assert ('value="approve"' in html) == may


def test_a_draft_that_went_out_leads_to_its_alert(country: tuple[Service, Atlas]) -> None:
    issued = act(2, "issued", identifier="warnings@coast.example.1.0")
    html = shown(country, state="issued", acts=(issued,))
    assert '<a href="/alerts/warnings%40coast.example.1.0">see the alert</a>' in html


def test_what_to_know_before_approving_stands_beside_the_button(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country, notes=("A newer run says otherwise.",))
    assert html.count("A newer run says otherwise.") == 2
    assert (
        "A newer run" in html[html.index('<section id="approve"') : html.index('value="approve"')]
    )


def test_a_district_added_by_hand_is_told_to_have_no_evidence(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country, content=content(districts=("C01", "C04"), chance=None))
    assert "Added by hand, without evidence: North Coast." in text(html)
    assert "<title>North Coast: added by hand</title>" in html
    assert "left out of the draft" in text(html)  # the others of the proposal
    assert "<dt>Chance</dt><dd>none is stated</dd>" in html


def test_the_form_offers_every_district_with_those_of_the_draft_ticked(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country, content=content(districts=("C01", "C04")))
    boxes = re.findall(r'name="district" value="(C\d\d)"( checked)?', html)
    assert sorted(code for code, _ in boxes) == [f"C{number:02}" for number in range(1, 11)]
    assert {code for code, ticked in boxes if ticked} == {"C01", "C04"}


def test_a_cancellation_has_no_form_to_edit(country: tuple[Service, Atlas]) -> None:
    html = shown(country, content=content(message="Cancel", changes="warnings@coast.example.1.0"))
    assert 'value="edit"' not in html
    assert "Cancellation: Heavy rain above 50 mm" in text(html)


def test_a_language_without_text_says_why(country: tuple[Service, Atlas]) -> None:
    assert "Old Port has no name in French." in text(shown(country))


def test_what_was_seen_is_found_by_its_digest(country: tuple[Service, Atlas]) -> None:
    first, second = content(threshold="60"), content(threshold="70")
    made = proposal()
    draft = Draft(
        number=1,
        state="waiting",
        proposal=made,
        content=second,
        approvals=(),
        needed=2,
        taken_up_by=None,
        faults=(),
        acts=(act(1, "edited", first), act(2, "edited", second)),
    )
    for one in (made.content, first, second):
        assert seen_before(draft, one.digest) == one
    assert seen_before(draft, "f" * 64) is None


CHANGED: dict[str, tuple[dict[str, object], dict[str, tuple[str, str]]]] = {
    "nothing": ({}, {}),
    "the threshold": (
        {"threshold": "80", "chance": None},
        {
            "Event": ("Heavy rain above 50 mm", "Heavy rain above 80 mm"),
            "Chance": ("45 %", "none is stated"),
        },
    ),
    "the districts": (
        {"districts": ("C04", "C05", "C10", "C01")},
        {
            "Districts": (
                foreign('also <script>alert("x")</script>\u202egpj'),
                foreign("also North Coast"),
            )
        },
    ),
    "the note": (
        {"note": "Call the port."},
        {"Note for colleagues": ("—", foreign("Call the port."))},
    ),
    "the severity": ({"severity": "Extreme"}, {"Severity": ("Severe", "Extreme")}),
}


@pytest.mark.parametrize(("changed", "expected"), CHANGED.values(), ids=CHANGED)
def test_every_change_is_told_in_words(
    country: tuple[Service, Atlas],
    changed: dict[str, object],
    expected: dict[str, tuple[str, str]],
) -> None:
    names = {one.area.code: one.area.name for one in country[0].ledger.districts}
    found = changes(content(), content(**changed), names, frame(country))
    assert {one.field: (one.before, one.after) for one in found} == expected


def test_no_field_of_a_content_can_change_unseen(country: tuple[Service, Atlas]) -> None:
    other = Content(
        message="Update",
        changes="warnings@coast.example.1.0",
        hazard="strong_wind",
        threshold="20",
        chance=None,
        colour="red",
        impact="severe",
        onset=DAY,
        expires=DAY.replace(hour=20),
        districts=("C01",),
        urgency="Immediate",
        severity="Extreme",
        certainty="Likely",
        response="Shelter",
        note="Call.",
    )
    for field in msgspec.structs.fields(Content):
        one = content(**{field.name: getattr(other, field.name)})
        assert list(changes(content(), one, {}, frame(country))), field.name
