"""`comity share`: a donor round from the first file to the answer why, and everything refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comity.share import checker
from tests.cli.world import run, run_json

Capsys = pytest.CaptureFixture[str]

NEED = """
authority = "{origin}"
country = "{country}"
valid_from = 2027-01-01
valid_until = 2027-12-31
[[rows]]
kind = "gpu_hours"
unit = "gpu_hours"
floor = {floor}
need = {need}
evidence = [{{ title = "National AI plan", day = 2026-05-01 }}]
"""
OFFER = """
authority = "coast.example"
title = "{title}"
kind = "gpu_hours"
unit = "gpu_hours"
amount = {amount}
rival = true
opens = 2027-01-01
closes = 2027-12-31
[eligible]
{rule}
"""


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def statements(world: Path, capsys: Capsys) -> Path:
    """Two needs and two offers, signed, in the folder `round`."""
    write("round.toml", ROUND)
    files = {
        "dji": (NEED.format(origin="steppe.example", country="DJI", floor=40, need=100), "steppe"),
        "mng": (NEED.format(origin="coast.example", country="MNG", floor=10, need=100), "coast"),
        "ldc": (OFFER.format(title="For LDCs", amount=20, rule='groups = ["LDC"]'), "coast"),
        "all": (OFFER.format(title="For Mongolia", amount=50, rule='countries = ["MNG"]'), "coast"),
    }
    for name, (text, who) in files.items():
        file = write(f"round/{name}.toml", text)
        assert run(capsys, "share", "sign", str(file), "--key", f"keys/{who}.example.key").code == 0
    return world / "round"


ROUND = """
id = "round-1"
title = "First round"
day = 2027-02-01
lottery = "2027-01-15, noon"
[[kinds]]
id = "gpu_hours"
title = "Computing time"
unit = "gpu_hours"
"""
ALLOCATE = (
    *("share", "allocate", "round.toml", "--statements", "round"),
    *("--key", "keys/coast.example.key"),
)


def test_a_round_from_files_to_a_checked_allocation(statements: Path, capsys: Capsys) -> None:
    assert run(capsys, *ALLOCATE).code == 0
    ran = run(capsys, "share", "check", "allocation", "--statements", "round")

    assert ran.code == 0
    assert "nobody worse off could have more" in ran.out


def test_every_country_reads_why(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)
    (said,) = run_json(capsys, "share", "explain", "allocation", "--country", "DJI")

    assert said["why"] == (
        "Djibouti gets 20 of the 100 gpu hours that it asks for. It can draw on “For LDCs” only; "
        "this holds 20 gpu hours: 50 % of the 40 that its floor asks for. To raise Djibouti, "
        "somebody must add to an offer that it may use, or open another to it."
    )


def test_the_checker_runs_alone_without_comity(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)
    ran = subprocess.run(
        [sys.executable, "-I", checker.__file__, "allocation/allocation.sigstore.json"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "It holds: nobody worse off could have more.\n"


def test_an_offer_that_was_left_out_is_noticed(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)
    (statements / "ldc.sigstore.json").unlink()
    ran = run(capsys, "share", "check", "allocation", "--statements", "round")

    assert ran.code == 1
    assert "from the statements themselves, `shares` is different" in ran.out


def test_what_one_offer_more_would_do(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)
    (wider,) = run_json(capsys, "share", "what-if", "allocation", "--kind", "gpu_hours")
    (offer,) = wider["offers"]
    more = run_json(
        capsys,
        *("share", "what-if", "allocation", "--kind", "gpu_hours", "--offer", offer[:8]),
        *("--more", "10"),
    )

    assert wider["admits"] == ["DJI"]
    assert more == [{"country": "MNG", "before": "50", "after": "60"}]


def test_verify_says_what_each_statement_is(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)

    assert "Needs" in run(capsys, "verify", "round/dji.sigstore.json").out
    assert "Offers" in run(capsys, "verify", "round/ldc.sigstore.json").out
    assert "Allocates" in run(capsys, "verify", "allocation/allocation.sigstore.json").out


@pytest.mark.parametrize("what", ["need", "offer", "round"])
def test_an_example_is_written_that_can_be_read_back(
    world: Path, capsys: Capsys, what: str
) -> None:
    assert run(capsys, "share", "new", what).code == 0
    if what == "round":
        again = ("share", "allocate", "round.toml", "--statements", "none", "--key", "none")
        assert "none" in run(capsys, *again).err
    else:
        ran = run(capsys, "share", "sign", f"{what}.toml", "--key", "keys/coast.example.key")
        assert "speaks for" in ran.err


def sign(text: str, capsys: Capsys) -> str:
    file = write("statement.toml", text)
    ran = run(capsys, "share", "sign", str(file), "--key", "keys/coast.example.key")
    assert ran.code == 2
    assert not Path("statement.sigstore.json").exists()
    return ran.err


GOOD_NEED = NEED.format(origin="coast.example", country="MNG", floor=1, need=5)
GOOD_OFFER = OFFER.format(title="X", amount=5, rule="")
REFUSED: dict[str, tuple[str, str]] = {
    "a country by two letters": (GOOD_NEED.replace("MNG", "MN"), "field country"),
    "Namibia taken for nothing at all": (
        GOOD_NEED.replace('"MNG"', '"NA"'),
        "as NAM for Namibia",
    ),
    "a country that does not exist": (GOOD_NEED.replace("MNG", "XYZ"), "no country"),
    "a need without evidence": (
        re.sub(r"evidence = .*", "evidence = []", GOOD_NEED),
        "evidence",
    ),
    "a floor above the need": (GOOD_NEED.replace("floor = 1", "floor = 9"), "`floor` is more"),
    "negative supply": (GOOD_OFFER.replace("amount = 5", "amount = -5"), "amount"),
    "an amount that is no whole number": (GOOD_OFFER.replace("= 5", "= 5.5"), "amount"),
    "an offer of nothing": (GOOD_OFFER.replace("amount = 5", "amount = 0"), "`amount` must be"),
    "a window that ends before it begins": (
        GOOD_OFFER.replace("closes = 2027", "closes = 2026"),
        "`closes` lies before",
    ),
    "a group that is none": (
        GOOD_OFFER.replace("[eligible]", '[eligible]\ngroups = ["G77"]'),
        "groups",
    ),
    "a misspelt field": (GOOD_OFFER.replace("title =", "tittle ="), "tittle"),
    "neither a need nor an offer": ("x = 1\n", "statement.toml"),
}


@pytest.mark.parametrize(("text", "what"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_statement_is_refused_in_a_sentence(
    world: Path, capsys: Capsys, text: str, what: str
) -> None:
    assert what in sign(text, capsys)


def people(text: str) -> tuple[str, ...]:
    write("people.csv", text)
    return (*ALLOCATE, "--people", "people.csv")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("country,people\nDJI,1\n", "columns code and people"),
        ("code,people\nDJI,many\n", "line 2: 'many' is no number"),
        (f"code,people\nDJI,{'9' * 5000}\n", "is no number of people"),
        (f"code,people\nDJI,{'9' * 200_000}\n", "this is no CSV"),
        ("code,people\nDJI,1,2\n", "line 2: the row has more fields"),
        ("code,people\nDJI,1\nDJI,2\n", "line 3: DJI stands twice"),
        ("code,people\nNA,1\n", "Namibia is NAM"),
    ],
    ids=[
        "another column",
        "no number",
        "five thousand digits",
        "a field without end",
        "more fields than columns",
        "twice",
        "two letters",
    ],
)
def test_a_wrong_population_is_refused(
    statements: Path, capsys: Capsys, text: str, what: str
) -> None:
    ran = run(capsys, *people(text))

    assert ran.code == 2
    assert what in ran.err
    assert not Path("allocation").exists()


def test_a_ceiling_needs_the_population(statements: Path, capsys: Capsys) -> None:
    write("round.toml", ROUND + "ceiling_per_million = 20\n")

    assert "nobody said how many people live in" in run(capsys, *ALLOCATE).err
    assert run(capsys, *people("code,people\nDJI,1000000\nMNG,3400000\n")).code == 0
    assert run(capsys, "share", "check", "allocation", "--statements", "round").code == 2
    with_people = ("--statements", "round", "--people", "people.csv")
    assert run(capsys, "share", "check", "allocation", *with_people).code == 0


def test_nobody_whom_trust_binds_to_another_country_speaks_for_a_country(
    statements: Path, capsys: Capsys
) -> None:
    trust = Path("trust.toml")
    text = trust.read_text(encoding="utf-8")
    assert text.count('jurisdiction = "steppe"') == 1
    trust.write_text(text.replace('"steppe"', '"sg"'), encoding="utf-8")
    ran = run(capsys, *ALLOCATE)

    assert ran.code == 2
    assert "steppe.example may not speak for Djibouti" in ran.err
    assert "binds it to Singapore" in ran.err
    assert not Path("allocation").exists()
    trust.write_text(text.replace('"steppe"', '"DJ"'), encoding="utf-8")
    assert run(capsys, *ALLOCATE).code == 0


def test_an_offer_is_named_by_its_title(statements: Path, capsys: Capsys) -> None:
    run(capsys, *ALLOCATE)
    what_if = ("share", "what-if", "allocation", "--kind", "gpu_hours", "--more", "10")
    more = run_json(capsys, *what_if, "--offer", "For Mongolia")

    assert more == [{"country": "MNG", "before": "50", "after": "60"}]
    assert "no offer of this kind is named 'For'" in run(capsys, *what_if, "--offer", "For").err


def test_nothing_is_to_be_raised_where_everybody_has_all(statements: Path, capsys: Capsys) -> None:
    for name, holds in (("ldc", 20), ("all", 50)):
        file = statements / f"{name}.toml"
        text = file.read_text(encoding="utf-8").replace(f"amount = {holds}", "amount = 900")
        (statements / f"{name}.sigstore.json").unlink()
        file.write_text(text, encoding="utf-8")
        run(capsys, "share", "sign", str(file), "--key", "keys/coast.example.key")
    run(capsys, *ALLOCATE)
    ran = run(capsys, "share", "what-if", "allocation", "--kind", "gpu_hours")

    assert ran.out == "Everybody gets all that they ask for.\n"


def test_an_assessment_is_no_need(statements: Path, capsys: Capsys) -> None:
    ran = run(capsys, "share", "check", "steppe/result.sigstore.json")

    assert ran.code == 2
    assert "this is no allocation" in ran.err


def test_an_allocation_that_nobody_trusted_signed_does_not_hold(
    statements: Path, capsys: Capsys
) -> None:
    run(capsys, *ALLOCATE)
    file = Path("allocation/allocation.sigstore.json")
    bundle: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = "AAAA"
    file.write_text(json.dumps(bundle), encoding="utf-8")

    assert run(capsys, "share", "check", "allocation").code == 1
