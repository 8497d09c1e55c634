"""`early-warning audit`: what came true, and who was missed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from comity.errors import InputError
from early_warning.cap.compose import Status
from early_warning.cli.options import country_argument, json_option, several, tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from early_warning.audit import Audit, HazardAudit, Window
    from early_warning.cap import Alert, Hazard
    from early_warning.send import Delivery
    from early_warning.service import Service

__all__ = ["command"]


@click.command("audit")
@country_argument
@click.argument("observations", type=click.Path(path_type=Path))
@click.option(
    "--reach", "reach_path", type=click.Path(path_type=Path),
    help="Table of what is known of whom the channels reach.",
)  # fmt: skip
@click.option(
    "--status", type=click.Choice(get_args(Status)), default="Actual", show_default=True,
    help="Which alerts to audit. Tests and exercises asked nobody to act.",
)  # fmt: skip
@click.option("--title", help="Of the page; without it the service and the days observed.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("audit"), show_default=True,
    help="New folder to write.",
)  # fmt: skip
@json_option
def command(
    country: Path,
    observations: Path,
    reach_path: Path | None,
    status: Status,
    title: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Compare the alerts that COUNTRY sent with the table OBSERVATIONS; say who was missed.

    OBSERVATIONS has the columns district, hazard, start, end, event (yes, no, or empty where nobody
    observed) and began. --reach has channel, group, language, reached, asked, survey, district. A
    channel has the name of its recipient. This can be done while the desk is open.
    """
    from early_warning.audit import gather, read_observations, read_reach, write_audit
    from early_warning.desk.map import make_atlas
    from early_warning.service import open_service

    service = open_service(country)
    codes = [one.area.code for one in service.ledger.districts]
    windows = read_observations(observations, codes)
    reach = read_reach(reach_path, codes) if reach_path else ()
    found = gather(
        service.ledger,
        _alerts(service),
        _deliveries(service),
        windows,
        title=title or _title(service, windows),
        status=status,
        reach=reach,
    )
    write_audit(out, found, make_atlas(one.area for one in service.ledger.districts))
    lines = [line for one in found.hazards for line in _lines(one, found)]
    lines += [*found.notes, f"The page is {out / 'audit.html'}, the data {out / 'audit.json'}."]
    tell(lines, _data(found, out), as_json=as_json)


def _title(service: Service, windows: Mapping[Hazard, Sequence[Window]]) -> str:
    """The service, and the days that were observed, as they are there."""
    starts = [one.start for those in windows.values() for one in those]
    first, last = (one.astimezone(service.zone).date() for one in (min(starts), max(starts)))
    authority = service.country.authority.names[service.country.languages[0]]
    return f"{authority}, {first}" + (f" to {last}" if last > first else "")


def _alerts(service: Service) -> list[Alert]:
    """All that the desk ever issued, from the very bytes that went out."""
    from early_warning.cap import read_alert
    from early_warning.desk.kept import JOURNAL, issued_alerts

    folder = service.state / "desk"
    if not (folder / JOURNAL).exists():
        raise InputError(
            "the desk was never open here, so that there is nothing to audit",
            where=str(folder),
            hint="Is this the country.toml that warnings are made with?",
        )
    return [read_alert(data, where=act.identifier) for act, data in issued_alerts(folder)]


def _deliveries(service: Service) -> tuple[Delivery, ...]:
    """What became of every alert; nothing where nothing was ever sent."""
    from early_warning.send import Outbox

    folder = service.state / "outbox"
    if not folder.is_dir():
        return ()
    with Outbox(folder) as outbox:
        return tuple(outbox.deliveries())


def _lines(one: HazardAudit, audit: Audit) -> list[str]:
    from early_warning.audit.gather import HAZARDS

    counts, everybody = one.score.counts, one.people.everybody
    events = counts["hit"] + counts["late"] + counts["unclear"] + counts["unwarned"]
    lines = [
        f"{HAZARDS[one.hazard]}: {several(len(one.alerts), 'alert')}; warned of {counts['hit']} of "
        f"{several(events, 'event')}; {several(counts['false_alarm'], 'false alarm')}; "
        f"{several(counts['unobserved'], 'window')} not observed.",
        *_unclear(counts["unclear"]),
        f"  Of {everybody.exposed:,} people where it happened {everybody.missed:,} were missed; of "
        f"{everybody.unknown:,} nobody can say; {everybody.reached_low:,} to "
        f"{everybody.reached_high:,} were in theoretical reach.",
    ]
    worst = sorted(one.people.districts, key=lambda line: -line.missed)
    for line in [line for line in worst if line.missed][:3]:
        place = f"{audit.places[line.name]} ({line.name})"
        lines.append(f"  {line.missed:,} of {line.exposed:,} in {place}")
    return lines


def _unclear(number: int) -> list[str]:
    if not number:
        return []
    return [
        f"  Of {several(number, 'event')} nobody can say, because nobody recorded when it began "
        "and an alert was in force for a part of the time."
    ]


def _data(audit: Audit, out: Path) -> dict[str, Any]:
    return {
        "folder": str(out),
        "status": audit.status,
        "hazards": {
            one.hazard: {
                "alerts": list(one.alerts),
                "counts": one.score.counts,
                "exposed": one.people.everybody.exposed,
                "missed": one.people.everybody.missed,
                "unknown": one.people.everybody.unknown,
                "reached": [one.people.everybody.reached_low, one.people.everybody.reached_high],
            }
            for one in audit.hazards
        },
        "notes": list(audit.notes),
    }
