"""Killed at any moment, the desk issues every approved draft once, and the feed has its bytes."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lxml import etree

from early_warning import cap
from early_warning.desk.journal import read_journal
from early_warning.desk.kept import issued_alerts
from early_warning.desk.rules import fold
from early_warning.send import Outbox
from goods.early_warning.tests.desk.issuer import DRAFTS

KILLS = 12


@pytest.mark.parametrize("seed", [1, 2])
def test_every_approved_draft_is_issued_once_and_its_bytes_are_served(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    began = dt.datetime.now(dt.UTC).replace(microsecond=0)
    command = [sys.executable, "-m", "goods.early_warning.tests.desk.issuer"]
    command += [str(tmp_path), began.isoformat()]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    desk = tmp_path / "state" / "desk"
    journal = desk / "journal.jsonl"
    kept: dict[str, bytes] = {}
    kills = 0
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            # After so many more bytes of journal, not so much time: machines differ in speed.
            enough = _size(journal) + chance.randrange(6_000)
            while _size(journal) < enough and process.poll() is None:
                time.sleep(0.0005)
            time.sleep(chance.uniform(0, 0.004))
            if process.poll() is None:
                process.kill()
                kills += 1
        for act, data in issued_alerts(desk):  # the chain holds after each kill
            assert kept.setdefault(act.identifier, data) == data, "bytes that were issued changed"
    assert kills >= KILLS // 2, "it was too fast to be killed, so that nothing was tested"
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, timeout=120)

    acts = read_journal(journal)
    issues = [act for act in acts if act.kind == "issued"]
    assert sorted(act.draft for act in issues) == list(range(1, DRAFTS + 1))  # each draft once
    alerts = {act.identifier: data for act, data in issued_alerts(desk)}
    assert len(alerts) == DRAFTS and kept.items() <= alerts.items()
    state = fold(acts)
    assert all(alert.approvals == ("aicha", "omar") for alert in state.alerts.values())
    # The outbox has them all, and no other.
    with Outbox(tmp_path / "state" / "outbox") as outbox:
        deliveries = outbox.deliveries()
    assert sorted(one.identifier for one in deliveries) == sorted(alerts)
    assert {one.state for one in deliveries} == {"delivered"}
    # The feed: each alert once, with the very bytes that were kept.
    served = [path.read_bytes() for path in (tmp_path / "served" / "alerts").iterdir()]
    assert sorted(served) == sorted(alerts.values())
    entries = etree.parse(tmp_path / "served" / "feed.xml").getroot().findall("{*}entry")
    listed = [str(entry.findtext("{*}identifier")) for entry in entries]
    assert sorted(listed) == sorted(alerts)
    certificate = cap.load_certificate(tmp_path / "alerts.crt")
    for act in issues:
        cap.check_signature(alerts[act.identifier], trusted=[certificate], at=act.at)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
