"""A desk that is made to be killed: two people approve one draft after another, and it sends."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from early_warning.desk.desk import open_desk
from goods.early_warning.tests.desk.world import keyed, outlook, proposal

DRAFTS = 40


def main() -> None:
    folder, sent = Path(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2])
    with open_desk(keyed(folder, at=sent), now=lambda: dt.datetime.now(dt.UTC)) as desk:
        print("ready", flush=True)
        if not desk.journal():
            # Each with a key and a threshold of its own, in a window of its own.
            proposals = [
                proposal(
                    "A",
                    key=f"draft {number}",
                    threshold=str(50 + number),
                    onset=sent + dt.timedelta(hours=24 * number),
                    expires=sent + dt.timedelta(hours=24 * number + 24),
                )
                for number in range(DRAFTS)
            ]
            desk.offer(outlook(), proposals)
        for draft in desk.look().drafts:
            for who in ("aicha", "omar"):
                if who not in draft.approvals:
                    desk.approve(draft.number, who, draft.content.digest)
            desk.send_due()
        desk.send_due()


if __name__ == "__main__":
    main()
