"""Work of several threads, handed out in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from early_warning.grids.in_order import in_order, processors


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_come_in_the_order_of_the_jobs(threads: int) -> None:
    last_is_done = threading.Event()

    def work(job: int) -> int:
        if job == threads - 1:
            last_is_done.set()
        assert last_is_done.wait(10)  # the first job ends after the last one that runs beside it
        return job * job

    assert list(in_order(work, range(20), threads)) == [job * job for job in range(20)]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_a_job_raises_is_raised_in_its_place(threads: int) -> None:
    def work(job: int) -> int:
        if job == 3:
            raise KeyError(job)
        return job

    results = in_order(work, range(10), threads)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError):
        next(results)


def test_the_work_is_not_far_ahead_of_its_reader() -> None:
    begun = []

    def jobs() -> Iterator[int]:
        for job in range(1000):
            begun.append(job)
            yield job

    results = in_order(lambda job: job, jobs(), 3)
    assert next(results) == 0
    assert len(begun) == 6
    results.close()  # type: ignore[attr-defined]
    assert len(begun) == 6


def test_whoever_stops_reading_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    results = in_order(lambda job: job, range(100), 4)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_this_process_may_use_a_processor() -> None:
    assert processors() >= 1
