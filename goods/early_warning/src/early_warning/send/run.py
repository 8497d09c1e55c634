"""Sending what is due: each channel works by itself, so that a slow one holds up nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import msgspec

from comity.errors import ComityError, InputError
from early_warning.send.channel import Channel, DeliveryError, Parcel, Receipt
from early_warning.send.outbox import Outbox, State

__all__ = ["Outcome", "send_due", "send_until_done"]

SHORTEST_SLEEP = timedelta(milliseconds=50)
LONGEST_SLEEP = timedelta(seconds=30)
"""After this, the outbox is looked at again: another process may have added an alert."""
LOOK_AGAIN = timedelta(seconds=1)
"""So also while a slow channel is at work, for all the others."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one attempt ended: what to tell the person on duty."""

    identifier: str
    channel: str
    recipient: str
    state: State
    reason: str = ""


def real_time() -> datetime:
    """The time of this computer."""
    return datetime.now(UTC)


def send_due(
    outbox: Outbox, channels: Sequence[Channel], *, now: Callable[[], datetime] = real_time
) -> list[Outcome]:
    """Try everything that is due; alerts of one channel in the order in which they were added.

    A delivery whose channel is not among `channels` stays in the outbox.

    Raises:
        InputError: two channels lead to the same recipient, another process sends from this outbox,
            or its disk fails.
    """
    routes = {(one.route.channel, one.route.recipient) for one in channels}
    if len(routes) < len(channels):
        raise InputError("two channels of one kind have the same recipient", where="channels")
    if not channels:
        return []
    outcomes: list[Outcome] = []
    running: dict[Future[Receipt | DeliveryError], tuple[Channel, Parcel]] = {}
    idle = list(channels)
    with outbox.sending(), ThreadPoolExecutor(len(channels)) as pool:
        while True:
            outbox.expire(now())
            for channel in list(idle):
                parcel = outbox.begin(channel.route, now())
                if parcel is not None:
                    idle.remove(channel)
                    running[pool.submit(_attempt, channel, parcel)] = (channel, parcel)
            if not running:
                return outcomes
            ended = wait(running, LOOK_AGAIN.total_seconds(), FIRST_COMPLETED).done
            for future in ended:
                channel, parcel = running.pop(future)
                idle.append(channel)
                result = future.result()
                state = outbox.settle(parcel, result, now())
                outcomes.append(
                    Outcome(
                        identifier=parcel.message.heading.identifier,
                        channel=channel.route.channel,
                        recipient=channel.route.recipient,
                        state=state,
                        reason="" if isinstance(result, Receipt) else result.what,
                    )
                )


def send_until_done(
    outbox: Outbox,
    channels: Sequence[Channel],
    *,
    now: Callable[[], datetime] = real_time,
    sleep: Callable[[float], object] = time.sleep,
) -> list[Outcome]:
    """Send, wait and send again until nothing waits on these channels.

    Raises:
        InputError: as for `send_due`.
    """
    outcomes = send_due(outbox, channels, now=now)
    while (due := outbox.next_due(one.route for one in channels)) is not None:
        pause = min(max(due - now(), SHORTEST_SLEEP), LONGEST_SLEEP)
        sleep(pause.total_seconds())
        outcomes += send_due(outbox, channels, now=now)
    return outcomes


def _attempt(channel: Channel, parcel: Parcel) -> Receipt | DeliveryError:
    try:
        return channel.deliver(parcel)
    except DeliveryError as refusal:
        return refusal
    except ComityError as error:
        return DeliveryError(str(error))
    except Exception as error:  # one alert that trips a defect must not hold up all the others
        return DeliveryError(f"a defect in this channel: {type(error).__name__}")
