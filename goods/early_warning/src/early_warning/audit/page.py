"""The audit as one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
from markupsafe import Markup

from comity.files import write_folder
from comity.report.foreign import foreign
from comity.report.numbers import NOTHING, Estimate, count_text
from comity.report.page import Section, page
from early_warning.audit import bars, fate_map
from early_warning.audit.bars import bar, legend
from early_warning.audit.events import Outcome, Score, first_events
from early_warning.audit.gather import HAZARDS, Audit, HazardAudit
from early_warning.audit.people import FATES, UNKNOWN_LANGUAGE, Fate, Line, People
from early_warning.audit.rate import Rate
from early_warning.desk.map import Atlas

__all__ = ["audit_page", "write_audit"]

_VERDICTS = {
    "hit": "Warned before it began",
    "late": "Missed: the alert came too late",
    "unclear": "Not known: an alert was in force for a part of the time in which it can have begun",
    "unwarned": "Missed: no alert in force",
    "false_alarm": "False alarm",
    "quiet": "Nothing happened, nothing was said",
    "unobserved": "Not observed: counted nowhere else",
}
_FATES: dict[Fate, str] = {
    "not_warned": "No alert in time",
    "no_language": "No text in their language",
    "no_channel": "No channel carried it in time",
    "unclear": "Perhaps not in force when it began",
    "language_unknown": "Carried; their language is unknown",
    "unknown": "Carried; whom it reached is unknown",
    "partly_known": "Carried; reach is known",
}
_HIT = (
    "Counted is one district in one window of time. A hit is an event before whose beginning an "
    "alert that names the district was sent, and that was in force when it began. Where nobody "
    "recorded when it began, it is a hit only if one alert was in force in all of the window; "
    "where one was in force in a part of it, nobody can say, and it counts as no hit. "
    "The intervals are exact at 95 % for independent windows; neighbouring districts in one storm "
    "are not independent, and then they are too narrow."
)
_REACH = (
    "People are counted once, by the first event in their district. Reach is theoretical: who "
    "could have got the alert by what is known of the channels. Where that is unknown, nobody is "
    "counted as reached; nor is anybody whose language is unknown counted as having understood. A "
    "survey of the whole country is taken to hold in each district. A count of the whole country "
    "does not say in which districts the reached live, so that it only bounds them."
)
_GROUPS = "Groups overlap: one person may be in several. They are not added up."
_RECEIPTS = (
    "A channel carried an alert when its machine confirmed it. Confirmed are people who said that "
    "they got it. They are not added to the reach."
)
_PATTERNS = Markup('<svg class="patterns" aria-hidden="true"><defs>{}{}</defs></svg>')
_ADVISORY = "Advisory. This is no statement of an alerting authority."
_STATUS = {
    "Actual": "Audited are alerts of status Actual.",
    "Test": "Audited are alerts of status Test: nobody was asked to act on them.",
    "Exercise": "Audited are alerts of status Exercise: only those who take part were to act.",
}


def write_audit(folder: Path, audit: Audit, atlas: Atlas | None = None) -> None:
    """Write `audit.json` and `audit.html` into a new folder.

    Args:
        folder: Absent or empty.
        audit: What was found.
        atlas: The country's map; null for a page without one.

    Raises:
        InputError: the folder holds files already, or cannot be written.
    """
    data = msgspec.json.format(msgspec.json.encode(audit, order="deterministic"), indent=2)
    write_folder(folder, {"audit.json": data + b"\n", "audit.html": audit_page(audit, atlas)})


def audit_page(audit: Audit, atlas: Atlas | None = None) -> str:
    """One HTML file that loads nothing."""
    sections = [section for one in audit.hazards for section in _sections(one, audit.places, atlas)]
    if sections:
        patterns = _PATTERNS.format(bars.PATTERNS, fate_map.PATTERNS)
        sections[0] = sections[0]._replace(body=patterns + sections[0].body)
    if audit.notes:
        notes = Markup("").join(Markup("<li>{}</li>").format(foreign(one)) for one in audit.notes)
        body = Markup("<ul>{}</ul>").format(notes)
        sections.append(Section("Left out, and not known", body, "notes"))
    return page(
        audit.title,
        sections,
        kicker="Audit of warnings",
        lead=f"{_STATUS[audit.status]} {_ADVISORY}",
        style=bars.STYLE + fate_map.STYLE,
    )


def _sections(found: HazardAudit, places: dict[str, str], atlas: Atlas | None) -> list[Section]:
    name, key, account = HAZARDS[found.hazard], found.hazard, found.people
    alerts = Markup("<p>{} {}</p>").format(
        f"Alerts judged: {len(found.alerts)}.",
        Markup(", ").join(foreign(one) for one in found.alerts),
    )
    detail = _lines("", [account.everybody]) + _lines("By language", account.languages)
    groups = Markup("")
    if found.groups:
        lines = [
            msgspec.structs.replace(one.people.everybody, name=one.group) for one in found.groups
        ]
        groups = _text(_GROUPS) + _lines("By group", lines)
    return [
        Section(f"{name}: who was missed", _worst(found, places, atlas), f"missed-{key}"),
        Section(f"{name}: what came true", alerts + _score(found.score), f"events-{key}"),
        Section(f"{name}: why", detail + groups, f"people-{key}"),
        Section(f"{name}: channels", _text(_RECEIPTS) + _channels(account), f"channels-{key}"),
    ]


def _worst(found: HazardAudit, places: dict[str, str], atlas: Atlas | None) -> Markup:
    """Everybody, then the districts: most missed first."""
    account = found.people
    everybody = account.everybody
    shown = _text(
        f"Of {count_text(everybody.exposed)} people in districts where it happened, "
        f"{count_text(everybody.missed)} had no warning in time, in a language of theirs, by a "
        f"channel that reaches them. Of {count_text(everybody.unknown)} nobody can say whether "
        "they had." + _perhaps(everybody)
        if everybody.exposed
        else "It happened in no district whose people were counted."
    )
    lines = sorted(account.districts, key=lambda one: (-one.missed, -one.unknown, one.name))
    anchors = {one.name: f"{found.hazard}-{number}" for number, one in enumerate(lines, 1)}
    if atlas is not None and atlas.outlines:
        title = f"{HAZARDS[found.hazard]}: where people were missed"
        shown += fate_map.draw(atlas, account, places, anchors, title)
    most = max((one.exposed for one in lines), default=0)
    first = first_events(found.score)
    body = _bar_row("", foreign("Everybody"), everybody, everybody.exposed)
    for one in lines:
        name = foreign(f"{places[one.name]} ({one.name})")
        name += Markup('<br><span class="note">{}</span>').format(_told(first[one.name]))
        body += _bar_row(anchors[one.name], name, one, most)
    heads = ("District", "", "Exposed", "Missed", "Not known", "In theoretical reach")
    shown += legend() + _scrolled("Districts, most missed first", "worst", _head(heads), body)
    if account.uncounted:
        names = ", ".join(f"{places[code]} ({code})" for code in account.uncounted)
        shown += Markup("<p>{}{}</p>").format(
            "It also happened where nobody counted the people, who are in no number here: ",
            foreign(names),
        )
    return shown + _text(_REACH)


def _perhaps(line: Line) -> str:
    """Who is between the bounds of reach; they are no less unknown."""
    between = line.reached_high - line.reached_low
    return f" Of {count_text(between)} more, reach has bounds and no number." if between else ""


def _told(outcome: Outcome) -> str:
    """What became of the event by which a district's people are counted."""
    minutes = outcome.lead_minutes
    if minutes is None:
        return _VERDICTS[outcome.verdict]
    hours, rest = divmod(minutes, 60)
    return f"Warned {hours} h {rest} min before" if hours else f"Warned {rest} min before"


