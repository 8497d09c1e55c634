"""A channel without a far end, for tests and rehearsals."""

from __future__ import annotations

from datetime import timedelta

from early_warning.send.channel import DeliveryError, Parcel, Receipt, Route

__all__ = ["MemoryChannel"]


class MemoryChannel:
    """Keeps what it was given.

    Args:
        recipient: Its name.
        channel: The kind that it stands for.
        refusals: How many attempts it refuses before it takes anything.
        patience: See `Route`.
        after: See `Route`.

    Attributes:
        taken: What was delivered, in order.
        attempts: How often it was asked.
    """

    def __init__(
        self,
        recipient: str = "memory",
        *,
        channel: str = "memory",
        refusals: int = 0,
        patience: timedelta = timedelta(hours=1),
        after: str = "",
    ) -> None:
        self.route = Route(channel=channel, recipient=recipient, patience=patience, after=after)
        self.taken: list[Parcel] = []
        self.attempts = 0
        self._refusals = refusals

    def deliver(self, parcel: Parcel) -> Receipt:
        """Take it, unless refusals are left."""
        self.attempts += 1
        if self.attempts <= self._refusals:
            raise DeliveryError("the recipient is away")
        self.taken.append(parcel)
        return Receipt(kind="acknowledged", detail="kept in memory")
