"""`early-warning run`: forecasts in, drafts, the desk, alerts out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import ComityError, InputError
from early_warning.cli.options import at_option, clock, country_argument, json_option, tell

if TYPE_CHECKING:
    from early_warning.desk.desk import Desk
    from early_warning.desk.view import View
    from early_warning.drafts.proposal import Content
    from early_warning.send import Outcome
    from early_warning.service import Service

__all__ = ["command"]

EVERY = 10.0
"""Seconds between two rounds."""


@click.command("run")
@country_argument
@click.option("--once", is_flag=True, help="Look once, make drafts, send what is due, and end.")
@click.option(
    "--every", type=click.FloatRange(1, 3_600), help="Seconds between two looks.  [default: 10]"
)
@at_option
@json_option
def command(
    country: Path, once: bool, every: float | None, at: datetime | None, as_json: bool
) -> int:
    """Look for new forecasts of COUNTRY, make drafts, show the desk, send what is approved.

    The desk is a page for this computer alone; its address is said first. Nothing is issued without
    a person. It runs until it is stopped (Ctrl-C); what waits is kept on the disk, and goes on at
    the next start. With --once it ends with 1 where no forecast can be used, or no alert could go
    out.
    """
    from early_warning.desk.desk import open_desk
    from early_warning.service import open_service

    if once and every is not None:
        raise InputError("--every belongs to a program that goes on", where="--once")
    service = open_service(country)
    now = clock(service, at)
    with open_desk(service, now=now) as desk:
        if once:
            return _once(desk, service, as_json=as_json)
        _until_stopped(desk, service, now, every or EVERY, as_json=as_json)
        return 0


def _once(desk: Desk, service: Service, *, as_json: bool) -> int:
    """One round; 1 where no forecast can be used, or no alert could go out."""
    from comity.cli.terminal import progress
    from early_warning.desk.worker import look_once

    with progress(silent=as_json) as step:
        look_once(desk, service, progress=step)
    outcomes = desk.send_due()
    view = desk.look()
    people = view.outlook.people if view.outlook else ()
    lines = [
        *people,
        *_refused(view),
        *_waiting(view, service),
        *_told(view, service),
        *map(_sent, outcomes),
        _state(view),
    ]
    data = {**_data(view), "sent": [_plain(one) for one in outcomes]}
    tell(lines, data, as_json=as_json)
    usable = view.outlook is not None and view.outlook.run is not None
    return 0 if usable and not desk.unable() else 1


def _until_stopped(
    desk: Desk, service: Service, now: Callable[[], datetime], every: float, *, as_json: bool
) -> None:
    """Rounds in a thread, pages in another; here a line whenever something changed."""
    import threading

    from early_warning.cli.forecaster import forecasters_of
    from early_warning.desk.server import serve
    from early_warning.desk.worker import run_rounds

    def say(line: str, data: dict[str, Any]) -> None:
        if as_json:
            click.echo(json.dumps(data, ensure_ascii=False))
        else:
            tell([line], {}, as_json=False)

    forecasters = forecasters_of(service, now)
    stop = threading.Event()
    with serve(desk, forecasters, service) as address:
        say(f"The desk: {address}  (status {service.country.status})", {"desk": address})
        if len(forecasters.names()) < 2:
            words = "Two people approve an alert by day; add them: early-warning forecaster add"
            say(words, {"trouble": words})
        rounds = threading.Thread(
            target=run_rounds, args=(desk, service, stop), kwargs={"every": every}, daemon=True
        )
        try:
            rounds.start()
            said = ""
            while rounds.is_alive():
                line, data = _seen(desk)
                if line != said:
                    said = line
                    say(f"{now().astimezone(service.zone):%H:%M} {line}", data)
                stop.wait(every)
        except KeyboardInterrupt:
            say("stopping, after what is under way …", {"stopping": True})
        finally:
            stop.set()
            if rounds.is_alive():
                rounds.join()
    say("The desk is closed. What waits is kept.", {"closed": True})


def _seen(desk: Desk) -> tuple[str, dict[str, Any]]:
    """The desk in one line; that it cannot be shown here is no reason to close it."""
    try:
        view = desk.look()
    except ComityError as error:
        return f"The desk cannot be shown: {error.what}.", {"trouble": str(error)}
    return _state(view), _data(view)


def _state(view: View) -> str:
    """The desk in one line."""
    if view.outlook is None:
        run = "no forecast yet"
    elif view.outlook.run is None:
        run = "no forecast that can be used"
    else:
        run = f"forecast of {view.outlook.run:%Y-%m-%d %H:%M} UTC"
    run += _blind(view)
    in_force = sum(one.state == "in_force" for one in view.issued)
    overdue = sum(one.review_due is not None and one.review_due < view.now for one in view.issued)
    parts = [
        run,
        f"drafts that wait: {len(view.drafts)}",
        f"notices without shown skill: {len(view.notices)}",
        f"alerts in force: {in_force}",
    ]
    parts += [f"reviews overdue: {overdue}"] if overdue else []
    return "; ".join([*parts, *(one.rstrip(".") for one in view.troubles)]) + "."


def _blind(view: View) -> str:
    """How far the forecast reaches, and how much of it is no data: that is not calm."""
    if view.outlook is None or not view.outlook.expectations:
        return ""
    asked = view.outlook.expectations
    reach = f" to {max(one.ends for one in asked):%Y-%m-%d %H:%M} UTC"
    number = sum(one.raw is None for one in asked)
    if not number:
        return reach
    return f"{reach}; NO DATA for {number:,} of {len(asked):,} questions, which is not calm"


def _refused(view: View) -> list[str]:
    return [f"No data: {one}" for one in view.outlook.no_data] if view.outlook else []


def _waiting(view: View, service: Service) -> list[str]:
    lines = []
    for one in view.drafts:
        lines.append(f"Draft {one.number}: {one.content.message}, {_what(one.content, service)}.")
        lines += [f"  {fault}" for fault in one.faults]
    return lines


def _told(view: View, service: Service) -> list[str]:
    """What may not alert is no less dangerous."""
    return [
        f"Only told, because skill was not shown: {_what(one.content, service)}."
        for one in view.notices
    ]


def _what(content: Content, service: Service) -> str:
    from early_warning.desk.pages.words import HAZARDS

    def local(time: datetime) -> str:
        return time.astimezone(service.zone).isoformat(" ", "minutes")

    names = {one.area.code: one.area.name for one in service.ledger.districts}
    where = ", ".join(names.get(code, code) for code in content.districts)
    return (
        f"{content.colour}, {HAZARDS[content.hazard].lower()} in {where}, "
        f"{local(content.onset)} to {local(content.expires)}"
    )


def _sent(one: Outcome) -> str:
    why = f" ({one.reason})" if one.reason else ""
    return f"{one.identifier} to {one.recipient} by {one.channel}: {one.state}{why}."


def _plain(one: Outcome) -> dict[str, str]:
    return {
        "identifier": one.identifier,
        "channel": one.channel,
        "recipient": one.recipient,
        "state": one.state,
        "reason": one.reason,
    }


def _data(view: View) -> dict[str, Any]:
    outlook = view.outlook
    return {
        "now": view.now.isoformat(),
        "run": outlook.run.isoformat() if outlook and outlook.run else None,
        "no_data": list(outlook.no_data) if outlook else [],
        "questions": len(outlook.expectations) if outlook else 0,
        "questions_without_data": sum(one.raw is None for one in outlook.expectations)
        if outlook
        else 0,
        "drafts": [
            {
                "number": one.number,
                "message": one.content.message,
                "hazard": one.content.hazard,
                "colour": one.content.colour,
                "districts": list(one.content.districts),
                "onset": one.content.onset.isoformat(),
                "expires": one.content.expires.isoformat(),
                "faults": list(one.faults),
            }
            for one in view.drafts
        ],
        "notices": [one.key for one in view.notices],
        "in_force": [one.identifier for one in view.issued if one.state == "in_force"],
        "troubles": list(view.troubles),
    }
