"""The audit as data and as one page."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import msgspec
from markupsafe import Markup

from comity.files import write_folder
from comity.report.foreign import foreign
from comity.report.numbers import NOTHING, Estimate, count_text
from comity.report.page import Section, page
from early_warning.audit.events import Score
from early_warning.audit.people import Fate, Line, People
from early_warning.audit.rate import Rate

__all__ = ["Audit", "audit_page", "write_audit"]

_VERDICTS = {
    "hit": "Warned before it began",
    "late": "Missed: the alert came too late",
    "unwarned": "Missed: no alert in force",
    "false_alarm": "False alarm",
    "quiet": "Nothing happened, nothing was said",
    "unobserved": "Not observed: counted nowhere else",
}
_FATES: dict[Fate, str] = {
    "not_warned": "No alert in time",
    "no_language": "No text in their language",
    "no_channel": "No channel carried it in time",
    "unknown": "Carried; whom it reached is unknown",
    "partly_known": "Carried; reach is known",
}
_HIT = (
    "Counted is one district in one window of time. A hit is an event before whose beginning an "
    "alert that names the district was sent, and that was in force when it began. "
    "The intervals are exact at 95 % for independent windows; neighbouring districts in one storm "
    "are not independent, and then they are too narrow."
)
_REACH = (
    "People are counted once, by the first event in their district. Reach is theoretical: who "
    "could have got the alert by what is known of the channels. Where that is unknown, nobody is "
    "counted as reached."
)
_RECEIPTS = "Confirmed are people who said that they got it. They are not added to the reach."


class Audit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the audit found, under a title that says of which event."""

    title: str
    score: Score
    people: People


def write_audit(folder: Path, audit: Audit) -> None:
    """Write `audit.json` and `audit.html` into a new folder.

    Raises:
        InputError: the folder holds files already, or cannot be written.
    """
    data = msgspec.json.format(msgspec.json.encode(audit, order="deterministic"), indent=2)
    write_folder(folder, {"audit.json": data + b"\n", "audit.html": audit_page(audit)})


def audit_page(audit: Audit) -> str:
    """One HTML file that loads nothing."""
    found, account = audit.score, audit.people
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
    return page(
        audit.title,
        [
            Section("What came true", _text(_HIT) + events + rates + times, "events"),
            Section("Who was warned, and who was missed", _people(account), "people"),
            Section("Channels", _text(_RECEIPTS) + _channels(account), "channels"),
        ],
        kicker="Audit of warnings",
        lead="Advisory. This is no statement of an alerting authority.",
    )


def _people(account: People) -> Markup:
    parts = _text(_REACH) + _lines("", [account.everybody])
    parts += _lines("By group", account.groups)
    return parts + _lines("By language", account.languages)


def _lines(title: str, lines: Iterable[Line]) -> Markup:
    return _table(
        (title, "Exposed", *_FATES.values(), "In theoretical reach"),
        [
            (
                line.name,
                count_text(line.exposed),
                *(count_text(line.fates[fate]) for fate in _FATES),
                _range(line.reached_low, line.reached_high)
                if line.fates["partly_known"]
                else NOTHING,
            )
            for line in lines
        ],
    )


def _channels(account: People) -> Markup:
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


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            foreign(first),
            Markup("").join(Markup('<td class="number">{}</td>').format(one) for one in rest),
        )
        for first, *rest in rows
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
