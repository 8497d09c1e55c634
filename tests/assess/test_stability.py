"""Drift of rates: windows and sites are what the rule says, whatever holds the table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.assess import assess, load_card
from comity.claims import Assessment, Claim, Reason, canonical_bytes
from comity.decide.reading import contradiction
from comity.errors import InputError
from comity.statistics import gap
from tests.assess.server import VARIABLE, address, fill, server
from tests.assess.tables import ASSESSOR, CLOCK, KINDS, assessed, write_card
from tests.assess.test_oracles import random_table

__all__ = ["server"]

Rows = dict[str, list[Any]]
ROLES = 'truth = "t"\nprediction = "p"\ntime = "day"\nsite = "where"\n'
IN_TIME, AT_SITES = "4 windows of equal count", "sites"
NAMES = ("accuracy", "selection_rate", "tpr", "fpr")


def clinic(seed: int, rows: int = 2_000, days: int = 300, sites: int = 5) -> Rows:
    """Decisions over some days, in no order, at some sites."""
    rng = np.random.default_rng(seed)
    table: Rows = random_table(seed, rows, (0.5, 0.5), 0)
    day = rng.integers(0, days, rows)
    table["day"] = [(date(2025, 1, 30) + timedelta(int(one))).isoformat() for one in day]
    table["where"] = [f"site {one}" for one in rng.integers(0, sites, rows)]
    return table


def by(result: Assessment, name: str, between: str) -> Claim:
    digests = {one.digest for one in result.procedures if one.parameters.get("between") == between}
    (found,) = [
        claim
        for claim in result.claims
        if claim.measure == f"stability.{name}_gap" and claim.procedure in digests
    ]
    return found


def by_hand(table: Rows, of: np.ndarray[Any, Any], groups: list[str]) -> dict[str, list[list[int]]]:
    """Successes and trials of each rate in each group, counted row by row."""
    t, p = np.array(table["t"]), np.array(table["p"])
    inside = {
        "accuracy": (t == p, t == t),
        "selection_rate": (p == 1, t == t),
        "tpr": (p == 1, t == 1),
        "fpr": (p == 1, t == 0),
    }
    return {
        name: [
            [int((success & trial & (of == one)).sum()), int((trial & (of == one)).sum())]
            for one in groups
        ]
        for name, (success, trial) in inside.items()
    }


def windows_by_hand(table: Rows) -> np.ndarray[Any, Any]:
    """The window of each row, by sorting all rows; those of one time go with the first of them."""
    day = np.array(table["day"])
    first = {one: np.searchsorted(np.sort(day), one) for one in set(day.tolist())}
    return np.array([f"{4 * first[one] // len(day) + 1} of 4" for one in day.tolist()])


@pytest.mark.parametrize("name", KINDS)
def test_each_drift_is_the_gap_of_rates_counted_by_hand(tmp_path: Path, name: str) -> None:
    table = clinic(1)
    result = assessed(tmp_path, table, ROLES, name)
    where = np.array(table["where"])
    for between, key, of, groups in (
        (IN_TIME, "window", windows_by_hand(table), [f"{one} of 4" for one in (1, 2, 3, 4)]),
        (AT_SITES, "site", where, sorted(set(table["where"]))),
    ):
        expected = by_hand(table, of, groups)
        for rate in NAMES:
            claim = by(result, rate, between)
            cells = [[cell.successes, cell.scored] for cell in claim.cells]
            assert [cell.slice for cell in claim.cells] == [{key: one} for one in groups]
            assert cells == expected[rate]
            k, n = np.array(cells).T
            bounds = gap(k, n)
            assert claim.interval is not None and bounds.low is not None and bounds.high is not None
            assert claim.interval.method == "pairwise_score_exact_staircase"
            assert float(claim.estimate or "") == pytest.approx((k / n).max() - (k / n).min())
            assert float(claim.interval.low) == pytest.approx(bounds.low, abs=1e-11)
            assert float(claim.interval.high) == pytest.approx(bounds.high, abs=1e-11)
            assert claim.counts.planned == sum(n)
            assert contradiction(claim) == ""


def test_a_system_that_ages_shows_and_a_steady_one_does_not(tmp_path: Path) -> None:
    table = clinic(2, 4_000)
    assert float((by(assessed(tmp_path, table, ROLES), "accuracy", IN_TIME).interval).low) == 0  # type: ignore[union-attr]
    late = np.array(table["day"]) > "2025-09-15"
    flipped = np.where(late & (np.arange(4_000) % 2 == 0), 1 - np.array(table["p"]), table["p"])
    aged = assessed(tmp_path, table | {"p": flipped.tolist()}, ROLES)
    interval = by(aged, "accuracy", IN_TIME).interval
    assert interval is not None and float(interval.low) > 0.05


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda day: day.isoformat(), id="days"),
        pytest.param(lambda day: f"{day} 06:00", id="days with a time of day"),
        pytest.param(
            lambda day: str((day - date(2025, 1, 1)).days), id="numbers, not in text order"
        ),
    ],
)
def test_the_windows_do_not_depend_on_how_the_time_is_written(tmp_path: Path, write: Any) -> None:
    table = clinic(3, 800)
    written = [write(date.fromisoformat(day)) for day in table["day"]]
    claims = [
        [(c.measure, c.estimate, c.interval, c.cells) for c in result.claims]
        for result in (
            assessed(tmp_path, table, ROLES),
            assessed(tmp_path, table | {"day": written}, ROLES),
        )
    ]
    assert claims[0] == claims[1]


def test_rows_of_one_time_stay_together(tmp_path: Path) -> None:
    table = clinic(4, 400)
    table["day"] = ["2025-01-01"] * 390 + ["2025-01-02"] * 10
    claim = by(assessed(tmp_path, table, ROLES), "accuracy", IN_TIME)
    assert (claim.estimate, claim.reason) == (None, Reason.ONE_GROUP_ONLY)
    assert "fewer than two windows have 30 rows" in claim.detail
    table["day"] = ["2025-01-01"] * 200 + ["2025-01-02"] * 200
    claim = by(assessed(tmp_path, table, ROLES), "accuracy", IN_TIME)
    assert [cell.slice["window"] for cell in claim.cells] == ["1 of 4", "3 of 4"]


def test_a_site_below_the_minimum_cell_is_not_compared(tmp_path: Path) -> None:
    table = clinic(5, 600, sites=3)
    table["where"][:29] = ["small"] * 29
    claim = by(assessed(tmp_path, table, ROLES), "accuracy", AT_SITES)
    assert [cell.slice["site"] for cell in claim.cells] == ["site 0", "site 1", "site 2"]
    more = assessed(tmp_path, table, ROLES + "minimum_cell = 29\n")
    assert "small" in [cell.slice["site"] for cell in by(more, "accuracy", AT_SITES).cells]


def test_only_evaluated_rows_are_in_the_windows(tmp_path: Path) -> None:
    table = clinic(6, 1_000)
    table["part"] = ["test"] * 600 + ["train"] * 400
    table["day"][600:] = ["no day"] * 400
    table["where"][600:] = [None] * 400
    result = assessed(tmp_path, table, ROLES + 'split = "part"\n')
    assert by(result, "accuracy", IN_TIME).counts.planned == 600
    alone = {name: values[:600] for name, values in table.items()}
    for name in NAMES:
        for between in (IN_TIME, AT_SITES):
            there = by(assessed(tmp_path, alone, ROLES), name, between)
            assert by(result, name, between).cells == there.cells


def test_rows_without_a_prediction_are_invalid_in_their_window(tmp_path: Path) -> None:
    table = clinic(7, 400)
    table["p"][:20] = [None] * 20
    counts = by(assessed(tmp_path, table, ROLES), "accuracy", IN_TIME).counts
    assert (counts.planned, counts.scored, counts.invalid) == (400, 380, 20)


def test_a_cut_off_decides_as_a_prediction_does(tmp_path: Path) -> None:
    table = clinic(8, 700)
    table["p"] = [int(score >= 0.35) for score in table["s"]]
    cut = ROLES.replace('prediction = "p"', 'score = "s"\ncut_off = "0.35"')
    for between in (IN_TIME, AT_SITES):
        one, other = (
            by(assessed(tmp_path, table, roles), "tpr", between) for roles in (ROLES, cut)
        )
        assert one.cells == other.cells


@pytest.mark.parametrize(
    ("roles", "between", "detail"),
    [
        pytest.param(
            'prediction = "p"\nsite = "where"\n', IN_TIME, "no time is given", id="no time"
        ),
        pytest.param(
            'prediction = "p"\ntime = "day"\n', AT_SITES, "no site is given", id="no site"
        ),
        pytest.param(
            'score = "s"\ntime = "day"\nsite = "where"\n',
            AT_SITES,
            "no prediction column or cut-off is given",
            id="no decision",
        ),
    ],
)
def test_what_is_not_given_is_not_measured(
    tmp_path: Path, roles: str, between: str, detail: str
) -> None:
    result = assessed(tmp_path, clinic(9, 300), 'truth = "t"\n' + roles)
    for name in NAMES:
        claim = by(result, name, between)
        assert (claim.status, claim.reason) == ("not_measured", Reason.COLUMN_NOT_GIVEN)
        assert claim.detail == detail


def test_a_note_says_when_the_windows_are(tmp_path: Path) -> None:
    table = clinic(10, 400)
    table["day"] = [f"2025-01-{1 + number // 40:02d}" for number in range(400)]
    notes = assessed(tmp_path, table, ROLES).notes
    assert (
        "The windows in time are 2025-01-01 to 2025-01-03; 2025-01-04 to 2025-01-05; "
        "2025-01-06 to 2025-01-08; 2025-01-09 to 2025-01-10." in notes
    )


@pytest.mark.parametrize(
    ("change", "complaint", "row"),
    [
        pytest.param({"day": [None]}, "1 evaluated rows have no time", 1, id="a row without time"),
        pytest.param(
            {"day": ["2025-01-30", "soon"]}, "the first is 'soon'", 2, id="a time that is none"
        ),
        pytest.param({"where": [" "]}, "1 evaluated rows have no site", 1, id="a row without site"),
        pytest.param(
            {"where": ["nan"]}, "1 evaluated rows have no site", 0, id="a site that is not a number"
        ),
        pytest.param({"where": ["x" * 501]}, "a name of more than 500", 0, id="a long name"),
        pytest.param(
            {"where": [str(one) for one in range(1_200)]}, "more than 1,000 sites", 0,
            id="too many sites",
        ),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_read_stops_the_run(
    tmp_path: Path, change: Rows, complaint: str, row: int
) -> None:
    table = clinic(11, 1_500)
    for name, values in change.items():
        table[name][: len(values)] = values
    with pytest.raises(InputError) as caught:
        assessed(tmp_path, table, ROLES)
    assert complaint in str(caught.value)
    assert not row or f"row {row}," in caught.value.where
    role = next(iter(change)).replace("day", "time").replace("where", "site")
    assert f"field predictions.{role}" in caught.value.where


def test_a_time_may_not_be_the_truth_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two roles"):
        load_card(
            write_card(tmp_path, 'file = "p.csv"\ntruth = "t"\nprediction = "p"\nsite = "t"\n')
        )


TYPES = {"t": "integer", "p": "integer", "s": "double precision", "g": "text", "h": "text",
         "day": "date", "where": "text"}  # fmt: skip
SOURCE = f'database = "postgresql"\nconnection = "{VARIABLE}"\ntable = "seen"\n'


@pytest.mark.xdist_group("postgresql")
class TestInADatabase:
    @pytest.fixture(autouse=True)
    def reachable(self, server: str, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setenv(VARIABLE, address(server))
        return server

    def counted(self, folder: Path, roles: str) -> Assessment:
        return assess(load_card(write_card(folder, SOURCE + roles)), ASSESSOR, clock=CLOCK)

    @pytest.mark.parametrize(
        ("kind", "write"),
        [
            pytest.param("date", lambda day: day, id="dates"),
            pytest.param("timestamp", lambda day: f"{day} 06:30", id="times of day"),
            pytest.param(
                "bigint", lambda day: int(datetime.fromisoformat(day).timestamp()), id="numbers"
            ),
        ],
    )
    @pytest.mark.parametrize("cut", ["", 'score = "s"\ncut_off = "0.35"\n'], ids=["", "a cut-off"])
    def test_the_claims_are_those_of_the_same_rows_in_a_file(
        self, tmp_path: Path, server: str, kind: str, write: Any, cut: str
    ) -> None:
        table = clinic(12)
        table["day"] = [write(day) for day in table["day"]]
        table["where"] = [f" {one} % ж" for one in table["where"]]
        table["h"][:9] = ["z"] * 9
        fill(server, "seen", TYPES | {"day": kind}, table)
        roles = ROLES + 'split = "h"\nevaluate = "x"\n'
        roles = roles.replace('prediction = "p"\n', cut) if cut else roles
        file, database = assessed(tmp_path, table, roles), self.counted(tmp_path, roles)
        for name in NAMES:
            for between in (IN_TIME, AT_SITES):
                one, other = by(file, name, between), by(database, name, between)
                assert (one.estimate, one.interval, one.cells, one.counts) == (
                    other.estimate,
                    other.interval,
                    other.cells,
                    other.counts,
                )
                assert one.procedure == other.procedure and one.estimate is not None

    def test_no_time_leaves_it(self, tmp_path: Path, server: str) -> None:
        fill(server, "seen", TYPES, clinic(13, 400))
        assert b"2025-" not in canonical_bytes(self.counted(tmp_path, ROLES))

    @pytest.mark.parametrize(
        ("types", "change", "complaint"),
        [
            pytest.param({"day": "text"}, {}, "a time is a date", id="a time that is text"),
            pytest.param({}, {"day": [None]}, "1 evaluated rows have no time", id="no time"),
            pytest.param({}, {"where": [" "]}, "1 evaluated rows have no site", id="no site"),
        ],
    )
    def test_a_problem_is_told(
        self, tmp_path: Path, server: str, types: dict[str, str], change: Rows, complaint: str
    ) -> None:
        table = clinic(14, 200)
        for name, values in change.items():
            table[name][: len(values)] = values
        fill(server, "seen", TYPES | types, table)
        with pytest.raises(InputError, match=complaint):
            self.counted(tmp_path, ROLES)
