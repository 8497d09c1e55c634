"""Sending: an outbox on disk from which every alert reaches every channel, or says why not.

What is promised, and what nobody can promise:

- **Never lost.** An alert that `Outbox.add` accepted is on the disk. It stays there until each
  recipient's machine has confirmed it, or its time is over; then it is *given up*, and says why.
- **Never sent twice, as far as the far end allows.** A folder shows an alert once, whatever
  happens. A webhook and a message broker are told again if their *yes* was lost, or if this
  computer stopped before it wrote it down: nobody can do otherwise over a network (it is the two
  generals' problem). So they get it *at least once*. Each repetition carries the same key and the
  same bytes, so that the receiver can drop it; attempts cut off here are counted as `uncertain`.
- **A receipt is a machine's.** It says that a server took the bytes. It does not say that a person
  read them.
"""

from early_warning.send.channel import Channel, DeliveryError, Parcel, Receipt, Route
from early_warning.send.feed import Feed
from early_warning.send.memory import MemoryChannel
from early_warning.send.message import Heading, Message
from early_warning.send.mqtt import Broker
from early_warning.send.outbox import Delivery, Outbox
from early_warning.send.run import Outcome, send_due, send_until_done
from early_warning.send.webhook import Webhook
from early_warning.send.wis2 import Centre, check_notification, notification

__all__ = [
    "Broker",
    "Centre",
    "Channel",
    "Delivery",
    "DeliveryError",
    "Feed",
    "Heading",
    "MemoryChannel",
    "Message",
    "Outbox",
    "Outcome",
    "Parcel",
    "Receipt",
    "Route",
    "Webhook",
    "check_notification",
    "notification",
    "send_due",
    "send_until_done",
]
