"""Update and Cancel, made from the alert that they change, so that their references are right.

1. Only an Alert or an Update can be changed: a Cancel is the end.
2. Sender, status and scope stay: a Test cannot cancel an Actual alert, nor another sender's. So
   does the note that names an exercise.
3. The message is sent later than the one it changes, and under a new identifier.
4. What is over already is neither updated nor cancelled: a new Alert is due.
5. It refers to the message it changes and to all that this one referred to, so that a receiver who
   missed one of them still replaces the right ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from comity.errors import InputError
from early_warning.cap.alert import Alert, Info, Reference, references_of
from early_warning.cap.times import cap_time, moment

__all__ = ["cancel", "update"]


def update(original: Alert, *, identifier: str, sent: datetime, infos: Iterable[Info]) -> Alert:
    """The Update that puts `infos` in the place of what `original` said.

    Raises:
        InputError: one of the five rules is broken.
    """
    return _follow(original, "Update", identifier, sent, tuple(infos))


def cancel(original: Alert, *, identifier: str, sent: datetime, infos: Iterable[Info]) -> Alert:
    """The Cancel of `original`; `infos` tell people that it is over, in each language.

    Raises:
        InputError: one of the five rules is broken.
    """
    return _follow(original, "Cancel", identifier, sent, tuple(infos))


def _follow(
    original: Alert, msg_type: str, identifier: str, sent: datetime, infos: tuple[Info, ...]
) -> Alert:
    name = original.identifier
    if original.msg_type not in ("Alert", "Update"):  # rule 1
        raise InputError(
            f"{name} is of type {original.msg_type}; only an Alert or an Update can be changed",
            hint="Write a new Alert.",
        )
    chain = [one for one in references_of(original) if isinstance(one, Reference)]
    itself = Reference(sender=original.sender, identifier=name, sent=original.sent)
    if identifier in {name, *(one.identifier for one in chain)}:  # rule 3
        raise InputError(
            f"the identifier {identifier} names an earlier message", where="identifier"
        )
    before, now = moment(original.sent), cap_time(sent)
    if before is None or sent <= before:
        raise InputError(
            f"it would be sent at {now}, not after the message that it changes, {original.sent}",
            where="sent",
        )
    ends = [moment(info.expires) for info in original.infos if info.expires]
    if (
        ends and len(ends) == len(original.infos) and all(end and end <= sent for end in ends)
    ):  # rule 4
        raise InputError(
            f"{name} is over already; there is nothing to change",
            hint="Write a new Alert.",
        )
    return msgspec.structs.replace(  # rules 2 and 5
        original,
        identifier=identifier,
        sent=now,
        msg_type=msg_type,
        note=original.note if original.status == "Exercise" else None,
        references=" ".join(str(one) for one in [*chain, itself]),
        infos=infos,
    )
