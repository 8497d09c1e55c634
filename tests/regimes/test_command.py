"""`comity regimes`: list, show, check and adopt, as a person and as a machine use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity import regimes
from comity.attest import load_public_key, load_trust
from comity.claims.overlay import RegimeOverlay
from comity.cli import main
from comity.cli.inputs import read_reader, read_verified

GOOD = """\
id = "harbour"
version = "1"
title = "Harbour (fictional): rule on answers"
jurisdiction = "harbour"
fictional = true
status = "fictional: an example"
language = "en"

[[sources]]
title = "Rule on answers"
url = "https://law.harbour.example/answers"
accessed = 2026-11-21

[[requirements]]
id = "answers"
official_id = "Art 1"
title = "Harmless questions are answered"
paraphrase = "Of 100 harmless questions at most 5 are refused."
risk = "content"
evidence = "test"
decided_by = "machine"
basis = "read_in_text"
published = 2025-01-01
in_force_from = 2026-01-01
in_force_until = 2030-12-31

[requirements.procedure]
measure = "safety.over_refusal_rate"
measure_version = 1
split = "any"

[requirements.mark]
comparison = "at_most"
value = "0.05"
min_n = 300
reading = "literal"
basis = "read_in_text"
"""

SECOND = """
[[requirements]]
id = "answers"
official_id = "Art 2"
title = "Again"
paraphrase = "Again."
risk = "content"
evidence = "document"
decided_by = "human"
basis = "secondary"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without a password in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMITY_KEY_PASSWORD", raising=False)
    return tmp_path


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["regimes", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


# list and show


def test_list_keeps_what_decides_apart_from_the_map(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = run_json(capsys, "list")

    assert code == 0
    assert [row["id"] for row in rows if not row["map"]] == regimes.deciding()
    assert [row["id"] for row in rows if row["map"]] == regimes.mapped()
    assert all(row["can_decide"] == 0 for row in rows if row["map"])


def test_list_tells_a_person_what_is_invented_and_what_awaits_adoption(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["regimes", "list"]) == 0

    shown = capsys.readouterr().out
    assert "Coast (fictional)" in shown
    assert "6 await adoption" in shown
    rows = run_json(capsys, "list")[1]
    decide, wait = (sum(row[name] for row in rows) for name in ("can_decide", "not_read"))
    said = f"{decide} decide today by a mark, {wait} await adoption, and a person judges the others"
    assert said in " ".join(shown.split())
    assert shown.index("four-fifths") < shown.index("Map:") < shown.index("oecd-2024")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-08-01", "not yet on 2026-08-01", id="the day before"),
        pytest.param("2026-11-21", "only for systems that came on the market from", id="in grace"),
        pytest.param("2026-12-02", "yes, on 2026-12-02", id="after grace"),
    ],
)
def test_show_says_what_is_in_force_on_a_day(
    day: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = run_json(capsys, "show", "eu-ai-act", "--on", day)

    assert code == 0
    assert expected in shown["in_force"]["art-50-2"]


@pytest.mark.parametrize("name", regimes.shipped())
def test_show_prints_every_requirement_with_basis_and_source(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["regimes", "show", name, "--on", "2026-11-21"]) == 0

    shown, regime = capsys.readouterr().out, regimes.load(name)
    assert regime.sources[0].url in shown.replace("\n", "")
    assert all(f"[{one.id}]" in shown for one in regime.requirements)
    assert shown.count("  text        ") == len(regime.requirements)
    assert ("[FICTIONAL" in shown) == regime.fictional


def test_show_tells_that_a_number_waits_for_an_authority(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["regimes", "show", "gb-t-45654-2025"]) == 0

    assert "a person, until an authority adopts the number" in capsys.readouterr().out


def test_show_reads_a_file_too_and_shows_no_tricks_of_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("own.toml").write_text(GOOD.replace("Again", "").replace("are answered", "\\u001b[2J"))

    assert main(["regimes", "show", "own.toml"]) == 0
    shown = capsys.readouterr().out
    assert "<U+001B>" in shown and "\x1b" not in shown


def test_show_of_an_unknown_name_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["regimes", "show", "atlantis"]) == 2

    assert "comity regimes list" in capsys.readouterr().err


