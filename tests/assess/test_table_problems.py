"""Every problem of a table gets its sentence, with the file and the card's field."""

# ruff: noqa: E501  (a table of cases reads best with one case a line)

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from comity.assess import load_card
from comity.assess.systems.engine import Share, open_engine
from comity.assess.systems.source import open_source
from comity.assess.systems.table import read_table
from comity.errors import InputError
from tests.assess.tables import KINDS, Columns, write_card, write_table

T, P, S, G = "t", "p", "s", "g"
ROLES = 'truth = "t"\nprediction = "p"\n'
SCORES = 'truth = "t"\nscore = "s"\ncut_off = 0.5\n'
GROUPS = ROLES + 'groups = ["g"]\n'
SPLIT = ROLES + 'split = "part"\n'
IDS = ROLES + 'id = "id"\n'


def refused(folder: Path, table: Path, predictions: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_table(load_card(write_card(folder, predictions), table))
    return caught.value


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("columns", "predictions", "field", "row", "sentence"),
    [
        pytest.param(
            {T: ["0", "1", None, "1"], P: ["0", "1", "1", "1"]},
            ROLES,
            "truth",
            3,
            "1 evaluated rows have no truth",
            id="a missing truth",
        ),
        pytest.param(
            {T: ["0", "1", "nan", "NA"], P: ["0", "1", "1", "1"]},
            ROLES,
            "truth",
            0,
            "2 evaluated rows have no truth",
            id="truth that is NaN",
        ),
        pytest.param(
            {T: ["0", "1", "2"], P: ["0", "1", "1"]},
            ROLES,
            "truth",
            0,
            "the truth has more than two classes: '0', '1', '2'",
            id="three classes in truth",
        ),
        pytest.param(
            {T: ["no", "yes"], P: ["no", "yes"]},
            ROLES,
            "truth",
            0,
            "the positive class '1' never occurs; the truth is 'no', 'yes'",
            id="a positive class that never occurs",
        ),
        pytest.param(
            {T: ["no", "no"], P: ["no", "no"]},
            ROLES,
            "truth",
            0,
            "the positive class '1' never occurs; the truth is 'no'",
            id="one class only, and not the one that the card names",
        ),
        pytest.param(
            {T: ["0", "1", "1"], P: ["0", "1", "maybe"]},
            ROLES,
            "prediction",
            3,
            "1 evaluated rows have the prediction 'maybe', which is no class of the truth",
            id="a prediction that is no class of the truth",
        ),
        pytest.param(
            {T: ["0", "1", "0"], P: ["0.13", "0.7", "0"]},
            ROLES,
            "prediction",
            1,
            "have the prediction '0.13', which is no class",
            id="scores in the prediction column",
        ),
        pytest.param(
            {T: ["0", "1", "0"], S: ["0.1", "0,7", "high"]},
            SCORES,
            "score",
            2,
            "2 scores are no numbers, the first is '0,7'",
            id="a score with a comma, and one that is a word",
        ),
        pytest.param(
            {T: ["0", "1"], P: ["0", "1"], "sexe": ["f", "m"]},
            ROLES + 'groups = ["sex"]\n',
            "groups",
            0,
            "there is no column 'sex'",
            id="a missing column",
        ),
        pytest.param(
            {T: ["0", "1"], P: ["0", "1"], "part": ["a", "b"]},
            SPLIT,
            "split",
            0,
            "no row belongs to the part 'test' that is evaluated",
            id="no row in the evaluated part",
        ),
        pytest.param(
            {T: ["0", "1", "1", "0"], P: ["0", "1", "1", "0"], "id": ["7", "8", "7", "7"]},
            IDS,
            "id",
            0,
            "1 identifiers stand more than once, for instance '7', up to 3 times",
            id="an identifier three times",
        ),
        pytest.param(
            {T: ["0", "1", "1"], P: ["0", "1", "1"], "id": ["7", None, " "]},
            IDS,
            "id",
            0,
            "2 evaluated rows have no identifier",
            id="missing identifiers",
        ),
        pytest.param(
            {
                T: ["0", "1", "1"],
                P: ["0", "1", "1"],
                "id": ["7", "8", "8"],
                "part": ["test", "test", "train"],
            },
            SPLIT + 'id = "id"\n',
            "id",
            0,
            "1 identifiers stand in the evaluated part and in another part too, for instance '8'",
            id="a person in test and in training",
        ),
        pytest.param(
            {T: ["0", "1"], P: ["0", "1"], G: ["a", "b" * 501]},
            GROUPS,
            "groups",
            0,
            "a value is longer than 500 characters",
            id="a group name longer than a claim can hold",
        ),
    ],
)
def test_a_wrong_column_is_named(
    tmp_path: Path,
    name: str,
    columns: Columns,
    predictions: str,
    field: str,
    row: int,
    sentence: str,
) -> None:
    table = write_table(tmp_path / name, columns)
    error = refused(tmp_path, table, predictions)
    assert sentence in error.what
    assert error.where.startswith(f"{table}, row {row}, " if row else f"{table}")
    assert f"(field predictions.{field} of {tmp_path / 'system.toml'})" in error.where


