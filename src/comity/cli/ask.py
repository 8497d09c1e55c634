"""Ask a person at the terminal; where nobody is there, name the option that was left out."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from comity.errors import ComityError, InputError

__all__ = ["DAY", "ask", "ask_list", "day", "somebody_is_here", "words"]

T = TypeVar("T")
DAY = click.DateTime(["%Y-%m-%d"])


def somebody_is_here() -> bool:
    """Whether questions can be answered."""
    return sys.stdin.isatty()


def ask(
    question: str, option: str, read: Callable[[str], T], *, default: str = "", why: str = ""
) -> T:
    """Ask until the answer can be read.

    Args:
        question: The question, without a mark at its end.
        option: The option that answers it where nobody is there.
        read: Turns the answer into a value, or raises a sentence.
        default: The answer to an empty line; empty: one must be given.
        why: One line of explanation, shown above.

    Raises:
        InputError: nobody is there to ask.
    """
    if not somebody_is_here():
        raise InputError(f"{option} is missing, and nobody is here to ask", hint=why)
    if why:
        click.echo(f"\n{why}", err=True)
    while True:
        answer = click.prompt(question, default=default or None, err=True)
        try:
            return read(answer.strip())
        except ComityError as error:
            click.echo(f"  {error}", err=True)


def ask_list(question: str, read: Callable[[str], T], *, why: str = "") -> list[T]:
    """Ask for one value after another until an empty line."""
    if why:
        click.echo(f"\n{why}", err=True)
    values: list[T] = []
    while True:
        answer = click.prompt(f"{question} (empty: done)", default="", show_default=False, err=True)
        if not answer.strip():
            return values
        try:
            values.append(read(answer.strip()))
        except ComityError as error:
            click.echo(f"  {error}", err=True)


def day(text: str) -> datetime.date:
    """Read a day such as 2026-11-21.

    Raises:
        InputError: it is none.
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day; write it as 2026-11-21") from None


def words(line: str, count: int) -> list[str]:
    """Split an answer into exactly `count` words.

    Raises:
        InputError: there are more or fewer.
    """
    found = line.split()
    if len(found) != count:
        raise InputError(f"{count} words are needed, and these are {len(found)}")
    return found
