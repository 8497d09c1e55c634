"""Killed at any moment, the sender loses no alert and repeats none but under its old key."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from early_warning.send import Outbox
from goods.early_warning.tests.send.sender import identifiers
from goods.early_warning.tests.send.world import (
    CENTRE,
    listening,
    message,
    mosquitto,
    receiver,
    until,
)

ALERTS = 60
KILLS = 12


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_and_nothing_is_repeated_under_another_key(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with (
        receiver(tmp_path) as far_end,
        mosquitto(tmp_path) as port,
        listening(port, CENTRE.topic) as heard,
    ):
        command = [sys.executable, "-m", "goods.early_warning.tests.send.sender", str(tmp_path)]
        command += [far_end.address, str(far_end.trusted), str(port), now.isoformat(), str(ALERTS)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        kills = 0
        for _ in range(KILLS):
            with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
                # After so many more alerts have come, not so much time: machines differ in speed.
                enough = len(far_end.got) + chance.randrange(4)
                while len(far_end.got) < enough and process.poll() is None:
                    time.sleep(0.001)
                time.sleep(chance.uniform(0, 0.01))
                if process.poll() is None:
                    process.kill()
                    kills += 1
        assert kills >= KILLS // 2, "it was too fast to be killed, so that nothing was tested"
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, timeout=120)
        with Outbox(tmp_path / "outbox") as outbox:
            deliveries = outbox.deliveries()
        ids = {one["id"] for one in heard}
        assert until(lambda: len({one["id"] for one in heard}) == ALERTS), f"{len(ids)} arrived"
        received = Counter(key for key, _, _ in far_end.got)

    expected = {one: message(one, sent=now).data for one in identifiers(ALERTS)}
    assert {one.state for one in deliveries} == {"delivered"}
    assert len(deliveries) == 3 * ALERTS
    # The feed: each alert once, verbatim.
    files = [path.read_bytes() for path in (tmp_path / "served" / "alerts").iterdir()]
    assert sorted(files) == sorted(expected.values())
    entries = etree.parse(tmp_path / "served" / "feed.xml").getroot().findall("{*}entry")
    listed = [entry.findtext("{*}identifier") for entry in entries]
    assert sorted(map(str, listed)) == sorted(expected)
    # The webhook: one key for each alert; repeated at most as often as the outbox says.
    assert len(received) == ALERTS
    assert {data for _, data, _ in far_end.got} == set(expected.values())
    uncertain = sum(one.uncertain for one in deliveries if one.channel == "webhook")
    assert sum(received.values()) <= ALERTS + uncertain
    # The broker: at least once, with one id for each alert.
    contents = {one["id"]: one["properties"]["content"]["value"].encode() for one in heard}
    assert sorted(contents.values()) == sorted(expected.values())
    repeated = sum(one.uncertain for one in deliveries if one.channel == "mqtt")
    assert len(heard) <= ALERTS + repeated
