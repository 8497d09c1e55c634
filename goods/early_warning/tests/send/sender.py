"""A sender that is made to be killed: adds its alerts, says `ready`, and sends until it is done."""

from __future__ import annotations

import datetime as dt
import ssl
import sys
from pathlib import Path

from early_warning.send import Broker, Channel, Feed, Outbox, Webhook, send_until_done
from goods.early_warning.tests.send.world import CENTRE, message


def identifiers(count: int) -> list[str]:
    return [f"urn:oid:2.49.0.0.262.0.{number}" for number in range(count)]


def main() -> None:
    folder, address, trusted, port, sent, count = sys.argv[1:]
    now = dt.datetime.fromisoformat(sent)
    feed = Feed(Path(folder) / "served", address="https://meteo.example/cap", title="Warnings")
    channels: list[Channel] = [
        feed,
        Webhook(address, recipient="radio", context=ssl.create_default_context(cafile=trusted)),
        Broker(
            f"mqtt://127.0.0.1:{port}",
            recipient="wis2",
            centre=CENTRE,
            address_of=feed.address_of,
        ),
    ]
    with Outbox(Path(folder) / "outbox") as outbox:
        print("ready", flush=True)
        for identifier in identifiers(int(count)):
            alert = message(identifier, sent=now)
            outbox.add(alert, [one.route for one in channels], now=now)
        send_until_done(outbox, channels)


if __name__ == "__main__":
    main()
