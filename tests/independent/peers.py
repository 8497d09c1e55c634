"""Ask programs that share no code with Comity whether a bundle holds under a public key."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

__all__ = [
    "FOLDER",
    "MADE",
    "Pair",
    "npm_complaints",
    "npm_is_here",
    "record",
    "securesystemslib_complaints",
]

FOLDER = Path(__file__).resolve().parent
Pair = tuple[bytes, str]
"""The bytes of a bundle, and the public key in PEM."""

MADE: list[Pair] = []
"""Every bundle that the tests of this session made; `tests/conftest.py` has them checked."""


def record(bundle: bytes, public_pem: str) -> bytes:
    """Remember a bundle that must hold for everybody, and return it."""
    MADE.append((bundle, public_pem))
    return bundle


def npm_is_here() -> bool:
    """Whether node and the npm packages of this folder are installed."""
    return shutil.which("node") is not None and (FOLDER / "node_modules/@sigstore").is_dir()


def npm_complaints(pairs: list[Pair]) -> list[str]:
    """What `@sigstore/verify` says of the bundles that do not hold; one node run for all."""
    lines = [json.dumps({"bundle": bundle.decode(), "key": key}) for bundle, key in pairs]
    done = subprocess.run(
        ["node", "verify.mjs", "-"],
        cwd=FOLDER,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    answers = done.stdout.splitlines()
    assert len(answers) == len(pairs), done.stderr
    return [answer for answer in answers if ": holds, " not in answer]


def securesystemslib_complaints(pairs: list[Pair]) -> list[str]:
    """What securesystemslib says of the envelopes that do not hold.

    It only tries keys whose id equals the signature's, so it is given that id.
    """
    complaints = []
    for i, (bundle, pem) in enumerate(pairs, 1):
        try:
            envelope = Envelope.from_dict(json.loads(bundle)["dsseEnvelope"])
            (keyid,) = envelope.signatures
            key = SSlibKey.from_crypto(load_pem_public_key(pem.encode()), keyid=keyid)
            envelope.verify([key], 1)
            assert envelope.payload_type == "application/vnd.in-toto+json"
        except Exception as error:
            complaints.append(f"line {i}: DOES NOT HOLD: {error!r}")
    return complaints
