"""Hits, misses and false alarms follow the stated definition, and nothing unobserved is quiet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.audit import Rate, Warned, Window, rate, score
from early_warning.audit.events import Verdict

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def window(event: bool | None = True, began: float | None = 2, district: str = "DJ01") -> Window:
    return Window(
        district=district,
        start=NOON,
        end=NOON + 6 * HOUR,
        event=event,
        began=None if began is None or not event else NOON + began * HOUR,
    )


def alert(
    sent: float = -3, onset: float = 0, ended: float = 6, districts: str = "DJ01", name: str = "a"
) -> Warned:
    return Warned(
        identifier=name,
        districts=frozenset(districts.split()),
        languages=frozenset({"fr"}),
        sent=NOON + sent * HOUR,
        onset=NOON + onset * HOUR,
        ended=NOON + ended * HOUR,
    )


CASES: dict[str, tuple[list[Warned], Window, Verdict]] = {
    "warned hours before it began": ([alert()], window(), "hit"),
    "warned in the window but before it began": ([alert(sent=1, onset=1)], window(), "hit"),
    "warned when it had begun": ([alert(sent=2.5, onset=2.5)], window(), "late"),
    "warned at the very moment": ([alert(sent=2, onset=2)], window(), "late"),
    "warned after the window": ([alert(sent=7, onset=7, ended=9)], window(), "unwarned"),
    "an alert that had expired": ([alert(ended=1)], window(), "unwarned"),
    "an alert that ends as it begins": ([alert(ended=2)], window(), "unwarned"),
    "an alert whose onset is later": ([alert(onset=3)], window(), "unwarned"),
    "an alert for tomorrow, sent while it lasted": (
        [alert(sent=3, onset=24, ended=30)],
        window(),
        "unwarned",
    ),
    "an alert that is cancelled before its onset, for nothing": (
        [alert(sent=-9, onset=3, ended=2)],
        window(event=False),
        "quiet",
    ),
    "an alert that was sent when nothing had happened in the window": (
        [alert(sent=6, onset=0, ended=9)],
        window(event=False),
        "quiet",
    ),
    "an alert for another district": ([alert(districts="DJ02")], window(), "unwarned"),
    "no alert": ([], window(), "unwarned"),
    "an alert for nothing": ([alert()], window(event=False), "false_alarm"),
    "an alert that was over before": (
        [alert(sent=-9, onset=-8, ended=0)],
        window(event=False),
        "quiet",
    ),
    "a quiet day": ([], window(event=False), "quiet"),
    "a day that nobody observed, warned": ([alert()], window(event=None), "unobserved"),
    "a day that nobody observed": ([], window(event=None), "unobserved"),
    "a beginning that is not known, warned before the window": (
        [alert()],
        window(began=None),
        "hit",
    ),
    "a beginning that is not known, warned in the window": (
        [alert(sent=1, onset=1)],
        window(began=None),
        "unclear",
    ),
    "a beginning that is not known, and an onset in the window": (
        [alert(onset=3)],
        window(began=None),
        "unclear",
    ),
    "a beginning that is not known, and an alert that ends in the window": (
        [alert(ended=5)],
        window(began=None),
        "unclear",
    ),
    "a beginning that is not known, and one alert in two spans without a gap": (
        [alert(ended=3), alert(onset=3)],
        window(began=None),
        "hit",
    ),
    "a beginning that is not known, and one alert in two spans with a gap": (
        [alert(ended=3), alert(onset=4)],
        window(began=None),
        "unclear",
    ),
    "a beginning that is not known, and no alert in the window": (
        [alert(onset=6, ended=9)],
        window(began=None),
        "unwarned",
    ),
}


@pytest.mark.parametrize(("alerts", "seen", "verdict"), CASES.values(), ids=CASES)
def test_a_window_gets_its_verdict(alerts: list[Warned], seen: Window, verdict: Verdict) -> None:
    found = score(alerts, [seen])
    assert [one.verdict for one in found.outcomes] == [verdict]
    assert {name for name, count in found.counts.items() if count} == {verdict}


def test_a_warning_that_leaves_too_little_time_is_late() -> None:
    assert score([alert(sent=1)], [window()], lead=HOUR).counts["hit"] == 1
    assert score([alert(sent=1)], [window()], lead=2 * HOUR).counts["late"] == 1


def test_the_lead_time_is_that_of_the_earliest_alert_that_was_in_force() -> None:
    expired = alert(sent=-30, onset=-30, ended=-20, name="expired")
    found = score([alert(sent=0, name="b"), alert(sent=-3, name="a"), expired], [window()])
    assert found.outcomes[0].alerts == ("a", "b")
    assert found.leads == (300,)


def test_the_rates_rest_on_what_was_observed_with_exact_intervals() -> None:
    windows = [window(district=f"D{number}") for number in range(10)]
    windows += [window(event=False, district="quiet"), window(event=None, district="unseen")]
    found = score([alert(districts="D0 D1 D2 D3 D4 D5 D6 D7 quiet unseen")], windows)
    assert found.detected == Rate(
        successes=8, trials=10, estimate="0.800000", low="0.443904", high="0.974790"
    )
    assert (found.false_alarms.successes, found.false_alarms.trials) == (1, 9)


def test_without_events_there_is_no_rate() -> None:
    nothing = score([], []).detected
    assert (nothing.estimate, nothing.low, nothing.high) == (None, "0.000000", "1.000000")


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_interval_holds_its_rate(one: int, other: int) -> None:
    found = rate(min(one, other), max(one, other))
    assert float(found.low) <= float(found.estimate or 0.5) <= float(found.high)


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.booleans()), max_size=12))
def test_every_window_has_one_verdict_and_no_unobserved_one_counts_in_a_rate(
    days: list[tuple[bool | None, bool]],
) -> None:
    windows = [window(event, district=f"D{n}") for n, (event, _) in enumerate(days)]
    named = " ".join(f"D{n}" for n, (_, warned) in enumerate(days) if warned)
    found = score([alert(districts=named)], windows)
    assert sum(found.counts.values()) == len(days)
    assert found.detected.trials == sum(event is True for event, _ in days)
    assert found.counts["unobserved"] == sum(event is None for event, _ in days)
    assert len(found.leads) == found.counts["hit"] == found.detected.successes


BAD = {
    "an empty window": [Window(district="D", start=NOON, end=NOON, event=None)],
    "a window given twice": [window(), window()],
    "two windows that overlap": [
        window(event=False),
        Window(district="DJ01", start=NOON + HOUR, end=NOON + 9 * HOUR, event=None),
    ],
    "a beginning outside the window": [window(began=7)],
    "a beginning of nothing": [
        Window(district="D", start=NOON, end=NOON + HOUR, event=False, began=NOON)
    ],
    "a time without zone": [
        Window(district="D", start=NOON.replace(tzinfo=None), end=NOON, event=None)
    ],
}


@pytest.mark.parametrize("windows", BAD.values(), ids=BAD)
def test_observations_that_cannot_be_are_refused(windows: list[Window]) -> None:
    with pytest.raises(InputError):
        score([], windows)
