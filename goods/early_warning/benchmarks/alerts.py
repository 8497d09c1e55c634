"""Compose, write, sign and check 1,000 alerts, for the target of 2 seconds.

    PYTHONPATH=goods/early_warning/src python goods/early_warning/benchmarks/alerts.py

Writing and signing validate the alert each time, as they do in service; the three districts have
200 points each. The figure is the best of three runs, for a machine that is shared.
"""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

from comity.attest.keys import new_key
from early_warning import cap

ALERTS, POINTS = 1_000, 200
SENT = datetime(2026, 11, 22, 6, tzinfo=UTC)


def district(number: int) -> cap.Place:
    """A circle of points around another place each."""
    angles = [2 * math.pi * (n % POINTS) / POINTS for n in range(POINTS + 1)]
    outline = " ".join(
        f"{11 + number + 0.3 * math.sin(a):.4f},{42 + 0.3 * math.cos(a):.4f}" for a in angles
    )
    names = {"en": f"District {number}", "fr": f"District {number}", "ar": "الساحل"}
    return cap.Place(names=names, polygons=(outline,))


def measure(languages: list[str]) -> tuple[float, int]:
    """Seconds for all alerts in these languages, and the size of one in bytes."""
    key = new_key()
    start, end = SENT - timedelta(days=1), SENT + timedelta(days=700)
    certificate = cap.own_certificate(key, "Coast Weather Service", start=start, end=end)
    authority = cap.Authority(
        sender="warnings@coast.example",
        names=dict.fromkeys(("en", "fr"), "Coast Weather Service") | {"ar": "مصلحة أرصاد الساحل"},
    )
    draft = cap.Draft(
        hazard="heavy_rain",
        threshold="50",
        chance=(70, 70),
        onset=SENT + timedelta(hours=6),
        expires=SENT + timedelta(hours=30),
        places=tuple(district(number) for number in range(3)),
        urgency="Future",
        severity="Severe",
        certainty="Likely",
    )
    packs = [cap.pack(language) for language in languages]
    best, size = math.inf, 0
    for _ in range(3):
        began = time.perf_counter()
        for number in range(ALERTS):
            alert = cap.compose(draft, packs, authority, status="Test", sent=SENT, number=number)
            signed = cap.sign_alert(cap.write_alert(alert), key, certificate)
            cap.check_signature(signed, trusted=[certificate], at=SENT)
        best, size = min(best, time.perf_counter() - began), len(signed)
    return best, size


if __name__ == "__main__":
    for chosen in (["en"], ["en", "fr", "ar"]):
        seconds, size = measure(chosen)
        print(f"{ALERTS:,} alerts of {size:,} bytes in {', '.join(chosen)}: {seconds:.2f} s")
