"""A table that stays in PostgreSQL: the same claims as from a file, and nothing but counts."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from comity.assess import assess, load_card
from comity.claims import Assessment, Reason, canonical_bytes
from comity.errors import InputError
from tests.assess.server import PASSWORD, VARIABLE, address, execute, fill, server
from tests.assess.tables import ASSESSOR, CLOCK, assessed, find, write_card
from tests.assess.test_oracles import random_table
from tests.assess.test_run import outcome

__all__ = ["server"]

pytestmark = pytest.mark.xdist_group("postgresql")
SOURCE = f'database = "postgresql"\nconnection = "{VARIABLE}"\ntable = "predictions"\n'
TYPES = {"t": "integer", "p": "boolean", "s": "double precision", "g": "text", "h": "text"}


@pytest.fixture
def reachable(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The running server, with its address in the environment."""
    monkeypatch.setenv(VARIABLE, address(server))
    return server


def counted(folder: Path, roles: str, source: str = SOURCE, **more: Any) -> Assessment:
    """Assess a table of the database."""
    return assess(load_card(write_card(folder, source + roles)), ASSESSOR, clock=CLOCK, **more)


ROLES = [
    pytest.param('truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g", "h"]\n', id="all"),
    pytest.param('truth = "t"\nscore = "s"\ncut_off = "0.35"\ngroups = ["g"]\n', id="a cut-off"),
    pytest.param('truth = "t"\nprediction = "p"\ngroups = {"sex" = "h"}\n', id="no score"),
    pytest.param('truth = "t"\nscore = "s"\n', id="scores alone"),
    pytest.param('truth = "t"\nprediction = "p"\nsplit = "h"\nevaluate = "x"\n', id="a part"),
]


@pytest.mark.parametrize("roles", ROLES)
def test_claims_are_those_of_the_same_rows_in_a_file(
    tmp_path: Path, reachable: str, roles: str
) -> None:
    table = random_table(31, 3000, (0.6, 0.39, 0.01), 0)
    table["g"][3] = None
    table["g"] = [
        None if g is None else {"g0": "01", "g1": 'ж "x",\n; DROP'}.get(g, g) for g in table["g"]
    ]
    table["p"] = [bool(value) for value in table["p"]]
    table["p"][5] = table["s"][5] = table["s"][6] = None
    fill(reachable, "predictions", TYPES, table)
    file = assessed(tmp_path, table, roles, "predictions.parquet")
    database = counted(tmp_path, roles)
    assert [claim for claim in outcome(database) if not private(claim)] == [
        claim for claim in outcome(file) if not private(claim)
    ]
    assert (database.data.rows, database.data.evaluated) == (file.data.rows, file.data.evaluated)
    assert database.procedures == file.procedures


def private(claim: object) -> bool:
    """Whether it is about membership, for which single rows would have to be compared."""
    return getattr(claim, "measure", "").startswith("privacy.")


def test_scores_that_are_no_probabilities_have_an_auroc_alone(
    tmp_path: Path, reachable: str
) -> None:
    table = random_table(32, 500, (1.0,), 9)
    table["s"] = [value * 7 - 3 for value in table["s"]]
    fill(reachable, "predictions", TYPES, table)
    roles = 'truth = "t"\nscore = "s"\n'
    file, database = assessed(tmp_path, table, roles), counted(tmp_path, roles)
    assert find(database, "accuracy.auroc").interval == find(file, "accuracy.auroc").interval
    assert find(database, "accuracy.brier").reason is Reason.NOT_A_PROBABILITY


def test_the_assessment_says_that_only_counts_left(tmp_path: Path, reachable: str) -> None:
    fill(reachable, "predictions", TYPES, random_table(33, 400, (0.5, 0.5), 0))
    roles = 'truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g"]\n'
    first, second = counted(tmp_path, roles), counted(tmp_path, roles)
    assert (first.data.selection, first.data.name) == ("counts", "predictions")
    assert first.data.digest == second.data.digest
    assert find(first, "privacy.membership_auroc").reason is Reason.ONLY_COUNTS
    execute(
        reachable, "UPDATE predictions SET t = 1 - t WHERE s = (SELECT max(s) FROM predictions)"
    )
    assert counted(tmp_path, roles).data.digest != first.data.digest


