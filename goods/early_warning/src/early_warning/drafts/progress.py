"""How a long step tells what it does: its words, and what gives the share of it that is done."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "counted", "quiet"]

Progress = Callable[[str, Callable[[], float | None] | None], object]


def quiet(step: str, share: Callable[[], float | None] | None) -> None:
    """Tell nobody."""


def counted(done: list[object], of: int) -> Callable[[], float | None]:
    """The share of so many things; each is put into `done` when it is."""
    return lambda: len(done) / of if of else None
