"""Random sharing problems, small enough to solve by other means."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from comity.share.leximin import Pool

__all__ = ["Problem", "problems"]


@dataclass(frozen=True)
class Problem:
    """Pools, floors and needs."""

    pools: tuple[Pool, ...]
    floors: tuple[int, ...]
    needs: tuple[int, ...]


@st.composite
def problems(draw: st.DrawFn, most: int = 6, size: int = 30) -> Problem:
    """A sharing problem of up to `most` countries and as many pools."""
    count = draw(st.integers(1, most))
    needs = draw(st.lists(st.integers(0, size), min_size=count, max_size=count))
    floors = [draw(st.integers(0, need)) for need in needs]
    pools = draw(
        st.lists(
            st.builds(
                Pool,
                st.integers(0, size),
                st.frozensets(st.integers(0, count - 1), max_size=count),
            ),
            max_size=most,
        )
    )
    return Problem(tuple(pools), tuple(floors), tuple(needs))