def test_a_view_in_a_schema_is_a_table_like_another(tmp_path: Path, reachable: str) -> None:
    fill(reachable, "predictions", TYPES, random_table(34, 400, (0.5, 0.5), 0))
    execute(reachable, 'CREATE SCHEMA IF NOT EXISTS "Health"')
    execute(
        reachable,
        'CREATE OR REPLACE VIEW "Health".seen AS SELECT t, p AS "100 % ""p" FROM predictions',
    )
    source = SOURCE.replace('"predictions"', '"Health.seen"')
    result = counted(tmp_path, 'truth = "t"\nprediction = "100 % \\"p"\n', source)
    assert result.data.rows == 400


def test_no_row_is_committed_to_where_rows_do_not_leave(tmp_path: Path, reachable: str) -> None:
    with pytest.raises(InputError, match="stay in their database"):
        counted(tmp_path, 'truth = "t"\nprediction = "p"\n', evidence=bytearray().extend)


ROWS = {"t": ["0", "1"] * 3, "p": ["0", "1"] * 3, "i": list("abcdef"), "part": ["test"] * 6}
PLAIN = 'truth = "t"\nprediction = "p"\n'


@pytest.mark.parametrize(
    ("change", "types", "roles", "complaint"),
    [
        pytest.param(
            {}, {}, 'truth = "truth"\nprediction = "p"\n', "there is no column 'truth'",
            id="a column that is not there",
        ),
        pytest.param(
            {"t": ["0", "1", None, "1", "0", "1"]}, {}, PLAIN, "1 evaluated rows have no truth",
            id="a row without truth",
        ),
        pytest.param(
            {"t": ["0", "1", "2", "1", "0", "1"]}, {}, PLAIN, "more than two classes",
            id="three classes",
        ),
        pytest.param(
            {"p": ["0", "1", "7", "1", "0", "1"]}, {}, PLAIN, "the prediction '7'",
            id="a prediction that is no class",
        ),
        pytest.param(
            {}, {}, f'{PLAIN}score = "i"\n', "values of type text; a score is a number",
            id="a score that is text",
        ),
        pytest.param(
            {"i": ["{}"] * 6}, {"i": "jsonb"}, f'{PLAIN}groups = ["i"]\n', "values of type jsonb",
            id="a group that is no text",
        ),
        pytest.param(
            {"i": list("aabcde")}, {}, f'{PLAIN}id = "i"\n', "1 identifiers stand more than once",
            id="an identifier that stands twice",
        ),
        pytest.param(
            {"i": list("aabcde"), "part": ["train"] + ["test"] * 5}, {},
            f'{PLAIN}id = "i"\nsplit = "part"\n', "1 identifiers stand in the evaluated part and",
            id="an identifier in training too",
        ),
        pytest.param(
            {"i": ["a", " ", None, "b", "c", "d"]}, {}, f'{PLAIN}id = "i"\n',
            "2 evaluated rows have no identifier", id="rows without identifier",
        ),
        pytest.param(
            {"part": ["train"] * 6}, {}, f'{PLAIN}split = "part"\n',
            "no row belongs to the part 'test'", id="no row in the evaluated part",
        ),
        pytest.param(
            {"i": ["x" * 501] * 6}, {}, f'{PLAIN}groups = ["i"]\n', "longer than 500",
            id="a group with a long name",
        ),
        pytest.param(
            {name: [] for name in ROWS}, {}, PLAIN, "no rows", id="an empty table"
        ),
    ],
)  # fmt: skip
def test_a_problem_is_the_same_sentence_as_in_a_file(
    tmp_path: Path,
    reachable: str,
    change: dict[str, list[Any]],
    types: dict[str, str],
    roles: str,
    complaint: str,
) -> None:
    fill(reachable, "predictions", dict.fromkeys(ROWS, "text") | types, ROWS | change)
    with pytest.raises(InputError) as caught:
        counted(tmp_path, roles)
    assert complaint in str(caught.value)
    assert "predictions" in caught.value.where


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        pytest.param(None, "is not set", id="nothing in the variable"),
        pytest.param("host={} user=owner password=wr0ng dbname=postgres", "refuses the user",
                     id="a wrong password"),
        pytest.param("host={} user=nobody password=wr0ng", "refuses the user", id="no such user"),
        pytest.param("postgresql://owner:wr0ng@[::bad/x", "cannot be reached", id="no address"),
        pytest.param("wr0ng", "cannot be reached", id="the password alone, by mistake"),
        pytest.param("host=/nowhere password=wr0ng", "cannot be reached", id="no server"),
    ],
)  # fmt: skip
def test_no_word_of_the_address_is_told(
    tmp_path: Path,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    value: str | None,
    complaint: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    if value is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, value.format(server))
    with pytest.raises(InputError) as caught:
        counted(tmp_path, PLAIN)
    assert complaint in str(caught.value)
    printed = capfd.readouterr()
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    told = " ".join([*map(repr, chain), str(caught.value), caplog.text, printed.out, printed.err])
    for word in ("wr0ng", server, "nowhere", "bad/x"):
        assert word not in told


