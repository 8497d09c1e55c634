"""Signing in, the journal, and a page for everything that was refused."""

from __future__ import annotations

from collections.abc import Sequence

from early_warning.desk.pages.shell import Frame, render
from early_warning.desk.view import Act

__all__ = ["SHOWN", "journal_page", "refusal_page", "sign_in_page"]

SHOWN = 200
"""So many lines of the journal stand on one page."""


def sign_in_page(frame: Frame, problem: str = "") -> str:
    """The form for a forecaster's id and passphrase."""
    return render("sign_in.html.j2", frame, here="sign_in", problem=problem)


def journal_page(frame: Frame, acts: Sequence[Act], head: str, before: int | None) -> str:
    """The journal, newest first.

    Args:
        frame: What every page says.
        acts: All of it, oldest first.
        head: SHA-256 of its last line; empty where there is none.
        before: Only lines with a smaller number; null for all.
    """
    listed = [act for act in reversed(acts) if before is None or act.number < before]
    return render(
        "journal.html.j2",
        frame,
        here="journal",
        acts=listed[:SHOWN],
        total=len(acts),
        head=head,
        older=listed[SHOWN - 1].number if len(listed) > SHOWN else None,
    )


def refusal_page(frame: Frame, title: str, what: str, *, where: str = "", hint: str = "") -> str:
    """What was wrong, where, and what to do, as a page."""
    return render(
        "refusal.html.j2", frame, here="refusal", title=title, what=what, where=where, hint=hint
    )
