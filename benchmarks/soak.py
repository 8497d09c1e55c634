"""Hostile files against every reader: only sentences, bounded memory, bounded time.

    python benchmarks/soak.py [--cases 1000000] [--seed 1]

Good files are damaged at random (bytes flipped, cut, copied, put in from a list of nasty pieces)
and read. Every case is either accepted or refused with a `ComityError`; anything else, a case
slower than the limit, or memory that grows, ends the run with exit code 1. The same seed gives the
same cases.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import hostile_logs, hostile_questions, hostile_shares
from tests.attest.example import KEY, OTHER_KEY, assessment, claim, signed, trust_in, unmeasured

from comity.assess import load_card
from comity.attest import TYPES, parse_trust, verify
from comity.attest.sign import sign_payload
from comity.errors import ComityError, VerificationError

SLOWEST_ALLOWED = 2.0
"""CPU seconds for one case."""
GROWTH_ALLOWED = 64
"""MiB between a tenth of the run and its end."""
LARGEST = 300_000
"""Bytes to which damage may blow a file up; the readers have limits of their own above it."""

NASTY = (
    b"[" * 2_000,
    b'{"a":' * 2_000,
    b"[[" * 50_000,
    b"9" * 400,
    b"9" * 5_000,
    b"-0",
    b"1e400",
    b"0.1",
    b"9007199254740993",
    b"NaN",
    b"null",
    b'""',
    b'"',
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"=" * 3,
    b"{}",
    b"[]",
    b",",
    b":",
    b"a.b." * 500,
    b"[a]\n" * 200,
    b"[[authority]]\n",
    b'"""',
    b"x" * 20_000,
)


class Reader(NamedTuple):
    """A reader under fire: good files to damage, and what reads the result."""

    seeds: list[bytes]
    read: Callable[[bytes], object]