def test_no_word_of_the_address_is_signed_or_logged(
    tmp_path: Path, reachable: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fill(reachable, "predictions", dict.fromkeys(ROWS, "text"), ROWS)
    caplog.clear()
    told = canonical_bytes(counted(tmp_path, PLAIN)).decode() + caplog.text
    assert PASSWORD not in told and reachable not in told and VARIABLE not in told


def test_nothing_can_be_written_and_time_is_limited(
    tmp_path: Path, reachable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(reachable, "CREATE TABLE IF NOT EXISTS touched (n integer)")
    execute(
        reachable,
        "CREATE OR REPLACE FUNCTION touch() RETURNS text LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO touched VALUES (1); RETURN '1'; END $$",
    )
    execute(reachable, "CREATE OR REPLACE VIEW trap AS SELECT touch() AS t, '1' AS p")
    source = SOURCE.replace('"predictions"', '"trap"')
    with pytest.raises(InputError, match="SQLSTATE 25006"):
        counted(tmp_path, PLAIN, source)
    execute(reachable, "CREATE OR REPLACE VIEW slow AS SELECT pg_sleep(60)::text AS t, '1' AS p")
    monkeypatch.setattr("comity.assess.systems.postgres.TIME_LIMIT", 0.3)
    with pytest.raises(InputError, match="too long"):
        counted(tmp_path, PLAIN, SOURCE.replace('"predictions"', '"slow"'))


@pytest.mark.parametrize("name", ["missing", "no.such"])
def test_a_table_that_is_not_there_is_told(tmp_path: Path, reachable: str, name: str) -> None:
    with pytest.raises(InputError, match="no such table or view"):
        counted(tmp_path, PLAIN, SOURCE.replace('"predictions"', f'"{name}"'))


def test_the_user_who_counts_needs_no_more_than_select(
    tmp_path: Path, reachable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(reachable, "predictions", dict.fromkeys(ROWS, "text"), ROWS)
    execute(reachable, "DROP ROLE IF EXISTS reader")
    execute(reachable, "CREATE ROLE reader LOGIN PASSWORD 'pw'")
    reader = address(reachable, "pw").replace("owner", "reader")
    monkeypatch.setenv(VARIABLE, reader)
    with pytest.raises(InputError, match="may not read it"):
        counted(tmp_path, PLAIN)
    execute(reachable, "GRANT SELECT ON predictions TO reader")
    assert counted(tmp_path, PLAIN).data.rows == 6


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        pytest.param(
            'database = "postgresql"\ntable = "x"\n', "environment variable", id="no variable"
        ),
        pytest.param(
            f'database = "postgresql"\nconnection = "{VARIABLE}"\n', "no table or view",
            id="no table",
        ),
        pytest.param(f'{SOURCE}file = "x.csv"\n', "named twice", id="a file too"),
        pytest.param(
            'table = "x"\nfile = "x.csv"\n', "needs a database", id="a table without database"
        ),
        pytest.param(
            'database = "postgresql"\ntable = "x"\nconnection = "postgresql://me:wr0ng@host/x"\n',
            "characters that are not allowed", id="the address itself",
        ),
        pytest.param(
            f'database = "postgresql"\nconnection = "{VARIABLE}"\ntable = "x; DROP TABLE y"\n',
            "characters that are not allowed", id="a table that is no name",
        ),
        pytest.param('database = "oracle"\n', "oracle", id="another database"),
    ],
)  # fmt: skip
def test_a_card_that_is_wrong_is_told(tmp_path: Path, fields: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_card(write_card(tmp_path, fields + PLAIN))
    assert complaint in str(caught.value)
    assert "wr0ng" not in json.dumps([str(caught.value), repr(caught.value.__context__)])
