"""What is kept of the desk as files, and one alert forged on its way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from early_warning.desk.pages.shell import style
from early_warning.desk.pages.words import event, listed, percent, stamp
from early_warning.drafts.proposal import Proposal
from early_warning.service import Service
from goods.early_warning.demo.forecaster import Forecaster, inert
from goods.early_warning.demo.radio import Station

__all__ = ["copies", "forge", "sentence"]


def copies(
    who: Forecaster,
    folder: Path,
    name: str,
    addresses: Mapping[str, str],
    words: str = "Everything in it is made.",
) -> dict[str, str]:
    """Keep pages of the desk as files that link to each other.

    Args:
        who: Through whose eyes.
        folder: Of the country; the files come into `desk/` there.
        name: The files' first word.
        addresses: What a page is, in words, to its address at the desk.
        words: What is real in them, a sentence.

    Returns:
        The same words, to the file as the demonstration's page links to it.
    """
    files = {
        address: f"{name}-{number}.html" for number, address in enumerate(addresses.values(), 1)
    }
    (folder / "desk").mkdir(exist_ok=True)
    for address, file in files.items():
        text = inert(who.open(address), style(), files, words)
        (folder / "desk" / file).write_text(text, encoding="utf-8")
    return {words: f"{folder.name}/desk/{files[address]}" for words, address in addresses.items()}


def forge(folder: Path, radio: Station) -> str:
    """Send the station an alert in which one letter was changed; what it says of it."""
    alert = sorted((folder / "feed" / "alerts").iterdir())[0]
    text = alert.read_text(encoding="utf-8")
    forged = re.sub(r"(<headline>[^<]*)rain", r"\1pain", text, count=1, flags=re.IGNORECASE)
    assert forged != text, "the first alert warns of rain"
    assert not radio.take(forged.encode()), "a forged alert is refused"
    return radio.heard[-1].identifier


def sentence(notice: Proposal, service: Service) -> str:
    """A notice in one line, with the greatest of its raw probabilities."""
    content = notice.content
    names = [line.name for line in notice.lines]
    most = max((line.expectation.raw or 0.0 for line in notice.lines), default=None)
    return (
        f"{event(content)}, {stamp(content.onset, service.zone)} to "
        f"{stamp(content.expires, service.zone)}: {listed(names)}; up to {percent(most)}"
    )
