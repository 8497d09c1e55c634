"""Proofs from logs that came with signed files: found beside them, checked, and handed on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from comity.errors import ComityError
from comity.files import read_bytes

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.record.proof import Inclusion

__all__ = ["SUFFIX", "inclusion_of", "proof_beside"]

SUFFIX = ".tlog-proof"
_SIGNED = ".sigstore.json"


def proof_beside(bundle: Path) -> Path:
    """Where the proof of a signed file lies: `result.tlog-proof` beside `result.sigstore.json`."""
    return bundle.with_name(bundle.name.removesuffix(_SIGNED) + SUFFIX)


def inclusion_of(
    bundle: Path, trust: Trust, now: datetime, proof: Path | None = None
) -> Inclusion | None:
    """What the proof of a signed file shows: the one named, else the one beside it, if any.

    Raises:
        InputError: the proof cannot be read, or is of a log that the trust file does not name.
        RecordError: the proof does not hold.
    """
    path = proof or proof_beside(bundle)
    if proof is None and not path.exists():
        return None
    from comity.record.proof import MAX_PROOF_BYTES, check_proof

    try:
        return check_proof(read_bytes(path, MAX_PROOF_BYTES), trust, now)
    except ComityError as error:
        error.where = str(path)
        raise
