"""Compose, write, sign and check 1,000 alerts, for the target of 2 seconds.

    PYTHONPATH=goods/early_warning/src python goods/early_warning/benchmarks/alerts.py

Writing and signing validate the alert each time, as they do in service. A country has 330 districts
of 200 points each, and an alert is for three of them: not those of the alert before. The figures
are the best of five runs, for a machine that is shared.
"""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

import msgspec

from comity.attest.keys import new_key
from early_warning import cap

ALERTS, DISTRICTS, POINTS = 1_000, 330, 200
SENT = datetime(2026, 11, 22, 6, tzinfo=UTC)


def district(number: int) -> cap.Place:
    """A circle of points around another place each."""
    angles = [2 * math.pi * (n % POINTS) / POINTS for n in range(POINTS + 1)]
    outline = " ".join(
        f"{11 + number / 5 + 0.3 * math.sin(a):.4f},{42 + 0.3 * math.cos(a):.4f}" for a in angles
    )
    names = {"en": f"District {number}", "fr": f"District {number}", "ar": "الساحل"}
    return cap.Place(names=names, polygons=(outline,))


def measure(languages: list[str]) -> tuple[float, float, int]:
    """Seconds for all alerts in these languages, of them the processor's, and one's bytes."""
    key = new_key()
    start, end = SENT - timedelta(days=1), SENT + timedelta(days=700)
    certificate = cap.own_certificate(key, "Coast Weather Service", start=start, end=end)
    authority = cap.Authority(
        sender="warnings@coast.example",
        names=dict.fromkeys(("en", "fr"), "Coast Weather Service") | {"ar": "مصلحة أرصاد الساحل"},
    )
    country = [district(number) for number in range(DISTRICTS)]
    draft = cap.Draft(
        hazard="heavy_rain",
        threshold="50",
        chance=(70, 70),
        onset=SENT + timedelta(hours=6),
        expires=SENT + timedelta(hours=30),
        places=tuple(country[:3]),
        urgency="Future",
        severity="Severe",
        certainty="Likely",
    )
    packs = [cap.pack(language) for language in languages]
    drafts = [
        msgspec.structs.replace(draft, places=tuple(country[at : at + 3]))
        for at in range(0, DISTRICTS, 3)
    ]
    wall = processor = math.inf
    for _ in range(5):
        began, used = time.perf_counter(), time.process_time()
        for number in range(ALERTS):
            alert = cap.compose(
                drafts[number % len(drafts)],
                packs,
                authority,
                status="Test",
                sent=SENT,
                number=number,
            )
            signed = cap.sign_alert(cap.write_alert(alert), key, certificate)
            cap.check_signature(signed, trusted=[certificate], at=SENT)
        wall = min(wall, time.perf_counter() - began)
        processor = min(processor, time.process_time() - used)
    return wall, processor, len(signed)


if __name__ == "__main__":
    for chosen in (["en"], ["en", "fr", "ar"]):
        wall, processor, size = measure(chosen)
        print(
            f"{ALERTS:,} alerts of {size:,} bytes in {', '.join(chosen)}: {wall:.2f} s"
            f" ({processor:.2f} s of processor time)"
        )
