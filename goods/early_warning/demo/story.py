"""The demonstration's one page: what was made, what was warned of, and who was missed.

Every number is read from what the program kept: the outlook, the verdicts, the journal, the outbox,
the audit, and a signed assessment.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path

import msgspec
from markupsafe import Markup

from comity.claims import Assessment
from comity.report import Section, foreign, page
from comity.report.numbers import count_text, estimate_of
from early_warning.audit import Audit
from early_warning.cap import read_alert
from early_warning.desk.pages.words import ACTS, chance, event, stamp
from early_warning.desk.view import Issued
from goods.early_warning.demo.kept import MAP, NEXT, Kept
from goods.early_warning.demo.markup import bullets, links, page_link, table
from goods.early_warning.demo.pictures import expected, missed

__all__ = ["story"]

_STYLE = ".picture { inline-size: 100%; max-inline-size: 30rem; } figure { margin: 1.2rem 0; }"


def story(folder: Path, kept: Kept) -> str:
    """Build `index.html`.

    Args:
        folder: Holds `coast/`, with everything that the commands wrote.
        kept: The rest.
    """
    audit = msgspec.json.decode((folder / "coast/audit/audit.json").read_bytes(), type=Audit)
    sections = [
        Section("1. A day that never was", _made(kept), "made"),
        Section("2. What the forecast may say", _forecast(kept), "forecast"),
        Section("3. Two people decide", _desk(kept), "desk"),
        Section("4. What went out", _alerts(kept), "alerts"),
        Section("5. Who was missed", _missed(kept, audit), "missed"),
        Section("6. Is the forecast any good?", _card(folder, kept), "card"),
        Section("7. On real data", _real(kept), "real"),
    ]
    return page(
        "Who was warned, and who was missed?",
        sections,
        kicker="Early warning, a demonstration: everything in it is made",
        lead=(
            "A storm comes to Coast, a country that does not exist. From 51 runs of a forecast to "
            "signed warnings in three languages, and to the people whom none of them reached."
        ),
        style=_STYLE,
        foot="Made on this machine by “make demo-warning”. Advisory: no alerting authority.",
    )


def _made(kept: Kept) -> Markup:
    ledger, outlook = kept.service.ledger, kept.view.outlook
    assert outlook is not None, "the commands before have read the forecast"
    return Markup(
        "<p class='short'>Coast lies where there is only sea. Its districts, its {people} people, "
        "28 years of its weather and the forecast of one day were written by a program.</p>"
        "<p>What is planted in it, and what became of that:</p><ul>"
        "<li>One field of the forecast is zero everywhere, as a failed job leaves it. It became "
        "<em>no data</em>, never <em>no rain</em>:{no_data}</li>"
        "<li>In one district nobody was counted, in another the boundary is broken, and some "
        "speak a language that no alert is written in:{said}</li>"
        "<li>The capital is smaller than a cell of the forecast’s grid. It has a forecast all the "
        "same.</li>"
        "<li>In the dry interior the forecasts of the past were worth nothing.</li></ul>"
        "<p>{link}</p>"
    ).format(
        people=count_text(ledger.total),
        no_data=bullets(outlook.no_data),
        said=bullets(outlook.people),
        link=links({MAP: kept.pages[MAP], "what the files are": "coast/made/MADE.txt"}),
    )


def _forecast(kept: Kept) -> Markup:
    """Where skill was shown, and what came of the day."""
    tested: Counter[tuple[str, int]] = Counter()
    shown: Counter[tuple[str, int]] = Counter()
    names = {one.area.code: one.area.name for one in kept.service.ledger.districts}
    for one in kept.skill.verdicts:
        tested[one.district, one.lead] += 1
        shown[one.district, one.lead] += one.shown
    leads = sorted({lead for _, lead in tested})
    rows = [
        (name, *(f"{shown[code, lead]} of {tested[code, lead]}" for lead in leads))
        for code, name in names.items()
    ]
    drafts = [
        (
            page_link(kept, f"draft {act.draft}", str(act.draft)),
            ("" if act.content.message == "Alert" else f"{act.content.message}: ")
            + event(act.content),
            ", ".join(names[code] for code in act.content.districts),
            f"{stamp(act.content.onset, kept.service.zone)} to "
            f"{stamp(act.content.expires, kept.service.zone)}",
            f"{act.content.colour}; {chance(act.content)}",
        )
        for act in kept.journal
        if act.content is not None and act.kind in ("proposed", "taken_up")
    ]
    return Markup(
        "<p class='short'>A forecast may raise an alert only where it has beaten the climate of "
        "the season on days that it did not know.</p>"
        "<p>Eight years of forecasts and observations were judged: two methods, three thresholds, "
        "{leads} leads, twelve districts, all together at a false discovery rate of a tenth. In "
        "how many of six cases was skill shown?</p>{table}"
        "<p class='quiet'>Not shown is no verdict that there is none: five-year rain is too rare "
        "in eight years to prove anything.</p>"
        "{picture}<p>What came of the day’s forecast. Notices rest on no shown skill; they become "
        "drafts only where a forecaster takes them up in their own name.</p>{drafts}"
    ).format(
        leads=len(leads),
        picture=expected(kept),
        table=table(("District", *(f"{lead} hours ahead" for lead in leads)), rows),
        drafts=table(("Draft", "Event", "Districts", "Window", "Colour; chance"), drafts),
    )


def _desk(kept: Kept) -> Markup:
    people = {"aicha": "Aicha", "benoit": "Benoit", "machine": "The program"}
    lines = [
        (
            stamp(act.at, kept.service.zone),
            people.get(act.who, act.who),
            ACTS.get(act.kind, act.kind) + (f", draft {act.draft}" if act.draft else ""),
            foreign(act.words) if act.words else "",
        )
        for act in kept.journal
    ]
    return Markup(
        "<p class='short'>By day two different people approve what they have read, word for word. "
        "At night one may; then a second one must look at it.</p>"
        "<p>Aicha and Benoit are scripts. They signed in at the real desk and filled in its forms. "
        "An edit voids what was approved before, and every act stands in a journal in which each "
        "line holds the digest of the line before. {links}.</p>"
        "<details><summary>The journal: {acts} acts</summary>{table}</details>"
        "<p class='quiet'>The chain shows that no line in the middle was changed. It does not show "
        "that nobody wrote all of it anew: write its last digest down elsewhere, "
        "<span class='digest'>{head}</span>.</p>"
    ).format(
        links=links({words: kept.pages[words] for words in (MAP, NEXT)}),
        acts=len(lines),
        table=table(("When", "Who", "What", "In their words"), lines),
        head=kept.view.head,
    )


def _alerts(kept: Kept) -> Markup:
    cards = Markup("").join(_alert(kept, one) for one in reversed(kept.view.issued))
    refused = sum(not one.signed for one in kept.heard)
    broker = (
        "The broker took a notification of each; it stands in the outbox with its receipt."
        if kept.broker
        else "There is no Mosquitto on this computer, so no broker was tried."
    )
    return Markup(
        "<p class='short'>{number} signed messages, in English, French and Arabic, each a file of "
        "the Common Alerting Protocol.</p>{cards}"
        "<p>The radio station got {heard} of them by HTTPS and read out none before its signature "
        "held. Then one letter of an alert was changed on the way: <em>{forged}</em> "
        "({refused} refused). {broker} <a href='coast/feed/feed.xml'>The feed</a>, "
        "<a href='coast/alerts.crt'>the certificate</a>.</p>"
        "<p>Check one yourself, in the folder <code>coast</code>:<br><code>early-warning check "
        "{example} --certificate alerts.crt --at {at}</code></p>"
        "<p class='quiet'>The status is Exercise, and each text says so in its first words. French "
        "and Arabic texts have not been reviewed by speakers: as a real warning they would be "
        "refused. A receipt says that a machine took the bytes, not that a person heard them.</p>"
    ).format(
        number=len(kept.view.issued),
        cards=cards,
        heard=sum(one.signed for one in kept.heard),
        forged=kept.forged,
        example=next(iter(kept.files.values())).partition("/")[2],
        at=kept.view.now.isoformat(),
        refused=refused,
        broker=broker,
    )


def _alert(kept: Kept, one: Issued) -> Markup:
    alert = read_alert(kept.alerts[one.identifier])
    said = Markup("").join(
        Markup("<p lang='{}' dir='{}'>{}</p>").format(
            info.tongue, "rtl" if info.tongue == "ar" else "ltr", info.headline
        )
        for info in alert.infos
    )
    received = "; ".join(
        f"{sent.recipient} by {sent.channel}: "
        f"{sent.receipt.kind if sent.receipt else sent.reason or sent.state}"
        for sent in one.deliveries
    )
    how = "one person alone, at night" if one.alone else "two people"
    return Markup(
        "<details><summary>{kind}, sent {sent}: {what}</summary>{said}<dl class='facts'>"
        "<dt>Signed file</dt><dd><a href='{file}' download>{name}</a></dd>"
        "<dt>Approved by</dt><dd>{how}</dd><dt>State at the end</dt><dd>{state}</dd>"
        "<dt>Receipts</dt><dd>{received}</dd>"
        "<dt>At the desk</dt><dd>{page}</dd></dl></details>"
    ).format(
        kind=alert.msg_type,
        sent=stamp(one.sent, kept.service.zone),
        what=event(one.draft.content),
        said=said,
        file=kept.files[one.identifier],
        name=Path(kept.files[one.identifier]).name,
        how=how,
        state=one.state.replace("_", " "),
        received=received,
        page=page_link(kept, one.identifier, "as forecasters see it"),
    )


def _missed(kept: Kept, audit: Audit) -> Markup:
    (rain,) = (one for one in audit.hazards if one.hazard == "heavy_rain")
    counts, everybody = rain.score.counts, rain.people.everybody
    events = counts["hit"] + counts["late"] + counts["unwarned"]
    groups = [
        (foreign(one.group), count_text(one.people.everybody.exposed),
         count_text(one.people.everybody.missed), count_text(one.people.everybody.unknown))
        for one in rain.groups
    ]  # fmt: skip
    return Markup(
        "<p class='short'>It rained heavily in {events} districts. In {hits} of them people were "
        "warned before.</p>{picture}"
        "<p>On North Shore the rain came before the alert. Of {exposed} people where it happened, "
        "{missed} were missed: {late} had no alert in time, {mute} none in their language. By what "
        "is known of the radio, {low} to {high} could have heard it; of {unknown} nobody can say. "
        "{false} of the district days that were warned of were false alarms, and what nobody "
        "observed ({unobserved}) is counted nowhere else.</p>{table}"
        "<p><a href='coast/audit/audit.html'>The whole audit</a>: by district, group, language and "
        "channel, with intervals; and <a href='coast/audit/audit.json'>as data</a>.</p>"
        "<p class='quiet'>Groups overlap and are never added up. Unknown reach never counts as "
        "reached.</p>"
    ).format(
        picture=missed(kept, rain, audit.places),
        events=events,
        hits=counts["hit"],
        exposed=count_text(everybody.exposed),
        missed=count_text(everybody.missed),
        late=count_text(everybody.fates["not_warned"]),
        mute=count_text(everybody.fates["no_language"]),
        low=count_text(everybody.reached_low),
        high=count_text(everybody.reached_high),
        unknown=count_text(everybody.unknown),
        false=counts["false_alarm"],
        unobserved=counts["unobserved"],
        table=table(("Group", "Where it happened", "Missed", "Nobody can say"), groups),
    )


def _card(folder: Path, kept: Kept) -> Markup:
    names = {one.area.code: one.area.name for one in kept.service.ledger.districts}
    bundle = folder / "coast/assessed/result.sigstore.json"
    envelope = json.loads(bundle.read_bytes())["dsseEnvelope"]
    statement = json.loads(base64.b64decode(envelope["payload"]))
    result = msgspec.convert(statement["predicate"], Assessment)
    rows = []
    for claim in result.claims:
        found = estimate_of(claim, "score") if claim.measure == "skill.pinball_skill" else None
        if found is not None:
            name = names.get(claim.slice.get("site", ""), "all districts together")
            rows.append((name, found.text, found.interval_text))
    return Markup(
        "<p class='short'>The same forecast, measured as any other AI system: signed, so that "
        "others can check it and need not repeat it.</p>"
        "<p>Skill against the climate of the season, a day ahead, the worst district first; 1 is "
        "perfect, 0 is no better than the calendar.</p>{table}"
        "<p><a href='coast/assessed/report.html'>The report</a>, "
        "<a href='coast/assessed/result.sigstore.json' download>the signed file</a>, "
        "<a href='coast/card/skill.toml'>the card</a>.</p>"
    ).format(table=table(("District", "Skill", "95 % interval"), rows))


def _real(kept: Kept) -> Markup:
    if not kept.real:
        return Markup(
            "<p>The public data of two countries and of China’s ensemble are not on this computer. "
            "With them, <code>make demo-warning</code> runs on them too.</p>"
        )
    parts = Markup("").join(
        Markup(
            "<h3>{name}</h3><p>{people} people in {districts} districts. {links}.</p>"
            "<p>Told, without shown skill: {told}</p>{notices}"
            "<p>Refused: {refused}</p>{no_data}<p>{taken}</p>"
        ).format(
            name=one.name,
            people=count_text(one.people),
            districts=one.districts,
            links=links(one.pages),
            told="" if one.notices else "nothing.",
            notices=bullets(one.notices) if one.notices else "",
            refused="" if one.no_data else "nothing.",
            no_data=bullets(one.no_data) if one.no_data else "",
            taken=f"A scripted forecaster took one up in their own name, as a test: {one.taken_up}"
            if one.taken_up
            else "So there was nothing to take up, and no alert.",
        )
        for one in kept.real
    )
    return Markup(
        "<p class='short'>Real are the forecast, China’s ensemble of 7 December 2023, and the "
        "boundaries and people of Mongolia and Djibouti. Not real: nobody warns here.</p>"
        "<p>Nobody published the pairs of past forecasts and observations that could show skill. "
        "So there is not one draft: all of it is told as notices. The thresholds are round "
        "numbers, and say nothing about danger in these countries.</p>{parts}"
    ).format(parts=parts)
