"""What holds in every world, and not only in the cases that somebody thought of."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.claims import canonical_bytes
from comity.claims.decision import Decision, Exhibit, Finding
from comity.claims.grounds import Ground
from tests.decide.world import (
    COAST,
    COAST_LAB,
    EAST,
    EAST_LAB,
    NORTH_LAB,
    agreement,
    claim,
    decided,
    exhibit,
    finding,
    groups,
    mark,
    requirement,
    row,
    rule,
    system,
)

RANK = {"not_satisfied": 0, "marginal": 1, "satisfied": 2}
WITH_NORTH = agreement()
WITH_EAST = agreement(
    row(
        id="east",
        issuer=EAST.origin,
        laboratories=(replace(row().laboratories[0], signer=EAST_LAB),),
    ),
    parties=(EAST, COAST),
)


@st.composite
def papers(draw: st.DrawFn) -> Exhibit:
    planned = draw(st.integers(1, 1500))
    scored = draw(st.integers(1, planned))
    made = claim(
        draw(st.integers(0, scored)),
        planned,
        scored=scored,
        slice=draw(st.sampled_from([{}, {}, {}, {"sex": "female"}])),
    )
    return exhibit(
        made,
        by=draw(st.sampled_from([NORTH_LAB, EAST_LAB, COAST_LAB])),
        about=system(draw(st.sampled_from(["2", "2", "2", "1"]))),
        finished=draw(st.sampled_from(["2026-11-11T08:00:00Z", "2025-11-11T08:00:00Z"])),
        started="2025-11-10T08:00:00Z",
    )


worlds = st.lists(papers(), max_size=5)
marks = st.builds(
    lambda hundredths, reading, n: mark(
        f"0.{hundredths:02d}".rstrip("0"), reading=reading, min_n=n
    ),
    st.integers(1, 98),
    st.sampled_from(["literal", "statistical"]),
    st.integers(1, 400),
)


def found(world: list[Exhibit], asked: Any = None, agreements: Any = None) -> Finding:
    return finding(
        *world,
        asks=requirement(mark=asked or mark("0.6", min_n=100)),
        agreements=(WITH_NORTH, WITH_EAST) if agreements is None else agreements,
    )


@given(worlds, papers())
def test_adding_a_refused_claim_changes_no_verdict(world: list[Exhibit], more: Exhibit) -> None:
    both = found([*world, more])
    if more.statement not in {used.statement for used in both.used}:
        assert found(world).verdict == both.verdict


@given(worlds)
def test_removing_an_agreement_never_improves_a_verdict_unseen(world: list[Exhibit]) -> None:
    """Fewer agreements mean less evidence; where that drops a worse one, the finding says so."""
    more, less = found(world), found(world, agreements=(WITH_NORTH,))
    if more.verdict == "not_tested":
        assert less.verdict == "not_tested"
    elif less.verdict != "not_tested" and RANK[less.verdict] > RANK[more.verdict]:
        assert Ground.REFUSED_READS_WORSE in [note.ground for note in less.notes]


@given(st.permutations(range(4)), st.lists(papers(), min_size=4, max_size=4))
def test_the_order_of_inputs_changes_not_a_byte(order: list[int], world: list[Exhibit]) -> None:
    agreements = (WITH_NORTH, WITH_EAST)
    one = decided(*world, agreements=agreements)
    other = decided(*[world[i] for i in order], agreements=agreements[::-1])
    assert canonical_bytes(one) == canonical_bytes(other)
    assert msgspec.json.decode(canonical_bytes(one), type=Decision) == one


@given(worlds, marks, marks)
def test_tightening_a_mark_never_improves_a_verdict(
    world: list[Exhibit], first: Any, second: Any
) -> None:
    loose, tight = sorted((first, second), key=lambda one: float(one.value))
    tight = replace(
        tight,
        min_n=max(loose.min_n, tight.min_n),
        reading="statistical" if "statistical" in (loose.reading, tight.reading) else "literal",
    )
    before, after = found(world, loose), found(world, tight)
    if after.verdict == "not_tested":
        return
    if len(after.used) == len(before.used):  # no claim fell out for its size
        assert RANK[after.verdict] <= RANK[before.verdict]


@settings(max_examples=50)
@given(worlds)
def test_satisfied_always_stands_on_a_claim_that_meets_the_mark_over_planned_items(
    world: list[Exhibit],
) -> None:
    result = found(world)
    if result.verdict == "satisfied":
        assert result.used
        for used in result.used:
            assert (used.counts.successes or 0) >= 0.6 * used.counts.planned
            assert used.counts.planned >= 100


@given(
    cells=st.lists(st.tuples(st.integers(1, 9), st.integers(10, 30)), min_size=2, max_size=6),
    missing=st.integers(1, 9),
)
def test_items_without_a_result_are_moved_where_they_do_the_greatest_harm(
    cells: list[tuple[int, int]], missing: int
) -> None:
    made = finding(
        exhibit(groups("gap", *cells, missing=missing)),
        asks=requirement(
            procedure=rule("fairness.selection_rate_gap"),
            mark=mark("1", comparison="at_most", min_n=1),
        ),
    )
    pairs = [(a, b) for i, a in enumerate(cells) for j, b in enumerate(cells) if i != j]
    worst = max((b[0] + missing) / (b[1] + missing) - a[0] / (a[1] + missing) for a, b in pairs)

    assert made.used[0].value is not None
    assert float(made.used[0].value) >= worst - 1e-9
