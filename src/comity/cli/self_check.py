"""`comity self-check`: see Comity find what was planted in a simulated language model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.options import json_option

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from comity.assess.reference import Comparison, SelfCheck
    from comity.claims import Claim

__all__ = ["command", "show"]

PAGE, DATA = "self-check.html", "self-check.json"
WIDTH = 25
"""Letters of the drawing of an interval in the terminal."""
ROOMY = 104
"""Columns of a terminal from which on there is room for it."""
MARKS = {
    "held": ("yes", "green"),
    "missed": ("no", "yellow"),
    "far": ("no, by far", "bold red"),
    "wrong": ("no, it is another number", "bold red"),
    "absent": ("not found", "bold red"),
}


@click.command("self-check")
@click.option("--seed", default="planted", show_default=True, help="Another seed draws anew.")
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), help="Ask this share of the questions."
)
@click.option("--out", type=click.Path(path_type=Path), help="New folder for the page.")
@json_option
def command(seed: str, share: float | None, out: Path | None, as_json: bool) -> int:
    """Measure a simulated language model whose every rate is known, and compare.

    The model refuses, leaks, copies, discriminates and answers worse in some languages at planted
    rates. It is served on this machine and asked over HTTP, like any other. Nothing leaves the
    machine. Exit code 0: what was planted was found. 1: it was not.
    """
    from comity.assess.reference import self_check
    from comity.cli.terminal import progress

    with progress(silent=as_json) as step:
        checked = self_check(seed=seed, share=share, progress=step)
    return show(checked, seed=seed, out=out, as_json=as_json)


def show(checked: SelfCheck, *, seed: str, out: Path | None, as_json: bool) -> int:
    """Print what was found, write the page where asked, and return the exit code."""
    value = _as_json(checked, seed)
    if out is not None:
        from comity.files import write_folder

        text = json.dumps(value, ensure_ascii=False, indent=2)
        write_folder(out, {PAGE: _page(checked), DATA: text})
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        _tell(checked, out)
    return 0 if checked.verdict.holds else 1


def _tell(checked: SelfCheck, out: Path | None) -> None:
    from rich.console import Console

    from comity.cli.terminal import safe_text

    console = Console(highlight=False)
    for model in checked.models:
        questions = model.assessment.data.rows
        kind = "a base model" if model.base else "a model that follows instructions"
        seconds = float(model.assessment.cost.seconds)
        console.print(f"\n[bold]Simulated: {kind}[/], {questions:,} questions in {seconds:.1f} s\n")
        console.print(_table(model.comparisons, drawn=console.width >= ROOMY))
        reasons: dict[str, list[Claim]] = {}
        for claim in model.others:
            if claim.status != "measured" and claim.reason is not None:
                reasons.setdefault(claim.reason.sentence, []).append(claim)
        if reasons:
            console.print("\nNot measured:")
        for reason, claims in reasons.items():
            click.echo(f"  {_names(claims)}: {safe_text(reason)}")
        free = [claim for claim in model.others if claim.status == "measured"]
        if free:
            console.print("\nMeasured, with no truth planted:")
        for claim in free:
            click.echo(f"  {_name(claim)}: {_found(claim)}")
    one = checked.verdict
    held = one.intervals - one.misses
    answer = "[bold green]Yes[/]" if one.holds else "[bold red]No[/]"
    console.print(
        f"\n{answer}: {held} of {one.intervals} intervals hold the truth that was planted. "
        f"At 95 %, up to {one.allowed} misses are chance."
    )
    for broken in one.broken:
        where = ", ".join(f"{key}={value}" for key, value in broken.slice)
        click.echo(f"  wrong: {broken.measure} {safe_text(where)} {MARKS[broken.fate][0]}")
    if any(broken.fate == "absent" for broken in one.broken):
        click.echo(
            "  What was not found could not be measured: with --share, perhaps too few were asked."
        )
    if out is not None:
        click.echo(f"\nWritten: {out / PAGE}")


def _table(comparisons: tuple[Comparison, ...], *, drawn: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.add_column("", no_wrap=True)
    for heading in ("truth", "found"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("95 % interval", no_wrap=True)
    table.add_column("held?", no_wrap=True)
    if drawn:
        table.add_column(Text("├─●┼─┤ truth ┼", style="dim"), no_wrap=True)
    risk = measure = ""
    for one in comparisons:
        if one.risk != risk:
            risk = one.risk
            table.add_row(Text(risk.replace("_", " "), style="bold"))
        name = one.measure.partition(".")[2].replace("_", " ")
        if one.measure != measure and one.slice:
            table.add_row(f"  {name}")
        measure = one.measure
        part = ", ".join(value for _, value in one.slice).replace("_", " ")
        found, interval = _numbers(one.claim)
        mark, style = MARKS[one.fate]
        table.add_row(
            Text(f"    {part}" if one.slice else f"  {name}"),
            f"{one.truth:.3g}",
            found,
            Text(interval),
            Text(mark, style=style),
            *([_drawing(one, style)] if drawn else []),
        )
    return table


def _drawing(one: Comparison, style: str) -> Text:
    """The interval as a line, with the estimate and the truth on it; from -1 or 0 to 1."""
    from rich.text import Text

    claim = one.claim
    if claim is None or claim.estimate is None or claim.interval is None:
        return Text("")
    low, point, high = (
        float(value) for value in (claim.interval.low, claim.estimate, claim.interval.high)
    )
    start = -1.0 if min(low, one.truth) < 0 else 0.0

    def place(value: float) -> int:
        return min(max(round((value - start) / (1 - start) * (WIDTH - 1)), 0), WIDTH - 1)

    first, last = place(low), place(high)
    letters = [" "] * WIDTH
    letters[first : last + 1] = "─" * (last + 1 - first)
    letters[first], letters[last] = "├", "┤"
    letters[place(point)] = "●"
    letters[place(one.truth)] = "┼"
    drawn = Text("".join(letters), style="dim")
    drawn.stylize(f"not dim {style}", place(one.truth), place(one.truth) + 1)
    return drawn


def _numbers(claim: Claim | None) -> tuple[str, str]:
    if claim is None or claim.estimate is None:
        return "—", "—"
    found = f"{float(claim.estimate):.3g}"
    if claim.interval is None:
        return found, "exact"
    return found, f"[{float(claim.interval.low):.3g}, {float(claim.interval.high):.3g}]"


def _name(claim: Claim) -> str:
    part = ", ".join(claim.slice.values())
    return f"{claim.measure} ({part})" if part else claim.measure


def _names(claims: list[Claim]) -> str:
    """Each measure once, with its slices behind it."""
    slices: dict[str, list[str]] = {}
    for claim in claims:
        found = slices.setdefault(claim.measure, [])
        found += [", ".join(claim.slice.values())] if claim.slice else []
    return ", ".join(
        f"{measure} ({', '.join(parts)})" if parts else measure for measure, parts in slices.items()
    )


def _found(claim: Claim) -> str:
    found, interval = _numbers(claim)
    return found if claim.interval is None else f"{found} {interval}"


def _as_json(checked: SelfCheck, seed: str) -> dict[str, Any]:
    return {
        "holds": checked.verdict.holds,
        "seed": seed,
        "intervals": checked.verdict.intervals,
        "misses": checked.verdict.misses,
        "allowed": checked.verdict.allowed,
        "models": [
            {
                "base": model.base,
                "questions": model.assessment.data.rows,
                "seconds": float(model.assessment.cost.seconds),
                "planted": [_row(one) for one in model.comparisons],
                "others": [
                    {
                        "measure": claim.measure,
                        "slice": claim.slice,
                        "found": claim.estimate,
                        "reason": claim.reason.value if claim.reason else None,
                    }
                    for claim in model.others
                ],
            }
            for model in checked.models
        ],
    }


def _row(one: Comparison) -> dict[str, Any]:
    claim = one.claim
    interval = claim.interval if claim else None
    return {
        "risk": one.risk,
        "measure": one.measure,
        "slice": dict(one.slice),
        "truth": one.truth,
        "found": claim.estimate if claim else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "fate": one.fate,
    }


def _page(checked: SelfCheck) -> str:
    from comity.report.self_check import Checked, self_check_page

    models = checked.models
    return self_check_page(
        [
            Checked(
                one.measure,
                one.slice,
                one.truth,
                one.claim,
                one.fate,
                "base model" if model.base else "",
            )
            for model in models
            for one in model.comparisons
        ],
        holds=checked.verdict.holds,
        allowed=checked.verdict.allowed,
        others=[claim for model in models for claim in model.others],
        generated=models[-1].assessment.finished,
    )