GOOD = [
    signed(),
    signed(assessment(claims=(claim(), unmeasured()), notes=("a note", "ein \U0001f600"))),
    signed(assessment(claims=tuple(claim(slice={"site": str(i)}) for i in range(20)))),
]
PAYLOADS = [base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"]) for bundle in GOOD]
TRUSTED = trust_in()
NOW = datetime.now(UTC)
IDENTITIES = {verify(bundle, TRUSTED, TYPES, NOW).id for bundle in GOOD}
TRUST_FILE = f"""# People I trust
[[authority]]
origin = "lab.example"
name = "Laboratory \\"A\\" \\u00e9"
role = "independent"
jurisdiction = "SG"

  [[authority.key]]
  public_key = "{KEY.public.base64}"
  valid_from = 2026-01-01
  valid_until = 2030-12-31

[[authority]]
origin = "other.example"
name = 'Other'

  [[authority.key]]
  public_key = \"\"\"
{OTHER_KEY.public.pem}\"\"\"
"""
CARD_FILE = """# A card
[system]
name = "Care programme \\u00e9"
version = "1.0"
kind = "predictive"
sector = "health"
intended_use = '''Choose whom to invite'''
languages = ["en", "sw"]
[population]
country = "US"
period = "2003"
[identity]
binding = "declared"
[predictions]
file = "predictions.csv"
truth = "needs_care"
score = "risk"
cut_off = "0.5"
id = "person"
split = "part"
evaluate = "test"
groups = {sex = "sexe", income = "\\u043f"}
positive = "1"
minimum_cell = 30
split_rule = "5-fold cross-validation by person"
"""
HEAD = CARD_FILE.partition("[identity]")[0]
FORECAST_FILES = [
    f"""{HEAD}[forecast]
file = "rain.parquet"
truth = "observed"
{form}
id = "number"
time = "date"
site = "station"
unit = "sensor"
recording = "flight"
split = "part"
evaluate = "test"
split_rule = "trained to 2013, tested from 2014"
kept_apart = ["time", "unit"]
unit_of_measure = "mm"
"""
    for form in (
        'prediction = "p"\nbaseline = "climatology"\nbaseline_rule = "2007 to 2013"',
        'members = ["m1", "m2", "m3"]\nbaseline = {members = ["c1", "c2"]}',
        'quantiles = {"0.1" = "q10", "0.5" = "q50", "0.90" = "q90"}\nbaseline = "c"',
        'interval = {level = "0.9", low = "lo", high = "hi"}',
    )
]
MODEL_FILE = f"""{HEAD}[model]
file = "model.onnx"
inputs = "people.csv"
features = {{numbers = ["conditions", "income"], sex = "sexe"}}
score_output = "probabilities"
class_index = 1
[model.perturb]
seed = 1
noise = 0.1
missing = ["income"]
flip = ["sexe"]
offset = {{conditions = 1.5}}
scale = {{income = 1.1}}
[predictions]
truth = "needs_care"
cut_off = 0.5
id = "person"
split = "part"
time = "day"
site = "clinic"
groups = ["region"]
"""
FOLDER = tempfile.TemporaryDirectory()
Path(FOLDER.name, "model.onnx").write_bytes(b"only hashed, never opened")


def read_bundle(data: bytes) -> None:
    """A damaged bundle either is refused or still says exactly what was signed."""
    assert verify(data, TRUSTED, TYPES, NOW).id in IDENTITIES


def read_signed_payload(data: bytes) -> None:
    """Damage inside the signature: what a hostile but trusted signer could send."""
    verify(sign_payload(data, KEY), TRUSTED, TYPES, NOW)


def read_trust(data: bytes) -> None:
    """A damaged trust file either is refused or trusts no stranger."""
    trust = parse_trust(data.decode(errors="replace"))
    assert set(trust.by_hint) <= {KEY.public.hint, OTHER_KEY.public.hint}


def read_card(data: bytes) -> None:
    """A damaged card either is refused or still binds nothing and names a table beside itself."""
    path = Path(FOLDER.name, "system.toml")
    path.write_bytes(data)
    card = load_card(path)
    assert card.system.identity.binding == "declared"
    assert card.table.is_relative_to(Path(FOLDER.name).resolve())


def read_model_card(data: bytes) -> None:
    """A damaged card is refused, or binds to the weights in its own folder and to nothing else."""
    folder = Path(FOLDER.name).resolve()
    path = folder / "system.toml"
    path.write_bytes(data)
    card = load_card(path)
    assert (card.system.identity.binding == "weights") == (card.model is not None)
    assert card.table.is_relative_to(folder)
    if card.model is not None:
        assert card.model.onnx.resolve() == folder / "model.onnx"
        assert card.model.digest == card.system.identity.digest


READERS = {
    "bundle": Reader(GOOD, read_bundle),
    "signed payload": Reader(PAYLOADS, read_signed_payload),
    "trust file": Reader([TRUST_FILE.encode()], read_trust),
    "system card": Reader([CARD_FILE.encode()], read_card),
    "forecast card": Reader([one.encode() for one in FORECAST_FILES], read_card),
    "model card": Reader([MODEL_FILE.encode()], read_model_card),
    "checkpoint": Reader(hostile_logs.NOTES, hostile_logs.read_note),
    "proof from a log": Reader(hostile_logs.PROOFS, hostile_logs.read_proof),
    "proof of a fork": Reader(hostile_logs.FORKS, hostile_logs.read_fork),
    "trust file of logs": Reader([hostile_logs.TRUST_OF_LOGS], hostile_logs.read_trust_of_logs),
    "entries of a log": Reader(hostile_logs.BUNDLES, hostile_logs.follow_damaged),
    **{name: Reader(*reader) for name, reader in hostile_shares.SHARES.items()},
    **{name: Reader(*reader) for name, reader in hostile_questions.QUESTIONS.items()},
}
"""Add a row for every new reader."""


def damaged(seeds: list[bytes], chance: random.Random) -> bytes:
    """One of the seeds after one to four random changes."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 64, 1024)))
        match chance.randrange(6):
            case 0 if start < len(data):
                data[start] ^= 1 << chance.randrange(8)
            case 1:
                del data[start:end]
            case 2:
                data[start:end] = chance.choice(NASTY)
            case 3:
                data[start:start] = data[start:end] * chance.choice((1, 2, 50))
            case 4:
                other = chance.choice(seeds)
                data[start:end] = other[start : start + 256]
            case _:
                data[start:end] = chance.randbytes(chance.choice((1, 4, 16)))
    return bytes(data[:LARGEST])


def outcome(reader: Reader, data: bytes) -> str:
    """How one case ended, in a few words; anything but a `ComityError` escapes."""
    try:
        reader.read(data)
    except VerificationError as error:
        return f"refused by rule {error.rule}"
    except ComityError as error:
        assert error.what, "an error without a sentence"
        return f"refused: {' '.join(error.what.split()[:5])}"
    return "accepted"


def memory() -> float:
    """Largest resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def soak(name: str, reader: Reader, cases: int, seed: int) -> bool:
    """Run `cases` cases against one reader and print what happened; false if a limit broke."""
    chance = random.Random(f"{seed} {name}")
    kinds: Counter[str] = Counter()
    slowest, slow_size, early = 0.0, 0, 0.0
    started = time.perf_counter()
    for i in range(cases):
        data = damaged(reader.seeds, chance)
        start = time.process_time()
        try:
            kinds[outcome(reader, data)] += 1
        except BaseException:
            path = Path(f"soak-{name.replace(' ', '-')}-{seed}-{i}.bin")
            path.write_bytes(data)
            print(f"{name}: case {i} escaped; the file is kept as {path}", file=sys.stderr)
            raise
        spent = time.process_time() - start
        if spent > slowest:
            slowest, slow_size = spent, len(data)
        if i == cases // 10:
            early = memory()
    growth = memory() - early
    print(f"\n{name}: {cases:,} cases in {time.perf_counter() - started:.0f} s")
    for kind, count in kinds.most_common(8):
        print(f"  {count:>9,}  {kind}")
    if len(kinds) > 8:
        print(f"  {sum(n for _, n in kinds.most_common()[8:]):>9,}  in {len(kinds) - 8} other ways")
    print(f"  slowest case {slowest * 1e3:.1f} ms of CPU ({slow_size:,} bytes)")
    print(f"  peak memory {memory():.0f} MiB, grown by {growth:.1f} MiB after the first tenth")
    return slowest <= SLOWEST_ALLOWED and growth <= GROWTH_ALLOWED


def main() -> int:
    """Share the cases between the readers; 0 if every limit held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    share = options.cases // len(READERS)
    held = [soak(name, reader, share, options.seed) for name, reader in READERS.items()]
    print("\nEvery case was read or refused with a sentence." if all(held) else "\nA limit broke.")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
