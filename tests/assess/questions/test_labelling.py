"""The sheet on which a person says whether the model refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from comity.assess.questions import Asked, Planted
from comity.assess.questions.labelling import Labelled, judged, labels_of, read_sheet, sheet
from comity.assess.questions.misuse import MISUSE
from comity.assess.questions.private_data import PRIVATE_DATA
from comity.assess.questions.refusal import classify
from comity.assess.questions.safety import SAFETY
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.errors import InputError
from tests.assess.questions.simulated import ask, read

ASKED = Asked(share=0.2)
BATTERIES = (MISUSE, SAFETY, PRIVATE_DATA)
PLANTED = Planted(rates={name: 0.5 for one in BATTERIES for name in one.behaviours})
ASKS = [one for each in BATTERIES for one in each.asks(ASKED)]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    """The answers of a simulated run."""
    return {name: one for each in BATTERIES for name, one in ask(each, ASKED, PLANTED).items()}


def rows_of(data: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def written(folder: Path, rows: Rows, *, comma: str = ",", encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), delimiter=comma)
    table.writeheader()
    table.writerows(rows)
    path = folder / "labels.csv"
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))
    return path


def labelled(rows: Rows, done: int) -> Rows:
    """A person's labels of the first rows: what the rules say, too."""
    for row in rows[:done]:
        row["label"] = classify(row["answer"][1:-1])
    return rows


def filled(path: Path) -> Labelled:
    return read_sheet(path, "Office for Tests")


def test_labels_from_the_top_validate_the_scorer_of_every_battery(
    tmp_path: Path, answers: dict[str, Answer]
) -> None:
    rows = rows_of(sheet(ASKS, answers))
    done = len(rows) * 3 // 4
    found = filled(written(tmp_path, labelled(rows, done)))
    labels = labels_of(found, ASKS, answers)
    assert list(labels) == list(judged(ASKS, answers))[:done]
    assert all(label == classify(answers[name].text) for name, label in labels.items())
    asked = replace(ASKED, labels=labels, labelled_by=found.by)
    judges = [
        one.judge
        for each in BATTERIES
        for one in read(each, asked, answers).values()
        if one.judge is not None
    ]
    assert judges and all(one.validated for one in judges)


def test_the_sheet_tells_neither_what_was_asked_nor_its_bank(answers: dict[str, Answer]) -> None:
    text = sheet(ASKS, answers).decode()
    assert all(one.text not in text and one.id not in text for one in ASKS)
    assert not any(word in text for word in ("misuse/", "safety/", "private_data/"))


def test_all_banks_are_mixed_and_what_no_scorer_reads_is_left_out(
    answers: dict[str, Answer],
) -> None:
    banks = [name.split("/")[0] for name in judged(ASKS, answers)]
    assert {*banks[:80]} == {*banks} == {"misuse", "safety", "private_data"}
    assert not any("/override/" in name or "/secret/" in name for name in judged(ASKS, answers))


def test_a_run_without_answers_has_an_empty_sheet() -> None:
    assert sheet(MISUSE.asks(ASKED), {}) == b""


@pytest.mark.parametrize(
    "said", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\t=1", "a\x1b[31mb\u202ec\nd\x00"]
)
def test_a_spreadsheet_takes_no_answer_for_a_formula_or_a_control_code(said: str) -> None:
    one = MISUSE.asks(ASKED)[0]
    given = {one.id: Answer(id=one.id, status="answered", text=said)}
    (row,) = rows_of(sheet([one], given))
    assert row["answer"].startswith("“") and row["id"][0] == "a"
    assert not {"\x1b", "\u202e", "\x00"} & set(row["answer"])


@pytest.mark.parametrize(
    ("comma", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-8"), (";", "latin-1"), (",", "cp1252")],
)
def test_the_sheet_is_read_however_a_spreadsheet_saved_it(
    tmp_path: Path, answers: dict[str, Answer], comma: str, encoding: str
) -> None:
    rows = labelled(rows_of(sheet(ASKS, answers)), 20)
    turned = [
        {"Label": row["label"].title(), "note": "", "ID": row["id"]} for row in reversed(rows)
    ]
    found = filled(written(tmp_path, turned, comma=comma, encoding=encoding))
    assert len(labels_of(found, ASKS, answers)) == 20


def without(number: int) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows[:number], *rows[number + 1 :]]


def changed(number: int, **fields: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row | (fields if i == number else {}) for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("spoil", "told", "line"),
    [
        pytest.param(changed(2, label="maybe"), "“maybe” is no label", 4, id="another word"),
        pytest.param(changed(2, id="a1"), "did not give", 4, id="another answer"),
        pytest.param(changed(2, label=""), "was left out", 4, id="a gap"),
        pytest.param(without(2), "a row of the sheet is missing", 0, id="a row taken out"),
        pytest.param(lambda rows: [*rows, rows[0]], "twice", 12, id="a row twice"),
        pytest.param(lambda rows: [row | {"label": " "} for row in rows], "nothing is", 0, id="no"),
        pytest.param(
            lambda rows: [{"id": row["id"]} for row in rows], "no labelling sheet", 0, id="columns"
        ),
    ],
)
def test_a_sheet_is_refused_with_its_line_for(
    tmp_path: Path,
    answers: dict[str, Answer],
    spoil: Callable[[Rows], Rows],
    told: str,
    line: int,
) -> None:
    rows = [row | {"answer": "“one line”"} for row in rows_of(sheet(ASKS, answers))[:10]]
    for row in rows:
        row["label"] = "refused"
    with pytest.raises(InputError, match=told) as error:
        labels_of(filled(written(tmp_path, spoil(rows))), ASKS, answers)
    assert error.value.where.endswith(f"labels.csv, line {line}" if line else "labels.csv")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"nonsense\n" * 9, b'id,label\n"' + b"x" * 200_000], ids=range(4)
)
def test_a_file_that_is_no_sheet_gets_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InputError, match=r"no labelling sheet|cannot be read"):
        filled(tmp_path / "x")


def test_no_two_questions_that_are_judged_are_the_same_request() -> None:
    every = [one for each in BATTERIES for one in each.asks(Asked())]
    names = judged(every, {one.id: Answer(id=one.id, status="answered", text="x") for one in every})
    texts = [one.text for one in every if one.id in {*names}]
    others = {one.text for one in every if one.id not in {*names}}
    assert len(texts) == len({*texts}) == len(names) and not others & {*texts}


def test_a_label_belongs_to_the_very_answer(tmp_path: Path, answers: dict[str, Answer]) -> None:
    path = written(tmp_path, labelled(rows_of(sheet(ASKS, answers)), 5))
    name = judged(ASKS, answers)[3]
    other = answers | {name: Answer(id=name, status="answered", text="Something else.")}
    asks: list[Ask] = ASKS
    with pytest.raises(InputError, match="did not give"):
        labels_of(filled(path), asks, other)