def test_the_nearest_column_is_suggested(tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.csv", {"truth": [0, 1], "selected": [0, 1]})
    error = refused(tmp_path, table, 'truth = "truht"\nprediction = "selected"\n')
    assert error.hint == "Did you mean 'truth'?"


@pytest.mark.parametrize("name", KINDS)
def test_a_row_number_counts_evaluated_and_other_rows_alike(tmp_path: Path, name: str) -> None:
    columns = {T: [None, "1", None], P: ["0", "1", "1"], "part": ["train", "test", "test"]}
    error = refused(tmp_path, write_table(tmp_path / name, columns), SPLIT)
    assert ", row 3, column 't'" in error.where


@pytest.mark.parametrize(
    ("columns", "predictions", "sentence"),
    [
        pytest.param(
            {T: [0, 1], S: [True, False]}, SCORES, "of type BOOLEAN", id="scores that are yes or no"
        ),
        pytest.param(
            {T: [0, 1], P: [[1], [0]]}, ROLES, "of type INTEGER[]", id="predictions that are lists"
        ),
        pytest.param(
            {T: [{"a": 1}, {"a": 2}], P: [1, 0]},
            ROLES,
            "of type STRUCT",
            id="truth that is a record",
        ),
        pytest.param(
            {T: [0, 1], P: [0, 1], G: [b"a", b"b"]}, GROUPS, "of type BLOB", id="groups as bytes"
        ),
    ],
)
def test_a_parquet_column_of_the_wrong_type_is_named(
    tmp_path: Path, columns: Columns, predictions: str, sentence: str
) -> None:
    error = refused(tmp_path, write_table(tmp_path / "p.parquet", columns), predictions)
    assert sentence in error.what.replace("BIGINT", "INTEGER")


GOOD_CSV = b"t,p\n0,0\n1,1\n"
LONG = b"x" * 1_100_000


@pytest.mark.parametrize(
    ("name", "data", "line", "sentence"),
    [
        pytest.param("p.csv", b"", 0, "the table is empty", id="an empty CSV file"),
        pytest.param("p.csv", b"t,p\n", 0, "no rows", id="a header and nothing else"),
        pytest.param("p.csv", b"\n\nt,p\n0,0\n", 1, "no column names", id="a blank first line"),
        pytest.param("p.csv", b'"t,p\n0,0\n', 1, "no column names", id="an open quote in the header"),
        pytest.param("p.csv", b"t,p,p\n0,0,1\n", 0, "stands 2 times", id="a column named twice"),
        pytest.param("p.csv", b"t,p\n0,0\n1\n", 3, "has 1 fields, the header 2", id="a short line"),
        pytest.param("p.csv", b"t,p\n0,0\n1,1,1\n", 3, "3 fields, the header 2", id="a long line"),
        pytest.param("p.csv", b't,p\n0,"0\n1,1\n', 2, "quotation mark", id="an open quote"),
        pytest.param("p.csv", b't,p\n0,"0"0\n', 2, "quotation mark", id="text after a quote"),
        pytest.param("p.csv", b"t,p\r\n0,0\n1,1\r\n", 0, "lines end in different ways", id="mixed line ends"),
        pytest.param("p.csv", b"t,p\n\xe9,0\n", 2, "not UTF-8", id="Latin-1 text"),
        pytest.param("p.csv", GOOD_CSV.decode().encode("utf-16"), 1, "not UTF-8", id="UTF-16 text"),
        pytest.param("p.csv", b"t,p\n0,0\n1," + LONG, 3, "longer than", id="a line without end"),
        pytest.param("p.csv", LONG, 1, "longer than", id="a header without end"),
        pytest.param("p.csv.gz", GOOD_CSV, 0, "not complete gzip", id="CSV that only claims to be gzip"),
        pytest.param("p.csv.gz", gzip.compress(GOOD_CSV * 999)[:-12], 0, "not complete gzip", id="gzip cut short"),
        pytest.param("p.jsonl", b"", 0, "the table is empty", id="an empty JSON Lines file"),
        pytest.param("p.jsonl", b'{"t":0,"p":0}\n{"t":1,"p"\n{"t":1,"p":1}\n', 2, "not JSON", id="a broken record"),
        pytest.param("p.jsonl", b'{"t":0,"p":0}\n{"t":1,"t":0,"p":1}\n', 2, 'the field "t" twice', id="a field twice"),
        pytest.param("p.jsonl", b'{"t":0,"p":0}\n[1, 0]\n', 2, "not an object", id="a list as record"),
        pytest.param("p.jsonl", b'{"t":"\xe9","p":0}\n', 1, "not UTF-8", id="Latin-1 JSON"),
        pytest.param("p.jsonl", b'{"t":0,"p":"' + LONG + b'"}\n', 0, "longer than", id="a record without end"),
        pytest.param("p.jsonl", b'{"t":' + b"[" * 400_000 + b"]" * 400_000 + b',"p":1}', 0, "500 characters", id="deep nesting"),
        pytest.param("p.parquet", b"", 0, "Parquet", id="an empty Parquet file"),
        pytest.param("p.parquet", GOOD_CSV, 0, "not complete Parquet", id="CSV that only claims to be Parquet"),
        pytest.param("p.parquet", b"PAR1" + b"\xff" * 64 + b"PAR1", 0, "", id="Parquet with a wild footer"),
        pytest.param("p.xlsx", GOOD_CSV, 0, "this kind of table cannot be read", id="a spreadsheet"),
        pytest.param("p", GOOD_CSV, 0, "this kind of table cannot be read", id="a file without suffix"),
        pytest.param("p.parquet.gz", GOOD_CSV, 0, "this kind", id="a packed Parquet file"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes, line: int, sentence: str
) -> None:
    table = tmp_path / name
    table.write_bytes(data)
    error = refused(tmp_path, table, ROLES)
    assert sentence in error.what
    assert error.where.startswith(f"{table}, line {line}" if line else str(table))
    assert (", line " in error.where) == bool(line)


def test_a_broken_line_far_down_a_large_file_is_found(tmp_path: Path) -> None:
    for name, good, bad in (
        ("p.csv", "0,0\n", "0,0,0\n"),
        ("p.jsonl", '{"t":0,"p":0}\n', '{"t":0,"p"}\n'),
    ):
        table = tmp_path / name
        head = "t,p\n" if name == "p.csv" else ""
        table.write_text(head + good * 300_000 + bad + good * 300_000)
        number = 300_001 + bool(head)
        assert refused(tmp_path, table, ROLES).where == f"{table}, line {number}"


def test_a_damaged_parquet_page_is_a_sentence(tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.parquet", {T: ["0", "1"] * 500, P: ["1", "0"] * 500})
    whole = table.read_bytes()
    outcomes = set()
    for at in range(4, len(whole) - 8, 31):
        table.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_table(load_card(write_card(tmp_path, ROLES), table))
            outcomes.add("read")
        except InputError as error:
            assert error.where.startswith(str(table))
            outcomes.add("refused")
    assert "refused" in outcomes


@pytest.mark.parametrize("doubled", ["p.parquet", "p.jsonl"])
def test_names_that_differ_in_capitals_only_are_never_confused(
    tmp_path: Path, doubled: str
) -> None:
    columns = {T: [0, 1, 1], P: [0, 1, 0], "T": [1, 1, 1], "P": [0, 0, 0]}
    table = read_table(
        load_card(write_card(tmp_path, ROLES), write_table(tmp_path / doubled, columns))
    )
    assert (table.counts.tn, table.counts.tp, table.counts.fn) == (1, 1, 1)


def test_json_fields_that_differ_in_capitals_only_cannot_both_be_asked_for(tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.jsonl", {"a": [0, 1], "A": [0, 1]})
    error = refused(tmp_path, table, 'truth = "a"\nprediction = "A"\n')
    assert "differ in capital letters only" in error.what


def test_a_parquet_column_named_twice_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_arrays([pa.array([0, 1])] * 3, names=["t", "p", "p"])
    pq.write_table(table, tmp_path / "p.parquet")
    assert "stands 2 times" in refused(tmp_path, tmp_path / "p.parquet", ROLES).what


@pytest.mark.parametrize(("column", "field"), [(G, "groups"), (P, "prediction"), (T, "truth")])
def test_a_column_of_identifiers_is_not_counted_by(tmp_path: Path, column: str, field: str) -> None:
    n = 250_000
    columns: dict[str, list[object]] = {T: [0, 1] * (n // 2), P: [0, 1] * (n // 2), G: ["a"] * n}
    columns[column] = list(range(n))
    error = refused(tmp_path, write_table(tmp_path / "p.parquet", columns), GROUPS)
    assert "different values, too many to count by" in error.what
    assert f"(field predictions.{field} of" in error.where


def test_groups_are_few_enough_to_compare(tmp_path: Path) -> None:
    columns = {T: [0, 1] * 600, P: [0, 1] * 600, G: [f"g{i}" for i in range(1200)]}
    error = refused(tmp_path, write_table(tmp_path / "p.csv", columns), GROUPS)
    assert "more than 1,000 groups" in error.what


def test_an_absent_table_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "p.csv", ROLES).what == "there is no such file"


def test_a_table_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_bytes(GOOD_CSV)

    def meddle(step: str, _: Share | None) -> None:
        if step == "counting rows":
            table.write_bytes(GOOD_CSV + b"1,1\n")

    with pytest.raises(InputError, match="the table changed while it was read"):
        read_table(load_card(write_card(tmp_path, ROLES), table), meddle)


def test_a_table_that_vanishes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_bytes(GOOD_CSV)

    def meddle(step: str, _: Share | None) -> None:
        if step == "counting rows":
            table.unlink()

    with pytest.raises(InputError):
        read_table(load_card(write_card(tmp_path, ROLES), table), meddle)


def test_reading_stops_after_its_time(tmp_path: Path) -> None:
    table = tmp_path / "p.csv.gz"
    table.write_bytes(gzip.compress(b"t,p\n" + b"0,0\n" * 5_000_000, compresslevel=1))
    columns = {"truth": "t", "prediction": "p"}
    with (
        pytest.raises(InputError, match="took too long"),
        open_source(table, columns, card=tmp_path / "card.toml", seconds=0.02) as source,
    ):
        for _ in range(100):
            source.rows("SELECT count(*), count(r0) FROM source")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{other}')",
        "SELECT * FROM read_csv('{other}')",
        "COPY (SELECT 1) TO '{other}.new'",
        "ATTACH '{other}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_the_engine_reaches_no_other_file_and_no_network(tmp_path: Path, sql: str) -> None:
    table, other = tmp_path / "p.csv", tmp_path / "other.csv"
    table.write_bytes(GOOD_CSV)
    other.write_bytes(b"secret\n1\n")
    with open_engine(table) as engine, pytest.raises(InputError) as caught:
        engine.rows(sql.format(other=other))
    assert "secret" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.csv", "p.csv"]


@pytest.mark.parametrize("name", ["p[1].csv", "p*.csv", "p?.csv", "p'; DROP.csv", "ж 'п'.csv"])
def test_a_file_name_is_never_a_pattern_or_sql(tmp_path: Path, name: str) -> None:
    (tmp_path / "p1.csv").write_bytes(b"t,p\n1,0\n1,0\n1,0\n")
    (tmp_path / name).write_bytes(GOOD_CSV)
    table = read_table(load_card(write_card(tmp_path, ROLES), tmp_path / name))
    assert table.rows == 2


def test_a_folder_that_looks_like_a_hive_partition_adds_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "g=b"
    folder.mkdir()
    table = write_table(folder / "p.parquet", {T: [0, 1], P: [0, 1], G: ["a", "a"]})
    read = read_table(load_card(write_card(tmp_path, GROUPS), table))
    assert [cell.values for cell in read.cells] == [("a",)]


def test_a_foreign_value_cannot_steer_the_terminal(tmp_path: Path) -> None:
    columns = {T: ["0", "1", "\x1b[2J\u202e"], P: ["0", "1", "1"]}
    for name in ("p.csv", "p.jsonl", "p.parquet"):
        sentence = str(refused(tmp_path, write_table(tmp_path / name, columns), ROLES))
        assert "\x1b" not in sentence and "\u202e" not in sentence


def test_a_json_file_of_one_list_is_a_table_too(tmp_path: Path) -> None:
    table = tmp_path / "p.json"
    table.write_text(json.dumps([{T: 0, P: 0}, {T: 1, P: True}], indent=1))
    assert read_table(load_card(write_card(tmp_path, ROLES), table)).counts.tp == 1
