"""A run in a process of its own, to be killed: `driver.py URL FOLDER` prints its claims."""

from __future__ import annotations

import sys
from pathlib import Path

from comity.claims import canonical_bytes
from tests.assess.endpoint.world import card_for, run, toy

ITEMS = 300


def main() -> None:
    """Run the battery and print what does not depend on time."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    card = card_for(folder, url, "concurrency = 8\nretries = 0\n")
    assessment = run(card, folder / "j.jsonl", [toy(ITEMS)])
    kept = [one for one in assessment.claims if not one.measure.startswith("footprint")]
    sys.stdout.buffer.write(canonical_bytes([kept, assessment.cost.tokens, assessment.data]))


if __name__ == "__main__":
    main()
