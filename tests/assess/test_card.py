"""The system card: ten lines are enough, and every mistake is named with file and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.assess import load_card
from comity.errors import ComityError, InputError
from tests.assess.tables import write_card

ENOUGH = 'file = "p.csv"\ntruth = "t"\nprediction = "p"\n'


def test_ten_lines_are_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path, ENOUGH))
    assert card.table == tmp_path / "p.csv"
    assert card.system.kind == "predictive"
    assert (card.system.identity.binding, card.system.identity.digest) == ("declared", None)
    assert card.population == {"country": "US"}
    assert card.predictions.positive == "1"
    assert card.predictions.minimum_cell == 30
    assert card.predictions.groups == {}
    assert card.predictions.columns == {"truth": "t", "prediction": "p"}


def test_groups_are_sorted_so_that_their_order_is_no_part_of_the_procedure(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path, ENOUGH + 'groups = ["sex", "age"]\n'))
    assert list(card.predictions.groups.items()) == [("age", "age"), ("sex", "sex")]


def test_a_group_column_of_any_name_gets_an_ascii_name_from_a_table(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path, ENOUGH + 'groups = {sex = "пол"}\n'))
    assert card.predictions.groups == {"sex": "пол"}


@pytest.mark.parametrize("written", ["0.5", '"0.5"', '"0.50"', '"5e-1"'])
def test_a_cut_off_is_the_same_text_however_it_is_written(tmp_path: Path, written: str) -> None:
    lines = f'file = "p.csv"\ntruth = "t"\nscore = "s"\ncut_off = {written}\n'
    assert load_card(write_card(tmp_path, lines)).predictions.cut_off == "0.5"


@pytest.mark.parametrize("written", ["1", '"1"', "1.0", "true", '"True"', '" 1 "'])
def test_the_positive_class_is_the_same_text_however_it_is_written(
    tmp_path: Path, written: str
) -> None:
    card = load_card(write_card(tmp_path, ENOUGH + f"positive = {written}\n"))
    assert card.predictions.positive == "1"


def test_a_table_given_by_the_reader_may_stand_anywhere(tmp_path: Path) -> None:
    lines = 'truth = "t"\nprediction = "p"\n'
    assert load_card(write_card(tmp_path, lines), Path("/data/x.csv")).table == Path("/data/x.csv")


@pytest.mark.parametrize(
    ("lines", "field", "sentence"),
    [
        pytest.param(
            ENOUGH + 'predicton = "x"\n', "predictions", "`predicton`", id="a misspelt field"
        ),
        pytest.param(
            'file = "p.csv"\nprediction = "p"\n', "predictions", "`truth`", id="no truth column"
        ),
        pytest.param(
            'file = "p.csv"\ntruth = "t"\n',
            "predictions.prediction",
            "neither a prediction column nor a score column",
            id="neither prediction nor score",
        ),
        pytest.param(
            'truth = "t"\nprediction = "p"\n',
            "predictions.file",
            "names no table",
            id="no table at all",
        ),
        pytest.param(
            ENOUGH.replace("p.csv", "../p.csv"),
            "predictions.file",
            "leaves the folder",
            id="a table outside the card's folder",
        ),
        pytest.param(
            ENOUGH.replace("p.csv", "/etc/passwd"),
            "predictions.file",
            "leaves the folder",
            id="a table at an absolute path",
        ),
        pytest.param(
            ENOUGH + "truth_column = 1\n", "predictions", "`truth_column`", id="an unknown field"
        ),
        pytest.param(
            'file = "p.csv"\ntruth = 3\nprediction = "p"\n',
            "predictions.truth",
            "Expected `str`",
            id="a column name that is a number",
        ),
        pytest.param(
            ENOUGH + "cut_off = 0.5\n",
            "predictions.cut_off",
            "needs a score column",
            id="a cut-off without a score",
        ),
        pytest.param(
            ENOUGH + 'score = "s"\ncut_off = 0.5\n',
            "predictions.cut_off",
            "two sources",
            id="a cut-off beside a prediction column",
        ),
        pytest.param(
            'file = "p.csv"\ntruth = "t"\nscore = "s"\ncut_off = "half"\n',
            "predictions.cut_off",
            "'half' is not a decimal number",
            id="a cut-off that is a word",
        ),
        pytest.param(
            'file = "p.csv"\ntruth = "t"\nscore = "s"\ncut_off = nan\n',
            "predictions.cut_off",
            "is not a decimal number",
            id="a cut-off that is not a number",
        ),
        pytest.param(
            'file = "p.csv"\ntruth = "t"\nscore = "s"\ncut_off = "0.3333333333333333"\n',
            "predictions.cut_off",
            "more than 12 significant digits",
            id="a cut-off with too many digits",
        ),
        pytest.param(
            'file = "p.csv"\ntruth = "t"\nscore = "s"\ncut_off = "1e999999999"\n',
            "predictions.cut_off",
            "is not a decimal number",
            id="a cut-off too large for any machine",
        ),
        pytest.param(
            ENOUGH + 'evaluate = "test"\n',
            "predictions.evaluate",
            "needs a split column",
            id="a part to evaluate without a split column",
        ),
        pytest.param(
            ENOUGH.replace('"p"', '"t"'),
            "predictions.prediction",
            "has two roles: truth and prediction",
            id="a prediction that is the truth",
        ),
        pytest.param(
            ENOUGH + 'groups = ["t"]\n',
            "predictions.groups",
            "has two roles: truth and group.t",
            id="a group that is the truth",
        ),
        pytest.param(
            ENOUGH + 'groups = ["sex", "sex"]\n',
            "predictions.groups",
            "given twice",
            id="a group given twice",
        ),
        pytest.param(
            ENOUGH + 'groups = {a = "sex", b = "sex"}\n',
            "predictions.groups",
            "has two roles: group.a and group.b",
            id="one column under two group names",
        ),
        pytest.param(
            ENOUGH + 'groups = ["пол"]\n',
            "predictions.groups",
            "cannot name a group",
            id="a group name that is not ASCII",
        ),
        pytest.param(
            ENOUGH + f"groups = {[f'g{i}' for i in range(9)]}\n",
            "predictions.groups",
            "more than 8 group columns",
            id="nine group columns",
        ),
        pytest.param(
            ENOUGH + "minimum_cell = 0\n",
            "predictions.minimum_cell",
            ">= 1",
            id="a minimum cell of zero",
        ),
        pytest.param(
            ENOUGH + 'positive = ""\n',
            "predictions.positive",
            "cannot be the positive class",
            id="an empty positive class",
        ),
        pytest.param(
            ENOUGH + "positive = nan\n",
            "predictions.positive",
            "cannot be the positive class",
            id="a missing value as the positive class",
        ),
    ],
)
def test_a_wrong_card_is_refused_with_file_and_field(
    tmp_path: Path, lines: str, field: str, sentence: str
) -> None:
    path = write_card(tmp_path, lines)
    with pytest.raises(InputError) as caught:
        load_card(path)
    assert sentence in caught.value.what
    assert caught.value.where == f"{path}, field {field}"


@pytest.mark.parametrize("binding", ["weights", "container", "endpoint"])
def test_a_table_cannot_claim_that_comity_ran_the_system(tmp_path: Path, binding: str) -> None:
    path = write_card(tmp_path, ENOUGH, extra=f'[identity]\nbinding = "{binding}"\n')
    with pytest.raises(InputError, match=f"cannot be bound to the system's {binding}") as caught:
        load_card(path)
    assert caught.value.where == f"{path}, field identity.binding"


def test_an_empty_population_is_refused(tmp_path: Path) -> None:
    path = write_card(tmp_path, ENOUGH)
    path.write_text(path.read_text().replace('country = "US"\n', ""))
    with pytest.raises(InputError, match="the population is empty"):
        load_card(path)


WORDS = """
    [system] [population] [predictions] [identity] name truth groups score cut_off positive file
    minimum_cell = "1" 1 -1 0.5 nan inf true [ ] { } , " 1979-05-27 '\\u0000' é \0 #
"""
FRAGMENTS = st.sampled_from([*WORDS.split(), "\n"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS).map(" ".join).map(str.encode)))
def test_any_bytes_give_a_card_or_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "card.toml"
    path.write_bytes(data)
    try:
        load_card(path)
    except ComityError as error:
        assert error.what


VALUES = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab"), inner)),
    max_leaves=5,
)
FIELDS = ("truth", "prediction", "score", "cut_off", "id", "split", "evaluate", "groups")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from([*FIELDS, "positive", "minimum_cell", "split_rule", "file"]), VALUES
    )
)
def test_any_values_in_the_right_fields_give_a_card_or_a_sentence(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    lines = "".join(f"{name} = {_toml(value)}\n" for name, value in fields.items())
    try:
        load_card(write_card(tmp_path, lines))
    except ComityError as error:
        assert error.what


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(c):08X}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return str(value)
