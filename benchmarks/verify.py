"""Verify 100,000 attestations of 2 kB with two processes, beside securesystemslib.

    python benchmarks/verify.py [--count 100000] [--processes 2]

Three rows from one run: the signature check alone (what no verifier can beat on this machine),
securesystemslib's DSSE envelope with the payload parsed, and Comity's `verify`, which also checks
who signed, that the payload has one spelling, and every field of it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

from comity.attest import (
    TYPES,
    Authority,
    SigningKey,
    Trust,
    TrustedKey,
    new_key,
    sign,
    subjects_of,
    verify,
)
from comity.attest.envelope import pae
from comity.attest.statement import PAYLOAD_TYPE, Statement
from comity.claims import ASSESSMENT_TYPE, canonical_bytes

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.attest.example import assessment

DISTINCT = 5_000
KEYS = 20
Job = Callable[[int], None]
"""Checks the attestation of an index; raises when it does not hold."""


def jobs() -> tuple[dict[str, Job], int]:
    """The three ways to check, over the same statements, and the mean payload size in bytes."""
    keys = [new_key() for _ in range(KEYS)]
    trust = Trust(authorities=tuple(_authority(i, key) for i, key in enumerate(keys)))
    ring = [SSlibKey.from_crypto(key.public._key) for key in keys]
    bundles, envelopes, signatures, size = [], [], [], 0
    for i in range(DISTINCT):
        key, public = keys[i % KEYS], ring[i % KEYS]
        predicate = assessment(origin=f"lab-{i % KEYS}.example", seed=str(i), notes=("x" * 160,))
        subjects = subjects_of(predicate)
        bundle = sign(ASSESSMENT_TYPE, subjects, predicate, key)
        statement = Statement(subject=subjects, predicate_type=ASSESSMENT_TYPE, predicate=predicate)
        payload = canonical_bytes(statement)
        message = pae(PAYLOAD_TYPE, payload)
        envelope = json.loads(bundle)["dsseEnvelope"]
        envelope["signatures"][0]["keyid"] = public.keyid
        bundles.append(bundle)
        envelopes.append(json.dumps(envelope).encode())
        signatures.append((key.public, key.sign(message), message))
        size += len(payload)
    now = datetime.now(UTC)

    def floor(i: int) -> None:
        public, signature, message = signatures[i]
        assert public.verifies(signature, message)

    def securesystemslib(i: int) -> None:
        envelope = Envelope.from_dict(json.loads(envelopes[i]))
        envelope.verify([ring[i % KEYS]], 1)
        json.loads(envelope.payload)

    def comity(i: int) -> None:
        verify(bundles[i], trust, TYPES, now)

    table: dict[str, Job] = {
        "signature check alone": floor,
        "securesystemslib": securesystemslib,
        "comity verify": comity,
    }
    return table, size // DISTINCT


def _authority(i: int, key: SigningKey) -> Authority:
    trusted = TrustedKey(public_key=key.public.base64)
    return Authority(
        origin=f"lab-{i}.example", name=f"Lab {i}", role="independent", keys=(trusted,)
    )


def run(job: Job, count: int) -> None:
    """Check `count` attestations, drawn in turn from the distinct ones."""
    for i in range(count):
        job(i % DISTINCT)


def measure(job: Job, count: int, processes: int) -> tuple[float, float]:
    """Seconds from the first start to the last end, and CPU seconds of all processes.

    On a machine that others use too, the second says what a quiet machine would need.
    """
    fork = multiprocessing.get_context("fork")
    share = count // processes
    workers = [fork.Process(target=run, args=(job, share)) for _ in range(processes)]
    before, start = _cpu(), time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - start
    assert all(worker.exitcode == 0 for worker in workers)
    return seconds, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    table, size = jobs()
    print(
        f"{options.count:,} attestations, payload {size:,} bytes, "
        f"{DISTINCT:,} distinct, {KEYS} keys, {options.processes} processes"
    )
    print(f"{'':24}{'seconds':>9}{'per second':>12}{'CPU µs each':>13}{'CPU ratio':>11}")
    floor = 0.0
    for name, job in table.items():
        seconds, cpu = measure(job, options.count, options.processes)
        floor = floor or cpu
        rate, each = options.count / seconds, cpu / options.count * 1e6
        print(f"{name:24}{seconds:9.2f}{rate:12,.0f}{each:13.1f}{cpu / floor:11.2f}")


if __name__ == "__main__":
    main()