def _bar_row(anchor: str, name: Markup, line: Line, most: int) -> Markup:
    numbers = (
        count_text(line.exposed),
        count_text(line.missed),
        count_text(line.unknown),
        _reached(line),
    )
    cells = Markup("").join(Markup('<td class="number">{}</td>').format(one) for one in numbers)
    return Markup('<tr{}><th scope="row">{}</th><td class="drawn">{}</td>{}</tr>').format(
        Markup(' id="{}"').format(anchor) if anchor else "", name, bar(line, most), cells
    )


def _score(found: Score) -> Markup:
    leads = found.leads
    middle = count_text(leads[(len(leads) - 1) // 2]) if leads else NOTHING
    events = _table(
        ("District windows", "Count"),
        [(_VERDICTS[name], count_text(number)) for name, number in found.counts.items()],
    )
    rates = _table(
        ("Rate", "Value", "95 % interval", "Of"),
        [
            _rate("Events that were warned of", found.detected),
            _rate("Warned windows that were false alarms", found.false_alarms),
        ],
    )
    times = _table(
        ("Lead time of hits", "Minutes"),
        [
            ("Shortest", count_text(leads[0]) if leads else NOTHING),
            ("Middle", middle),
            ("Longest", count_text(leads[-1]) if leads else NOTHING),
        ],
    )
    return _text(_HIT) + events + rates + times


def _lines(title: str, lines: Iterable[Line]) -> Markup:
    return _table(
        (title, "Exposed", *(_FATES[fate] for fate in FATES), "In theoretical reach"),
        [
            (
                "language not known" if line.name == UNKNOWN_LANGUAGE else line.name,
                count_text(line.exposed),
                *(count_text(line.fates[fate]) for fate in FATES),
                _reached(line),
            )
            for line in lines
        ],
    )


def _reached(line: Line) -> str:
    if not line.fates["partly_known"]:
        return NOTHING
    return _range(line.reached_low, line.reached_high)


def _channels(account: People) -> Markup:
    if not account.channels:
        return _text("No channel confirmed any of these alerts.")
    return _table(
        ("Channel", "Carried in time to", "In theoretical reach", "Reach unknown", "Confirmed"),
        [
            (
                one.name,
                count_text(one.carried_to),
                _range(one.reached_low, one.reached_high)
                if one.carried_to > one.unknown
                else NOTHING,
                count_text(one.unknown),
                NOTHING if one.confirmed is None else count_text(one.confirmed),
            )
            for one in account.channels
        ],
    )


def _rate(name: str, one: Rate) -> tuple[str, ...]:
    if one.estimate is None:
        return (name, NOTHING, NOTHING, "0")
    shown = Estimate(Decimal(one.estimate), Decimal(one.low), Decimal(one.high))
    return (name, shown.text, shown.interval_text, count_text(one.trials))


def _range(low: int, high: int) -> str:
    return count_text(low) if low == high else f"{count_text(low)} to {count_text(high)}"


def _text(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def _head(heads: Sequence[str]) -> Markup:
    cells = Markup("").join(
        Markup('<th scope="col">{}</th>').format(one) if one else Markup("<td></td>")
        for one in heads
    )
    return Markup("<thead><tr>{}</tr></thead>").format(cells)


def _table(heads: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Markup:
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            foreign(first),
            Markup("").join(Markup('<td class="number">{}</td>').format(one) for one in rest),
        )
        for first, *rest in rows
    )
    return _scrolled(next(filter(None, heads)), "numbers", _head(heads), body)


def _scrolled(name: str, kind: str, head: Markup, body: Markup) -> Markup:
    """A table that is wider than a telephone: it scrolls by itself, also with the keyboard."""
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">'
        '<table class="{}">{}<tbody>{}</tbody></table></div>'
    ).format(name, kind, head, body)
