"""`make demo-warning`: one made forecast day, from 51 runs to the list of people who were missed.

Everything goes through the commands that a service uses, and is left in `out/`. Open `index.html`.
Where the public data of two countries are on this computer, the same commands run on them too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from comity.errors import ComityError
from early_warning.desk.desk import open_desk
from early_warning.drafts.propose import propose
from early_warning.drafts.skill import read_skill
from early_warning.send.message import file_name
from early_warning.service import open_service
from goods.early_warning.demo import acts, real
from goods.early_warning.demo.coast import country_toml
from goods.early_warning.demo.forecaster import DeskError
from goods.early_warning.demo.keep import copies, forge, sentence
from goods.early_warning.demo.kept import MAP, Kept, Real
from goods.early_warning.demo.made import write_inputs, write_observations
from goods.early_warning.demo.program import PASSPHRASES, Program
from goods.early_warning.demo.radio import Station, broker, free_port, station
from goods.early_warning.demo.story import story

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("COMITY_TEST_DATA", HERE.parents[3] / "shared" / "data"))
NAMES = {"aicha": "Aicha (a script)", "benoit": "Benoit (a script)"}
OBSERVER = "laboratory.coast.example"


def main() -> None:
    """Make the day, warn of it, count who was missed, and write the page."""
    options = argparse.ArgumentParser(prog="demo-warning", description=__doc__)
    options.add_argument("--out", type=Path, default=HERE / "out", help="folder, replaced")
    options.add_argument("--data", type=Path, default=DATA, help="public data, if there are any")
    chosen = options.parse_args()
    out: Path = chosen.out.absolute()
    _clear(out)

    try:
        kept = _coast(out / "coast")
        found = _real(out, chosen.data.absolute())
        text = story(out, replace(kept, real=found))
    except (ComityError, DeskError) as error:
        sys.exit(f"the demonstration stopped: {error}")
    (out / "index.html").write_text(text, encoding="utf-8")
    print(f"\nDone. Open this one file in a browser: {_short(out / 'index.html')}")


def _short(page: Path) -> str:
    """Seen from here, where it lies below; otherwise from the root on."""
    return os.path.relpath(page) if page.is_relative_to(Path.cwd()) else str(page)


def _clear(out: Path) -> None:
    """Take away what an earlier run made, and nothing else."""
    if out.exists() and any(out.iterdir()) and not (out / "MADE.txt").exists():
        sys.exit(f"{out} holds files that no demonstration made; name another folder")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "MADE.txt").write_text(
        "Made by `make demo-warning`, and replaced by the next one. See index.html.\n",
        encoding="utf-8",
    )


def _coast(folder: Path) -> Kept:
    print("1. A made country, its people, its past, and one forecast day")
    write_inputs(folder / "made")
    port = free_port()
    program = Program(folder, port)
    with station(folder, folder / "alerts.crt", acts.MORNING) as radio, broker(folder) as mqtt:
        text = country_toml(
            desk=port, webhook=radio.address, certificates=radio.certificate.name, broker=mqtt
        )
        (folder / "country.toml").write_text(text, encoding="utf-8")
        print("   coast/country.toml: all that the service of Coast tells the program")
        if mqtt is None:
            print("   There is no Mosquitto here (apt-get install mosquitto): no broker is tried")

        print("2. A key, two forecasters, who can be warned, and where the forecast has skill")
        _open(program, acts.MORNING.isoformat())
        told = program.early_warning("prove", "country.toml")
        print(f"   skill was shown in {told['shown']} of {told['cases']} cases")

        print("3. The forecast becomes drafts")
        program.early_warning("run", "country.toml", "--once", "--at", acts.MORNING.isoformat())

        print("4. Two people decide: in the morning, at night alone, and the next morning")
        pages: dict[str, str] = {}
        with program.desk(acts.MORNING) as desk:
            pages |= copies(desk["aicha"], folder, "morning", {MAP: "/"})
            acts.in_the_morning(desk)
        radio.clock = acts.NIGHT
        with program.desk(acts.NIGHT) as desk:
            acts.at_night(desk)
        radio.clock = acts.NEXT
        with program.desk(acts.NEXT) as desk:
            acts.the_next_morning(desk)
        with program.desk(acts.NEXT + timedelta(minutes=5)) as desk:
            pages |= copies(desk["benoit"], folder, "next", acts.to_keep(desk["benoit"]))
        forged = forge(folder, radio)
    alert = sorted((folder / "feed" / "alerts").iterdir())[0].relative_to(folder)
    program.early_warning(
        "check", str(alert), "--certificate", "alerts.crt", "--at", acts.NEXT.isoformat()
    )

    print("5. The day after: what was observed, and who was missed")
    write_observations(folder / "made")
    program.early_warning(
        "audit", "country.toml", "made/made-observations.csv", "--reach", "made/made-reach.csv",
        "--status", "Exercise", "--title", "Coast, a made storm", "--out", "audit",
    )  # fmt: skip

    print("6. The forecast as an AI system among others: measured, and signed")
    program.early_warning(
        "card", "country.toml", "--hazard", "heavy_rain", "--lead", "24", "--out", "card"
    )
    program.comity(
        "keys", "new", OBSERVER, "--name", "Laboratory of Coast (made)", "--role", "independent",
        "--out", "keys",
    )  # fmt: skip
    program.comity(
        "assess", "card/skill.toml", "--key", f"keys/{OBSERVER}.key", "--out", "assessed"
    )
    return _kept(folder, radio, pages, forged, has_broker=mqtt is not None)


def _open(program: Program, at: str) -> None:
    """What a service does once."""
    program.early_warning("key", "country.toml", "--at", at)
    for who, name in NAMES.items():
        words = ("forecaster", "add", "country.toml", who, "--name", name)
        program.early_warning(*words, passphrase=PASSPHRASES[who])
    program.early_warning("people", "country.toml")


def _real(out: Path, data: Path) -> tuple[Real, ...]:
    if not (data / "weather" / "cma-geps").is_dir():
        print(f"7. No public data of real countries under {data}: that part is left out")
        return ()
    print("7. The same program on real data: China's ensemble of 7 December 2023, two countries")
    return tuple(_country(out / place.folder, place, data) for place in real.PLACES)


def _country(folder: Path, place: real.Place, data: Path) -> Real:
    folder.mkdir()
    port = free_port()
    text = real.country_toml(place, data, desk=port)
    (folder / "country.toml").write_text(text, encoding="utf-8")
    program = Program(folder, port)
    _open(program, real.NOW.isoformat())
    program.early_warning("run", "country.toml", "--once", "--at", real.NOW.isoformat())
    with program.desk(real.NOW) as desk:
        taken = acts.take_up_first(desk)
        pages = copies(desk["aicha"], folder, "desk", {"The desk, with its map": "/"}, real.WORDS)
    service = open_service(folder / "country.toml")
    with open_desk(service, now=lambda: real.NOW) as opened:
        view = opened.look()
    assert view.outlook is not None, "the commands before have read the forecast"
    told = propose(service, view.outlook, now=real.NOW)
    for one in view.issued:
        pages["The signed test alert"] = f"{place.folder}/feed/alerts/{file_name(one.identifier)}"
    return Real(
        name=place.name,
        people=service.ledger.total,
        districts=len(service.ledger.districts),
        notices=tuple(sentence(one, service) for one in told if one.basis == "notice"),
        no_data=view.outlook.no_data,
        taken_up=taken,
        pages=pages,
    )


def _kept(
    folder: Path, radio: Station, pages: dict[str, str], forged: str, *, has_broker: bool
) -> Kept:
    """Read what the commands left, as the page tells it."""
    service = open_service(folder / "country.toml")
    with open_desk(service, now=lambda: acts.NEXT) as desk:
        view = desk.look()
        alerts = {one.identifier: desk.bytes_of(one.identifier) for one in view.issued}
        journal = desk.journal()
    return Kept(
        service=service,
        skill=read_skill(service),
        view=view,
        journal=journal,
        alerts=alerts,
        files={name: f"{folder.name}/feed/alerts/{file_name(name)}" for name in alerts},
        pages=pages,
        heard=tuple(radio.heard),
        forged=forged,
        broker=has_broker,
        real=(),
    )


if __name__ == "__main__":
    main()
