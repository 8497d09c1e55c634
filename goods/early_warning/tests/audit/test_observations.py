"""The two tables of a service: what was observed, and whom channels reach."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.audit import Reach, Window, read_observations, read_reach

CODES = ("A", "B", "C")
HEAD = "district,hazard,start,end,event,began\n"
DAY = "2026-11-22T00:00+03:00,2026-11-23T00:00+03:00"
NIGHT = dt.datetime(2026, 11, 22, tzinfo=dt.timezone(dt.timedelta(hours=3)))


def put(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_yes_no_and_nothing_are_three_things(tmp_path: Path) -> None:
    text = HEAD + (
        f"A,heavy_rain,{DAY},yes,2026-11-22T14:20+03:00\n"
        f"B,heavy_rain,{DAY},No,\n"
        "\n"
        f"C,heavy_rain,{DAY},,\n"
        f"A,strong_wind,{DAY},yes,\n"
    )
    found = read_observations(put(tmp_path, text), CODES)
    assert [(one.district, one.event, one.began) for one in found["heavy_rain"]] == [
        ("A", True, NIGHT + dt.timedelta(hours=14, minutes=20)),
        ("B", False, None),
        ("C", None, None),
    ]
    assert found["strong_wind"] == (
        Window(district="A", start=NIGHT, end=NIGHT + dt.timedelta(days=1), event=True),
    )


def test_the_beginning_may_be_left_out_as_a_column(tmp_path: Path) -> None:
    text = f"event,district,hazard,start,end\nyes,A,heavy_rain,{DAY}\n"
    (one,) = read_observations(put(tmp_path, text), CODES)["heavy_rain"]
    assert one.event
    assert one.began is None


LINES = {
    "no such district": (f"X,heavy_rain,{DAY},yes,", "there is no district 'X'"),
    "no such hazard": (f"A,flood,{DAY},yes,", "'flood' is no hazard"),
    "no time": ("A,heavy_rain,today,2026-11-23T00:00+03:00,yes,", "not a time"),
    "no zone": ("A,heavy_rain,2026-11-22T00:00,2026-11-23T00:00+03:00,yes,", "without a time zone"),
    "an end before the start": (
        "A,heavy_rain,2026-11-23T00:00+03:00,2026-11-22T00:00+03:00,yes,",
        "ends before it starts",
    ),
    "neither yes nor no": (f"A,heavy_rain,{DAY},maybe,", "neither yes nor no"),
    "a beginning outside": (
        f"A,heavy_rain,{DAY},yes,2026-11-24T00:00+03:00",
        "what began is not in the window",
    ),
    "a beginning of nothing": (
        f"A,heavy_rain,{DAY},no,2026-11-22T14:00+03:00",
        "what began is not in the window",
    ),
    "a field too many": (f"A,heavy_rain,{DAY},yes,,", "7 fields and the table 6 columns"),
}


@pytest.mark.parametrize(("line", "words"), LINES.values(), ids=LINES)
def test_every_bad_line_gets_a_sentence_with_its_number(
    tmp_path: Path, line: str, words: str
) -> None:
    text = f"{HEAD}A,heavy_rain,{DAY},no,\n{line}\nB,{line[2:]}\n"
    with pytest.raises(InputError) as caught:
        read_observations(put(tmp_path, text), CODES)
    told = caught.value.hint.splitlines()
    assert told[0].startswith("line 3: ")
    assert words in told[0]
    if not line.startswith("X"):
        assert caught.value.what == "2 lines cannot be used"
        assert told[1].startswith("line 4: ")


@pytest.mark.parametrize(
    "again",
    [DAY, "2026-11-21T12:00+03:00,2026-11-22T00:01+03:00", "2026-11-22T23:59Z,2026-11-23T12:00Z"],
    ids=["the same", "one that ends in it", "one in another zone that does not meet it"],
)
def test_a_window_that_meets_another_of_its_district_is_named_by_its_line(
    tmp_path: Path, again: str
) -> None:
    text = f"{HEAD}A,heavy_rain,{DAY},no,\nB,heavy_rain,{again},no,\nA,heavy_rain,{again},no,\n"
    if again.endswith("Z"):
        assert len(read_observations(put(tmp_path, text), CODES)["heavy_rain"]) == 3
        return
    with pytest.raises(InputError) as caught:
        read_observations(put(tmp_path, text), CODES)
    assert caught.value.hint.startswith("line 4: the window overlaps the one of A from 2026-11-22")


TABLES = {
    "empty": ("", "there is no column 'district'"),
    "without a line": (HEAD, "the table has no lines"),
    "without a column": ("district,hazard,start,end\n", "there is no column 'event'"),
    "with a column of another table": (HEAD.replace("began", "begin"), "'begin' is not known"),
    "with a column twice": (HEAD.replace("began", "event"), "'event' is not known here, or is"),
    "broken": (HEAD + '"A\n', "not a CSV table"),
}


@pytest.mark.parametrize(("text", "words"), TABLES.values(), ids=TABLES)
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_observations(put(tmp_path, text), CODES)


def test_many_bad_lines_are_told_up_to_a_limit(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_observations(put(tmp_path, HEAD + f"X,heavy_rain,{DAY},yes,\n" * 30), CODES)
    assert caught.value.what == "30 lines cannot be used"
    assert caught.value.hint.splitlines()[-1] == "… and 10 more"


def test_reach_is_a_survey_or_a_count_in_one_district_or_in_all(tmp_path: Path) -> None:
    text = (
        "channel,group,language,reached,asked,survey,district\n"
        "radio,residents,SO,412,600,yes,A\n"
        "sms,herders,mn,10,20,,\n"
    )
    assert read_reach(put(tmp_path, text), CODES) == (
        Reach(
            channel="radio",
            group="residents",
            language="so",
            reached=412,
            asked=600,
            survey=True,
            district="A",
        ),
        Reach(channel="sms", group="herders", language="mn", reached=10, asked=20, survey=False),
    )


REACHES = {
    "of an unknown language": ("radio,residents,und,1,2", "reach needs a language"),
    "of no language": ("radio,residents,,1,2", "language is empty"),
    "of no channel": (",residents,so,1,2", "channel is empty"),
    "no number": ("radio,residents,so,most,2", "reached is 'most', not a whole number"),
    "less than nobody": ("radio,residents,so,-1,2", "reached is '-1'"),
    "more than were asked": ("radio,residents,so,3,2", "line 2: 3 of 2 is no share of people"),
    "of nobody asked": ("radio,residents,so,0,0", "0 of 0 is no share"),
    "given twice": (
        "radio,residents,so,1,2\nradio,residents,SO,1,2",
        "line 3: this reach is given",
    ),
}


@pytest.mark.parametrize(("line", "words"), REACHES.values(), ids=REACHES)
def test_a_reach_that_cannot_be_is_refused(tmp_path: Path, line: str, words: str) -> None:
    path = put(tmp_path, f"channel,group,language,reached,asked\n{line}\n")
    with pytest.raises(InputError) as caught:
        read_reach(path, CODES)
    assert words in caught.value.hint
