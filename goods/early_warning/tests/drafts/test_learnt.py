"""What is kept of a record says what the whole record says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InputError
from comity.statistics import Bounds
from early_warning.drafts.learnt import Learnt, keep, kept, learn, odds_from
from early_warning.forecast import Case, Verdict, make_pairs, odds_of_day, train

RNG = np.random.default_rng(5)
DAYS = np.datetime64("2016-01-01") + np.arange(1_200)
TRUTH = RNG.gamma(0.5, 20.0, 1_200).round(1)
RUNS = np.maximum(0, TRUTH[:, None] * RNG.lognormal(0, 0.3, (1_200, 4))).round(1)
LONG = train(make_pairs(DAYS, TRUTH, RUNS, where="made"))
SHORT = train(make_pairs(DAYS[:150], TRUTH[:150], RUNS[:150], where="made"))
HIGHEST = float(TRUTH.max())
THRESHOLDS = (0.0, 5.0, 20.0, 60.0, HIGHEST, HIGHEST + 1)
RECORDS = {
    "long": (LONG, learn(LONG, "r", THRESHOLDS)),
    "short": (SHORT, learn(SHORT, "r", THRESHOLDS)),
}


@settings(deadline=None)
@given(
    st.sampled_from(["long", "short"]),
    st.sampled_from(THRESHOLDS),
    st.lists(st.floats(0, 300), min_size=4, max_size=4),
    st.dates(),
    st.booleans(),
)
def test_it_gives_what_the_whole_record_gives(
    which: str, threshold: float, members: list[float], day: object, shown: bool
) -> None:
    trained, learnt = RECORDS[which]
    case, skill = Case("d", 24, "isotonic", threshold), Bounds(0.3, 0.1, 0.5, "made")
    verdicts = [Verdict(case, shown, skill, 0.0, 0.0, "words")]
    runs = np.array(members)
    whole = odds_of_day(trained, str(day), runs, threshold, verdicts)
    small = odds_from(learnt, str(day), runs, threshold, verdicts)
    for name in ("raw", "isotonic", "climatology", "used"):
        expected = getattr(whole, name)
        assert getattr(small, name) == (None if expected is None else pytest.approx(expected))
    assert (small.by, small.may_alert, small.words) == (whole.by, whole.may_alert, whole.words)


def test_it_is_small() -> None:
    assert len(msgspec.json.encode(learn(LONG, "r", (5.0, 20.0, 60.0)))) < 60_000
    assert LONG.fitted is not None
    assert LONG.fitted.chances.nbytes > 1_000_000


def test_other_runs_than_those_learnt_from_are_refused() -> None:
    learnt = learn(LONG, "r", (5.0,))
    with pytest.raises(InputError, match="trained on 4 runs, and of this day there are 3"):
        odds_from(learnt, "2026-11-22", np.zeros(3), 5.0, [])


def test_what_is_kept_is_that_of_this_record_and_these_thresholds(tmp_path: Path) -> None:
    path = tmp_path / "learnt" / "one.json"
    learnt = learn(LONG, "r", (5.0, 20.0))
    keep(path, learnt)
    assert kept(path, "r", (5.0, 20.0)) == learnt
    assert kept(path, "another record", (5.0, 20.0)) is None
    assert kept(path, "r", (5.0,)) is None
    assert kept(tmp_path / "nothing.json", "r", (5.0,)) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda one: b"",
        lambda one: msgspec.json.encode(one)[:-9],
        lambda one: msgspec.json.encode(one).replace(b'"version":1', b'"version":2'),
        lambda one: msgspec.json.encode(one).replace(b'"chances":[', b'"chances":[0.5,'),
        lambda one: msgspec.json.encode(one).replace(b'"chances":[', b'"chances":[-1.5,'),
        lambda one: msgspec.json.encode(one).replace(b'"season":[', b'"season":[0.5,'),
    ],
    ids=["empty", "cut", "another version", "a chance too many", "no chance", "a day too many"],
)
def test_what_is_spoilt_is_learnt_again(tmp_path: Path, spoilt: object) -> None:
    learnt: Learnt = learn(LONG, "r", (5.0,))
    path = tmp_path / "one.json"
    assert callable(spoilt)
    path.write_bytes(spoilt(learnt))
    assert kept(path, "r", (5.0,)) is None
