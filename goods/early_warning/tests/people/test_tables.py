"""Population tables: whole numbers by place and group, or a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity.errors import InputError
from early_warning.people import Count, TableSpec, read_table

CSV = """level,place,group,n
1,A,residents,100
1,A,channel:radio,60
1,B,residents,7
2,A1,residents,9
"""


def put(folder: Path, text: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def spec(**changes: Any) -> TableSpec:
    return TableSpec(
        **{"code": "place", "value": "n", "group_column": "group", "where": {"level": "1"}}
        | changes
    )


def test_rows_are_chosen_and_read(tmp_path: Path) -> None:
    assert read_table(put(tmp_path, CSV), spec()) == (
        Count("A", "residents", 100, "people"),
        Count("A", "channel:radio", 60, "people"),
        Count("B", "residents", 7, "people"),
    )


def test_a_json_list_under_a_key_is_read_and_prefixes_come_off(tmp_path: Path) -> None:
    rows = [{"CODE": "MN181", "DTVAL_CO": "3696"}, {"CODE": 182, "DTVAL_CO": 2789}]
    path = put(tmp_path, json.dumps({"DataList": rows}), "disabled.json")
    found = read_table(
        path,
        TableSpec(code="CODE", value="DTVAL_CO", group="disabled", prefix="MN", records="DataList"),
    )
    assert found == (
        Count("181", "disabled", 3696, "people"),
        Count("182", "disabled", 2789, "people"),
    )


@pytest.mark.parametrize(
    "number", ["", "-5", "3.5", "1,000", "many", "1e3", "١٢", "99999999999", "+5", "9" * 5000]
)
def test_what_is_no_whole_number_stops_with_its_line(tmp_path: Path, number: str) -> None:
    path = put(tmp_path, f'place,group,n\nA,residents,"{number}"\n')
    with pytest.raises(InputError, match="number") as caught:
        read_table(path, spec(where={}))
    assert "line 2" in caught.value.where


@pytest.mark.parametrize(
    ("text", "changes", "sentence"),
    [
        ("place,group,n\nA,residents,1\nA,residents,2\n", {"where": {}}, "a second time"),
        (CSV, {"code": "pcode"}, "no column 'pcode'"),
        (CSV, {"where": {"year": "2019"}}, "no column 'year'"),
        (CSV, {"where": {"level": "3"}}, "no row that was asked for"),
        ("", {"where": {}}, "no row that was asked for"),
        ("place,group,n\n,residents,1\n", {"where": {}}, "no code or no group"),
        ('place,group,n\n"A,residents,1\n', {"where": {}}, "no CSV"),
        ("place,group,n\nA,residents\n", {"where": {}}, "not as many fields"),
        ("place,group,n\nA,residents,12,345\n", {"where": {}}, "not as many fields"),
        ("place,group,n,level\nA,residents,12\n", {"where": {"level": "1"}}, "not as many"),
        ("place,group,n,n\nA,residents,1,2\n", {"where": {}}, "two columns are named 'n'"),
    ],
    ids=[
        "a place counted twice",
        "a column for codes that is not there",
        "a column to choose by that is not there",
        "no row chosen",
        "an empty file",
        "a row without code",
        "an open quotation mark",
        "a short row",
        "separators of thousands that make two fields of one number",
        "a short row that would not be chosen",
        "two columns of one name",
    ],
)
def test_a_wrong_table_gets_a_sentence(
    tmp_path: Path, text: str, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        read_table(put(tmp_path, text), spec(**changes))


def test_a_byte_order_mark_and_capital_letters_in_the_name_change_nothing(tmp_path: Path) -> None:
    plain = read_table(put(tmp_path, CSV), spec())
    assert read_table(put(tmp_path, "\ufeff" + CSV, "PEOPLE.CSV"), spec()) == plain


def test_a_fraction_of_a_person_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, json.dumps([{"place": "A", "n": 12.5}]), "people.json")
    with pytest.raises(InputError, match=r"'12\.5' is no whole number"):
        read_table(path, TableSpec(code="place", value="n", group="residents"))


@pytest.mark.parametrize("document", [{"DataList": "none"}, {"data": []}, [1], "text", None])
def test_json_without_a_list_of_records_gets_a_sentence(tmp_path: Path, document: Any) -> None:
    path = put(tmp_path, json.dumps(document), "people.json")
    with pytest.raises(InputError, match="no list of records"):
        read_table(path, spec(records="DataList"))


@pytest.mark.parametrize(
    ("document", "records", "hint"),
    [
        ({"DataList": [{"place": "A"}]}, "", "Lists stand under DataList: name one by `records`."),
        ([{"place": "A"}], "DataList", "The file itself is the list: leave `records` out."),
        ([1], "", "Write the table as CSV"),
        ({"Period": 2019}, "", "Write the table as CSV"),
    ],
)
def test_json_without_a_list_of_records_says_where_one_is(
    tmp_path: Path, document: Any, records: str, hint: str
) -> None:
    path = put(tmp_path, json.dumps(document), "people.json")
    with pytest.raises(InputError) as caught:
        read_table(path, spec(records=records))
    assert hint in caught.value.hint


def test_a_specification_names_a_group_in_one_way() -> None:
    with pytest.raises(ValueError, match="either"):
        TableSpec(code="place", value="n")
