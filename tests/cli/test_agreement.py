"""`comity agreement`: drafted, read in words, looked through, and signed by each party."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.attest import load_key, load_public_key, load_signer, load_trust, verify
from comity.claims import Procedure
from comity.claims.agreement import (
    Agreement,
    Difference,
    Equivalence,
    Freshness,
    Grandfather,
    Laboratory,
    LogRule,
    Profile,
    Row,
)
from comity.cli.agreement_draft import COMMENTS, HEAD
from comity.cli.toml_document import toml_document
from comity.cli.types import TYPES, signed
from comity.errors import VerificationError
from comity.files import parse_toml, read_toml
from tests.cli.world import AGREEMENT, LAST, SPLIT, key, pub, run, run_json, somebody_types
from tests.decide import world as memory
from tests.independent.peers import record
from tests.parts import ROOT

EXAMPLES = sorted((ROOT / "examples" / "agreements").glob("*.toml"))
Capsys = pytest.CaptureFixture[str]


def agreement_in(file: str = "agreement.toml") -> Agreement:
    return read_toml(Path(file), Agreement)


# new


def test_a_new_agreement_has_careful_values_and_a_comment_on_each(
    world: Path, capsys: Capsys
) -> None:
    made = agreement_in()

    (row,) = made.rows
    assert (row.issuer, row.receiver) == ("steppe.example", "coast.example")
    assert row.least_role == "independent"
    assert made.freshness == Freshness(max_age_days=365, model_change="none")
    text = Path("agreement.toml").read_text(encoding="utf-8")
    assert "# Never: what one party recognises does not count for another." in text
    assert run(capsys, "agreement", "check", "agreement.toml").code == 0


def test_when_both_parties_name_a_laboratory_there_are_two_rows(
    world: Path, capsys: Capsys
) -> None:
    lab = ["--laboratory", "coast.example", "lab.coast.example", pub("lab.coast.example")]

    ran = run(capsys, *AGREEMENT, *lab, "independent", "--out", "both.toml")

    assert ran.code == 0
    pairs = {(row.issuer, row.receiver) for row in agreement_in("both.toml").rows}
    assert pairs == {("coast.example", "steppe.example"), ("steppe.example", "coast.example")}


def test_asking_leads_to_the_same_agreement_as_options(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.cli import main

    answers = (
        "Coast and Steppe",
        f"coast.example coast {pub('coast.example')}",
        "steppe.example steppe keys/nobody.pub",  # asked again
        f"steppe.example steppe {pub('steppe.example')}",
        "",
        "",
        f"lab.steppe.example {pub('lab.steppe.example')} accredited",
        "",
        "accuracy.accuracy, fairness",
        "2026-01-01",
        "next year",  # asked again
        LAST,
    )

    with somebody_types(monkeypatch, *answers):
        assert main(["agreement", "new", "--out", "asked.toml"]) == 0

    assert agreement_in("asked.toml") == agreement_in()


def test_a_new_agreement_replaces_no_file(world: Path, capsys: Capsys) -> None:
    before = Path("agreement.toml").read_bytes()

    ran = run(capsys, *AGREEMENT)

    assert (ran.code, Path("agreement.toml").read_bytes()) == (2, before)
    assert "the file exists already" in ran.err


def without(words: list[str], option: str, values: int) -> list[str]:
    while option in words:
        place = words.index(option)
        words = words[:place] + words[place + 1 + values :]
    return words


def changed(words: list[str], old: str, new: str) -> list[str]:
    return [new if word == old else word for word in words]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(
            without(AGREEMENT, "--title", 1),
            "--title is missing, and nobody is here to ask",
            id="nobody gave a title",
        ),
        pytest.param(
            without(AGREEMENT, "--party", 3),
            "--party is missing, and nobody is here to ask",
            id="nobody agrees",
        ),
        pytest.param(
            without(AGREEMENT, "--measure", 1),
            "--measure is missing",
            id="no measure was named",
        ),
        pytest.param(
            [*AGREEMENT[:8], *AGREEMENT[12:]],
            "an agreement has at least two parties",
            id="one party agrees with itself",
        ),
        pytest.param(
            changed(AGREEMENT, "accuracy.accuracy", "goodness"),
            "there is no measure or risk 'goodness'",
            id="a measure that nobody knows",
        ),
        pytest.param(
            changed(AGREEMENT, "accredited", "famous"),
            "Invalid enum value 'famous'",
            id="a role that nobody knows",
        ),
        pytest.param(
            changed(AGREEMENT, pub("steppe.example"), "keys/none.pub"),
            "keys/none.pub: there is no such file",
            id="a public key that is not there",
        ),
        pytest.param(
            changed(AGREEMENT, pub("steppe.example"), key("steppe.example")),
            "this is not a public key in PEM form",
            id="a secret key where a public one belongs",
        ),
        pytest.param(
            changed(AGREEMENT, LAST, "2025-12-31"),
            "`valid_until` is before `valid_from`",
            id="it ends before it begins",
        ),
        pytest.param(
            changed(AGREEMENT, "lab.steppe.example", "Lab Steppe"),
            "'Lab Steppe' cannot name an authority",
            id="a laboratory whose name is no origin",
        ),
        pytest.param(
            [*AGREEMENT, "--laboratory", "isles.example", "lab", pub("coast.example"), "user"],
            "isles.example names a laboratory but is no party",
            id="a stranger names a laboratory",
        ),
        pytest.param(
            changed(AGREEMENT, "coast", "the coast"),
            "field jurisdiction",
            id="a jurisdiction that is no key",
        ),
    ],
)
def test_new_says_what_is_wrong_and_writes_nothing(
    world: Path, capsys: Capsys, words: list[str], sentence: str
) -> None:
    ran = run(capsys, *words, "--out", "wrong.toml")

    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("wrong.toml").exists()


@given(
    title=st.text(st.characters(codec="utf-8"), max_size=40),
    labels=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True),
        st.text(st.characters(codec="utf-8"), max_size=20),
        max_size=3,
    ),
)
def test_whatever_is_written_reads_back_the_same(title: str, labels: dict[str, str]) -> None:
    row = memory.row(populations=(labels, {}), languages=(), procedures=())
    made = memory.agreement(row, title=title).agreement

    text = toml_document(made, COMMENTS, HEAD)

    assert parse_toml(text, Agreement, where="test") == made


# show


def test_a_draft_is_told_in_plain_words(world: Path, capsys: Capsys) -> None:
    told = run(capsys, "agreement", "show", "agreement.toml").out

    assert "what steppe.example measures counts for coast.example" in told
    assert "lab.steppe.example as accredited" in told
    assert "bound by declared or firmer; independent or higher" in told
    assert "This is a draft" in told


def test_one_signature_names_who_is_missing(world: Path, capsys: Capsys) -> None:
    told = run(capsys, "agreement", "show", "agreement.coast.example.sigstore.json").out

    assert re.search(r"coast\.example .*✓ has signed", told)
    assert re.search(r"steppe\.example .*✗ has not signed", told)
    assert "Not in force: steppe.example must sign it too." in told


def test_both_signatures_are_one_agreement_in_force(world: Path, capsys: Capsys) -> None:
    files = sorted(map(str, Path().glob("agreement.*.sigstore.json")))

    (facts,) = run_json(capsys, "agreement", "show", *files)

    assert facts["missing"] == []
    assert facts["digest"] == agreement_in().digest
    words = ["decide", "steppe/result.sigstore.json", "--country", "coast.toml"]
    (paper,) = run_json(capsys, *words)["decision"]["inputs"]["agreements"]
    assert facts["statement"] == paper["statement"]
    told = run(capsys, "agreement", "show", *files).out
    assert told.count("Coast and Steppe") == 1
    assert facts["statement"] in told and facts["digest"] not in told
    assert facts["statement"] in run(capsys, "agreement", "show", "agreement.toml").out
    assert facts["statement"] in run(capsys, "verify", files[0]).out
    assert f"key {load_public_key(Path(pub('coast.example'))).fingerprint}" in told
    assert "✗" not in told


def test_signatures_over_different_texts_are_two_agreements(world: Path, capsys: Capsys) -> None:
    text = Path("agreement.toml").read_text(encoding="utf-8")
    Path("altered.toml").write_text(text.replace('"0.05"', '"0.5"'), encoding="utf-8")
    sign = ["agreement", "sign", "altered.toml", "--key", key("steppe.example")]
    assert run(capsys, *sign, "--out", "altered.sigstore.json").code == 0

    files = ["agreement.coast.example.sigstore.json", "altered.sigstore.json"]
    found = run_json(capsys, "agreement", "show", *files)

    assert sorted(one["missing"] for one in found) == [["coast.example"], ["steppe.example"]]
    assert not any(one["in_force"] for one in found)


def test_an_assessment_is_no_agreement(world: Path, capsys: Capsys) -> None:
    ran = run(capsys, "agreement", "show", "steppe/result.sigstore.json")

    assert (ran.code, "this signed file is no agreement" in ran.err) == (2, True)


# check

KEY_OF = memory.signer
LAB = Laboratory(signer=memory.NORTH_LAB, role="accredited")
ONE, TWO, THREE = memory.sha("1"), memory.sha("2"), memory.sha("3")
PROFILE = Profile(id="p", procedures=(ONE, TWO), exact_use=False, data=())
DROP = Difference(
    id="d", receiver="coast.example", mode="drop", old=ONE, new="", reason="The law says so."
)


def row(**changes: Any) -> Callable[[Agreement], Agreement]:
    return lambda made: replace(made, rows=(replace(made.rows[0], **changes),))


def field(**changes: Any) -> Callable[[Agreement], Agreement]:
    return lambda made: replace(made, **changes)


def profiled(**changes: Any) -> Callable[[Agreement], Agreement]:
    """With the profile, which the row must follow, and what else is changed."""
    return lambda made: replace(
        replace(made, profiles=(PROFILE,), rows=(replace(made.rows[0], profile="p"),)), **changes
    )


def grandfather(**changes: Any) -> Callable[[Agreement], Agreement]:
    fields: dict[str, Any] = {
        "started_before": datetime.date(2026, 1, 1),
        "counts_until": datetime.date(2027, 1, 1),
        "profiles": ("p",),
    }
    return profiled(grandfather=(Grandfather(**(fields | changes)),))


WRONG = [
    pytest.param(field(rows=()), "rows: there are no rows", id="there are no rows"),
    pytest.param(row(laboratories=()), "`laboratories` is empty", id="a row without laboratories"),
    pytest.param(row(measures=()), "`measures` is empty", id="a row without measures"),
    pytest.param(row(procedures=()), "`procedures` is empty", id="a row without procedures"),
    pytest.param(row(populations=()), "`populations` is empty", id="a row without populations"),
    pytest.param(row(languages=()), "`languages` is empty", id="a row without languages"),
    pytest.param(
        row(least_binding="weights", cap_binding="endpoint"),
        "at least `weights`, but counts at most as `endpoint`",
        id="the cap of the binding is below the need",
    ),
    pytest.param(
        row(least_role="accredited", cap_role="independent"),
        "`cap_role` is below `least_role`",
        id="the cap of the role is below the need",
    ),
    pytest.param(
        row(laboratories=(replace(LAB, role="user"),), least_role="independent"),
        "it can never count",
        id="a laboratory admitted below what its row asks for",
    ),
    pytest.param(
        row(laboratories=(replace(LAB, signer=memory.COAST),)),
        "coast.example would recognise itself",
        id="the receiver is its own laboratory",
    ),
    pytest.param(
        row(laboratories=(LAB, replace(LAB, role="developer"))),
        "is admitted in two roles",
        id="one laboratory in two roles",
    ),
    pytest.param(
        row(laboratories=(LAB, replace(LAB, signer=replace(LAB.signer, origin="x.example")))),
        "have the same key",
        id="one key for two laboratories",
    ),
    pytest.param(row(range=("0", "90")), "90 % as 0.9", id="a range in percent"),
    pytest.param(row(smallest_uncertainty="2"), "2 % as 0.02", id="an uncertainty in percent"),
    pytest.param(field(spot_check_share="5"), "5 % as 0.05", id="a share in percent"),
    pytest.param(
        field(log=LogRule(quorum=2, max_checkpoint_age_hours=0)),
        "every checkpoint is too old",
        id="a log that is always too old",
    ),
    pytest.param(
        field(freshness=Freshness(max_age_days=0, model_change="none")),
        "only evidence of the same day",
        id="evidence that is at once too old",
    ),
    pytest.param(
        field(
            equivalence=(
                Equivalence(comparison="c", statistic="e_n", margin="-1", max_age_days=9),
            )
        ),
        "the margin is negative",
        id="a margin below zero",
    ),
    pytest.param(
        profiled(profiles=(replace(PROFILE, procedures=()),)),
        "profile p: it holds no procedure",
        id="a profile without procedures",
    ),
    pytest.param(
        profiled(profiles=(replace(PROFILE, exact_use=True),)),
        "pins no data",
        id="exact use of no data",
    ),
    pytest.param(
        profiled(profiles=(replace(PROFILE, data=(THREE,)),)),
        "not for exact use",
        id="data that mean nothing",
    ),
    pytest.param(
        lambda made: profiled(
            rows=(replace(made.rows[0], profile="p", procedures=(THREE,)),)
        )(made),
        "none of its procedures is in the profile p",
        id="a row whose procedures are in another profile",
    ),
    pytest.param(
        field(differences=(DROP,)),
        "which is in no profile",
        id="a difference where there is no profile",
    ),
    pytest.param(
        profiled(differences=(replace(DROP, old=THREE),)),
        "which is in no profile",
        id="a difference from what no profile asks for",
    ),
    pytest.param(
        profiled(differences=(replace(DROP, mode="add", old="", new=TWO),)),
        "no difference",
        id="an addition that is there already",
    ),
    pytest.param(
        profiled(differences=(replace(DROP, receiver="north.example"),)),
        "it differs from nothing",
        id="a difference of somebody for whom nothing counts",
    ),
    pytest.param(
        grandfather(counts_until=datetime.date(2025, 12, 31)),
        "which is earlier",
        id="a transition that ends before it begins",
    ),
    pytest.param(grandfather(profiles=()), "no older profile", id="a transition to nothing"),
]  # fmt: skip

DOUBTFUL = [
    pytest.param(lambda made: made, "no log is asked for", id="no log is asked for"),
    pytest.param(
        field(valid_until=datetime.date(2026, 1, 2)), "it ended on 2026-01-02", id="it is over"
    ),
    pytest.param(
        row(laboratories=(replace(LAB, signer=memory.NORTH),)),
        "north.example names itself as a laboratory",
        id="an authority that measures itself",
    ),
    pytest.param(
        row(measures=("fairness.kindness",)),
        "knows no measure `fairness.kindness`",
        id="a measure of a later version",
    ),
    pytest.param(
        field(profiles=(PROFILE,)), "no row and no grandfather rule names it", id="an idle profile"
    ),
    pytest.param(
        grandfather(counts_until=datetime.date(2040, 1, 1)),
        "it outlives the agreement",
        id="a transition that outlives the agreement",
    ),
    pytest.param(
        profiled(differences=(replace(DROP, reason=" "),)), "no reason", id="no reason is given"
    ),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_check_finds_what_can_never_work(
    tmp_path: Path, capsys: Capsys, change: Callable[[Agreement], Agreement], sentence: str
) -> None:
    file = written(tmp_path, change)

    ran = run(capsys, "agreement", "check", str(file))

    assert ran.code == 2
    errors = [line for line in ran.out.splitlines() if line.startswith("error")]
    assert any(sentence in line for line in errors), ran.out


@pytest.mark.parametrize(("change", "sentence"), DOUBTFUL)
def test_check_notes_what_is_doubtful_and_goes_on(
    tmp_path: Path, capsys: Capsys, change: Callable[[Agreement], Agreement], sentence: str
) -> None:
    file = written(tmp_path, change)

    ran = run(capsys, "agreement", "check", str(file))

    assert ran.code == 0
    notes = [line for line in ran.out.splitlines() if line.startswith("note")]
    assert any(sentence in line for line in notes), ran.out


def written(folder: Path, change: Callable[[Agreement], Agreement]) -> Path:
    """The agreement of `tests.decide.world`, with one thing changed."""
    file = folder / "agreement.toml"
    file.write_text(toml_document(change(memory.agreement().agreement), {}, ""), encoding="utf-8")
    return file


def test_check_for_machines(tmp_path: Path, capsys: Capsys) -> None:
    (first, *_) = run_json(capsys, "agreement", "check", str(written(tmp_path, field(rows=()))))

    assert (first["severity"], first["where"]) == ("error", "rows")


# sign


def test_every_party_signs_the_same_statement(world: Path) -> None:
    trust = load_trust(Path("trust.toml"))
    ids = set()
    for file in Path().glob("agreement.*.sigstore.json"):
        verified = verify(file.read_bytes(), trust, TYPES, datetime.datetime.now(datetime.UTC))
        ids.add(verified.id)
        public = load_key(Path(key(verified.authority.origin))).public
        record(file.read_bytes(), public.pem)

    assert len(ids) == 1


@pytest.mark.parametrize(
    ("signer", "sentence"),
    [
        pytest.param(
            "lab.steppe.example", "is no party of this agreement", id="a laboratory is no party"
        ),
        pytest.param("usurper", "names another key of coast.example", id="another key"),
    ],
)
def test_only_a_party_signs_with_its_own_key(
    world: Path, capsys: Capsys, signer: str, sentence: str
) -> None:
    other = ["keys", "new", "coast.example", "--name", "x", "--role", "user", "--out", "usurper"]
    assert run(capsys, *other).code == 0
    file = "usurper/coast.example.key" if signer == "usurper" else key(signer)

    ran = run(capsys, "agreement", "sign", "agreement.toml", "--key", file, "--out", "x.json")

    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("x.json").exists()


def test_nobody_signs_what_can_never_work(world: Path, capsys: Capsys) -> None:
    text = Path("agreement.toml").read_text(encoding="utf-8")
    Path("bad.toml").write_text(text.replace('"0.05"', '"5"'), encoding="utf-8")

    ran = run(capsys, "agreement", "sign", "bad.toml", "--key", key("coast.example"))

    assert (ran.code, "write 5 % as 0.05" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(
            "lab.steppe.example.key",
            "speaks for coast.example and steppe.example, but it is signed by lab.steppe.example",
            id="a trusted stranger signs an agreement of others",
        ),
        pytest.param(
            "second", "names another key of coast.example", id="a party signs with a second key"
        ),
    ],
)
def test_a_signature_of_somebody_else_does_not_verify(
    world: Path, capsys: Capsys, file: str, sentence: str
) -> None:
    if file == "second":
        words = ["keys", "new", "coast.example", "--name", "x", "--role", "user"]
        assert run(capsys, *words, "--out", "second").code == 0
        secret, _ = load_signer(Path("second/coast.example.key"))
        block = f'[[authority.key]]\npublic_key = "{secret.public.base64}"\n'
        text = Path("trust.toml").read_text(encoding="utf-8")
        place = text.index("[[authority]]", text.index('"coast.example"'))
        Path("trust.toml").write_text(text[:place] + block + text[place:], encoding="utf-8")
    else:
        secret, _ = load_signer(Path("keys") / file)
    bundle = signed(agreement_in(), secret)

    with pytest.raises(VerificationError, match=sentence) as caught:
        verify(bundle, load_trust(Path("trust.toml")), TYPES, datetime.datetime.now(datetime.UTC))

    assert caught.value.rule == 6


# the worked examples


def procedure(measure: str, **parameters: str) -> Procedure:
    return Procedure(
        measure=measure,
        measure_version=1,
        parameters={"decision": "as predicted", "positive": "1"} | parameters,
        prompts=None,
        decoding={},
        scorer="",
        split=SPLIT,
    )


def named_in_the_examples() -> dict[str, str]:
    """Digest to the words that stand behind it in the example files."""
    described = {
        procedure("accuracy.accuracy").digest: "accuracy.accuracy",
        hashlib.sha256(b"the pinned table").hexdigest(): "the agreed table of patients",
    }
    for measure, partition, cell in (
        ("fairness.tpr", "income", "30"),
        ("fairness.tpr", "income", "100"),
        ("fairness.tpr", "sex", "30"),
        ("fairness.selection_rate_ratio", "ethnicity", "30"),
    ):
        digest = procedure(measure, partition=partition, minimum_cell=cell).digest
        described[digest] = f"{measure}, by {partition}, smallest group {cell}"
    return described


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_worked_example_is_fictional_and_without_errors(file: Path, capsys: Capsys) -> None:
    made = read_toml(file, Agreement)

    assert made.title.startswith("FICTIONAL: ")
    assert all(party.signer.origin.endswith(".example") for party in made.parties)
    assert run(capsys, "agreement", "check", str(file)).code == 0


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_comments_of_an_example_name_the_procedures_truly(file: Path) -> None:
    described = named_in_the_examples()

    commented = re.findall(r'"([0-9a-f]{64})",?  # (.*)', file.read_text(encoding="utf-8"))

    made = read_toml(file, Agreement)
    used = {digest for profile in made.profiles for digest in (*profile.procedures, *profile.data)}
    used |= {one for change in made.differences for one in (change.old, change.new)} - {""}
    assert {digest for digest, _ in commented} == used
    assert all(described[digest] == words for digest, words in commented)


def test_the_three_shapes_are_there() -> None:
    by_name = {file.stem: read_toml(file, Agreement) for file in EXAMPLES}

    national, caps = by_name["national-differences"], by_name["caps-and-exact-use"]
    assert {one.mode for one in national.differences} == {"add", "replace", "drop"}
    assert any(one.exact_use for one in caps.profiles) and caps.grandfather
    assert {row.cap_binding for row in caps.rows} == {"weights", "endpoint"}
    rows: tuple[Row, ...] = by_name["claimable-uncertainty"].rows
    assert all(row.smallest_uncertainty != "0" and row.range != "any" for row in rows)