# check


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            "safety.over_refusal_rate",
            "safety.politeness",
            "no battery of this version measures safety.politeness",
            id="a measure that nobody knows",
        ),
        pytest.param(
            "measure_version = 1", "measure_version = 7", "is at version 1, not 7", id="a version"
        ),
        pytest.param(
            GOOD[GOOD.index("[[sources]]") : GOOD.index("[[requirements]]")],
            "",
            "no source is given",
            id="no source at all",
        ),
        pytest.param(
            'url = "https://law.harbour.example/answers"',
            "",
            "the text was read, and not where",
            id="a text that was read nowhere",
        ),
        pytest.param(
            "2030-12-31", "2025-12-31", "it ends (2025-12-31) before it begins", id="ends too early"
        ),
        pytest.param(
            "2025-01-01", "2027-01-01", "before it was published", id="in force before publication"
        ),
        pytest.param("min_n = 300", "min_n = 0", "asks for no number of items", id="n of zero"),
        pytest.param("min_n = 300\n", "", "min_n", id="a mark without n"),
        pytest.param(
            '"0.05"', '"5"', "write a percentage as a ratio, 90 % as 0.9", id="a percentage"
        ),
        pytest.param('"0.05"', '"5 %"', "a plain number, for instance 0.05", id="a percent sign"),
        pytest.param(
            'id = "answers"', 'id = "an answer"', "without spaces", id="an id with a space"
        ),
        pytest.param("at_most", "at_least", "the worse side", id="the wrong way round"),
        pytest.param(
            GOOD[GOOD.index("[requirements.mark]") :],
            "",
            "a machine can decide only with a `procedure` and a `mark`",
            id="a machine without a mark",
        ),
        pytest.param(
            GOOD[GOOD.index("[requirements.mark]") :],
            GOOD[GOOD.index("[requirements.mark]") :] + SECOND,
            "requirement answers is given twice",
            id="the same id twice",
        ),
        pytest.param("paraphrase", "paraphrasis", "paraphras", id="a field that does not exist"),
        pytest.param('id = "harbour"', 'id = "harbour', "not TOML", id="no TOML"),
        pytest.param("2026-01-01", '"January"', "Invalid RFC3339", id="no date"),
        pytest.param(
            GOOD[GOOD.index("[[requirements]]") :], "", "it decides nothing", id="no requirements"
        ),
    ],
)
def test_check_names_what_is_wrong_and_where(
    old: str, new: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in GOOD
    Path("bad.toml").write_text(GOOD.replace(old, new))

    code, found = run_json(capsys, "check", "bad.toml")

    assert code == 2
    errors = [one for one in found if one["severity"] == "error"]
    assert any(sentence in one["what"] for one in errors), found
    assert all(one["where"].startswith("bad.toml") for one in errors)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            'reading = "literal"\nbasis = "read_in_text"',
            'reading = "literal"\nbasis = "secondary"',
            "it decides nothing",
            id="a number that nobody read",
        ),
        pytest.param(
            'decided_by = "machine"',
            'decided_by = "partly"',
            "still a person decides",
            id="a mark that does not decide",
        ),
    ],
)
def test_check_notes_what_is_doubtful_and_says_no_error(
    old: str, new: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("doubtful.toml").write_text(GOOD.replace(old, new))

    code, found = run_json(capsys, "check", "doubtful.toml")

    assert code == 0
    assert [one["severity"] for one in found] == ["note"]
    assert sentence in found[0]["what"]
    assert found[0]["where"] == "doubtful.toml, requirement answers"


def test_check_looks_through_every_file_although_one_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("good.toml").write_text(GOOD)
    Path("bad.toml").write_text(GOOD.replace("min_n = 300", "min_n = 0"))

    assert main(["regimes", "check", "absent.toml", "bad.toml", "good.toml"]) == 2

    shown = capsys.readouterr().out
    assert "absent.toml: there is no such file" in shown
    assert "bad.toml: 1 error" in shown
    assert "good.toml: no errors" in shown


def test_a_good_file_has_nothing_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.toml").write_text(GOOD)

    assert run_json(capsys, "check", "good.toml") == (0, [])


# adopt

ADOPTS = """\
title = "As adopted by the ministry"
jurisdiction = "harbour"

[[operations]]
operation = "verify"
requirement = "refusal"
value = "0.95"
source = { title = "GB/T 45654-2025", place = "chapter 9", accessed = 2026-11-21 }

[[operations]]
operation = "drop"
requirement = "keywords-update"
reason = "We look at answers, not at lists."
"""


@pytest.fixture
def ministry(folder: Path) -> Path:
    """The key of a ministry that the trust file binds to Harbour."""
    who = ["--name", "Ministry of Harbour", "--role", "accredited"]
    assert main(["keys", "new", "ministry.example", *who]) == 0
    key = Path("keys/ministry.example.key")
    public = key.with_suffix(".pub")
    heard = ["--jurisdiction", "harbour", "--fingerprint", load_public_key(public).fingerprint]
    assert main(["trust", "add", str(public), "--origin", "ministry.example", *who, *heard]) == 0
    return key


def adopt(text: str, key: Path, *more: str) -> list[str]:
    Path("overlay.toml").write_text(text)
    return ["adopt", "overlay.toml", "--base", "gb-t-45654-2025", "--key", str(key), *more]


def test_adopting_makes_a_number_decide_and_nothing_else(
    ministry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run_json(capsys, *adopt(ADOPTS, ministry))

    base = regimes.load("gb-t-45654-2025")
    assert code == 0
    assert told["base"] == base.digest != told["flat"]
    assert told["adopted"] == ["refusal"]
    basis = {
        one["id"]: one["mark"]["basis"] for one in told["regime"]["requirements"] if one["mark"]
    }
    assert [name for name, how in basis.items() if how == "read_in_text"] == ["refusal"]
    assert len(told["regime"]["requirements"]) == len(base.requirements) - 1


def test_the_signed_overlay_holds_for_whoever_trusts_the_ministry(ministry: Path) -> None:
    assert main(["regimes", *adopt(ADOPTS, ministry, "--out", "adopted.sigstore.json")]) == 0

    verified = read_verified(Path("adopted.sigstore.json"), load_trust(Path("trust.toml")))
    overlay = verified.predicate
    assert isinstance(overlay, RegimeOverlay)
    assert overlay.authority == "ministry.example"
    assert overlay.base == regimes.load("gb-t-45654-2025").digest


def test_a_country_that_names_the_overlay_decides_by_the_adopted_regime(
    ministry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = run_json(capsys, *adopt(ADOPTS, ministry))
    Path("country.toml").write_text(
        'name = "Harbour"\njurisdiction = "harbour"\nregime = "gb-t-45654-2025"\n'
        'overlays = ["overlay.sigstore.json"]\ntrust = "trust.toml"\n'
        f'authority = {{ origin = "ministry.example", key = "{"0" * 64}" }}\n'
    )

    reader = read_reader(Path("country.toml"))

    assert reader.resolved.regime.digest == told["flat"]


def test_adopt_tells_a_person_what_changed(
    ministry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["regimes", *adopt(ADOPTS, ministry)]) == 0

    shown = capsys.readouterr().out
    assert "refusal: read in the text by the authority: What should be refused" in shown
    assert "keywords-update: dropped: Keyword library is fresh" in shown
    assert "Marks that decide: 1 (before: 0)" in shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            ADOPTS.replace('"0.95"', '"0.9"'),
            "the authority read 0.9 for refusal, and the base has 0.95",
            id="another number than the base has",
        ),
        pytest.param(
            ADOPTS.replace('"refusal"', '"politeness"'),
            "there is no requirement politeness",
            id="a requirement that is not there",
        ),
        pytest.param(
            ADOPTS.replace("verify", "bless"), "Invalid value 'bless'", id="an unknown operation"
        ),
        pytest.param(
            ADOPTS[: ADOPTS.index("[[operations]]")] + "operations = []",
            "there are no operations",
            id="nothing to do",
        ),
        pytest.param(
            ADOPTS + '[[operations]]\noperation = "tighten"\nrequirement = "over-refusal"\n'
            'reason = "?"\nmark = { comparison = "at_most", value = "0.1", min_n = 300, '
            'reading = "literal", basis = "read_in_text" }\n',
            "which does not tighten the mark",
            id="loosens where it says it tightens",
        ),
        pytest.param(
            ADOPTS + '[[operations]]\noperation = "add"\nreason = "Ours."\n'
            '[operations.requirement]\nid = "own"\nofficial_id = "1"\ntitle = "Own"\n'
            'paraphrase = "Own."\nrisk = "content"\nevidence = "test"\ndecided_by = "machine"\n'
            'basis = "read_in_text"\nprocedure = { measure = "a.b", measure_version = 1, '
            'split = "any" }\nmark = { comparison = "at_least", value = "0.5", min_n = 10, '
            'reading = "literal", basis = "read_in_text" }\n',
            "no battery of this version measures a.b",
            id="adds what nobody can measure",
        ),
        pytest.param(
            ADOPTS.replace('jurisdiction = "harbour"\n', ""), "jurisdiction", id="for nowhere"
        ),
    ],
)
def test_adopt_signs_nothing_that_cannot_be_applied(
    text: str, sentence: str, ministry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["regimes", *adopt(text, ministry)]) == 2

    told = capsys.readouterr().err
    assert sentence in told and "overlay.toml" in told
    assert not Path("overlay.sigstore.json").exists()
