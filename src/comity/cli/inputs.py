"""Load what the pure verbs work on: files in, verified structs out.

Every signed file goes through `attest.verify`, and a file that does not hold stops the work: an
official should know that she was handed one.
"""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

import msgspec

from comity import regimes
from comity.claims import Assessment
from comity.claims.agreement import Agreement, SignedAgreement
from comity.claims.assessment import Origin
from comity.claims.country import Country
from comity.claims.decision import Exhibit
from comity.claims.overlay import RegimeOverlay, SignedOverlay
from comity.claims.regime import Regime, Signer
from comity.claims.values import DecimalText, Digest, Key, Timestamp
from comity.errors import InputError, VerificationError
from comity.files import read_bytes, read_toml

if TYPE_CHECKING:
    from comity.attest import Trust, Verified
    from comity.decide import ResolvedRegime

__all__ = [
    "Reader",
    "converted",
    "exhibit_of",
    "key_digest",
    "plain_words",
    "read_agreements",
    "read_country",
    "read_exhibits",
    "read_json",
    "read_reader",
    "read_regime",
    "read_toml_or_json",
    "read_verified",
    "signer_of",
    "with_regime",
]

T = TypeVar("T")
MAX_JSON_BYTES = 16_000_000


def converted(value: object, kind: type[T], where: str = "") -> T:
    """Turn plain values, for instance from options, into the struct `kind`.

    Raises:
        InputError: a field is missing, unknown, or of the wrong kind.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _misfit(error, where) from None


def _misfit(error: msgspec.ValidationError, where: str) -> InputError:
    """The sentence for a field that does not fit, with its place."""
    what, _, place = str(error).partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    places = [where, f"field {field}" if field else ""]
    return InputError(plain_words(what), where=", ".join(filter(None, places)))


def _pattern(kind: Any) -> str:
    """The pattern of a text, as msgspec quotes it."""
    return repr(get_args(kind)[1].pattern)


_FORMS = (
    (DecimalText, "a plain number, for instance 0.05, in quotation marks"),
    (Key, "a short name: letters, digits, dots, hyphens and underscores, without spaces"),
    (Digest, "a SHA-256: 64 hexadecimal digits"),
    (Origin, "the name of an authority: lower-case, like a domain, for instance lab.example"),
    (Timestamp, "a moment such as 2026-11-21T22:29:25Z"),
)
"""What a text must look like, for those who read no regular expressions."""


def plain_words(what: str) -> str:
    """What msgspec says about a text of the wrong form, without the regular expression."""
    form = next((words for kind, words in _FORMS if _pattern(kind) in what), None)
    return f"it is not {form}" if form else what


def read_verified(path: Path, trust: Trust) -> Verified:
    """Read and verify a signed file of any type that Comity knows, with the proof beside it.

    Raises:
        InputError: it or its proof cannot be read.
        RecordError: its proof does not hold.
        VerificationError: it does not hold; with its name.
    """
    from comity.attest import MAX_BUNDLE_BYTES, verify
    from comity.cli.proofs import inclusion_of
    from comity.cli.types import TYPES

    bundle, now = read_bytes(path, MAX_BUNDLE_BYTES), datetime.now(UTC)
    inclusion = inclusion_of(path, trust, now)
    try:
        return verify(bundle, trust, TYPES, now, inclusion.proven if inclusion else None)
    except VerificationError as error:
        error.where = f"{path} does not hold, rule {error.rule}"
        raise


def signer_of(verified: Verified) -> Signer:
    """Who signed, by the reader's trust file."""
    return Signer(origin=verified.authority.origin, key=verified.key.public.spki_sha256)


def key_digest(path: Path) -> str:
    """SHA-256 of the public key in a `.pub` file, as agreements and country files name it."""
    from comity.attest import load_public_key

    return load_public_key(path).spki_sha256


def read_agreements(paths: Sequence[Path], trust: Trust) -> tuple[SignedAgreement, ...]:
    """Read signed agreements and join the signatures over the same one.

    Returns:
        The agreements in the order of their identity, each with everybody who signed it.

    Raises:
        InputError: a file cannot be read, or is no agreement.
        VerificationError: a file does not hold.
    """
    signers: dict[str, list[Signer]] = {}
    agreements: dict[str, Agreement] = {}
    for path in paths:
        verified = read_verified(path, trust)
        if not isinstance(verified.predicate, Agreement):
            raise InputError("this signed file is no agreement", where=str(path))
        agreements[verified.id] = verified.predicate
        signed = signers.setdefault(verified.id, [])
        if (signer := signer_of(verified)) not in signed:
            signed.append(signer)
    return tuple(
        SignedAgreement(
            statement=statement,
            agreement=agreements[statement],
            signers=tuple(sorted(signers[statement], key=lambda signer: signer.origin)),
        )
        for statement in sorted(agreements)
    )


class Reader(NamedTuple):
    """A country file with everything that it names, read and verified; adoptions by statement."""

    country: Country
    trust: Trust
    resolved: ResolvedRegime
    agreements: tuple[SignedAgreement, ...]
    overlays: tuple[tuple[str, RegimeOverlay], ...] = ()


def read_country(path: Path) -> Country:
    """Read a country file alone.

    Raises:
        InputError: it cannot be read, or a field is wrong.
    """
    if not path.exists():
        raise InputError(
            "there is no such country file",
            where=str(path),
            hint="Make it with `comity country new`, or name yours with --country.",
        )
    return read_toml(path, Country)


def read_reader(path: Path) -> Reader:
    """Read a country file, and verify what it names; paths in it are relative to it.

    Raises:
        InputError: a file cannot be read, or is not what the country file takes it for.
        VerificationError: a signed file does not hold.
    """
    from comity.attest import load_trust

    country, folder = read_country(path), path.parent
    trust = load_trust(folder / country.trust)
    overlays = [_read_overlay(folder / name, trust) for name in country.overlays]
    return Reader(
        country=country,
        trust=trust,
        resolved=_resolved(country, folder, trust, overlays),
        agreements=read_agreements([folder / name for name in country.agreements], trust),
        overlays=tuple((one.statement, one.overlay) for one in overlays),
    )


def with_regime(reader: Reader, regime: str) -> Reader:
    """The same reader under another regime, for comparison; overlays stay with their own."""
    country = msgspec.structs.replace(reader.country, regime=regime, overlays=())
    resolved = _resolved(country, Path(), reader.trust, ())
    return reader._replace(country=country, resolved=resolved, overlays=())


def read_regime(name: str, folder: Path) -> Regime:
    """Read a regime by the id of a shipped one, or by its path from `folder`.

    Raises:
        InputError: there is neither, or the file is wrong.
    """
    path = folder / name
    # os.path: where pathlib would raise for a name that no file can have, it says no.
    if name in regimes.shipped() or not os.path.exists(path):
        return regimes.load(name)
    return read_toml(path, Regime)


def _resolved(
    country: Country, folder: Path, trust: Trust, overlays: Sequence[SignedOverlay]
) -> ResolvedRegime:
    from comity.decide import resolve

    places = {
        Signer(origin=authority.origin, key=key.public.spki_sha256): authority.jurisdiction
        for authority in trust.authorities
        for key in authority.keys
    }
    return resolve(read_regime(country.regime, folder), overlays, places.get)


def _read_overlay(path: Path, trust: Trust) -> SignedOverlay:
    verified = read_verified(path, trust)
    if not isinstance(verified.predicate, RegimeOverlay):
        raise InputError("this signed file adopts no regime", where=str(path))
    return SignedOverlay(
        statement=verified.id, signer=signer_of(verified), overlay=verified.predicate
    )


def read_exhibits(paths: Sequence[Path], trust: Trust) -> tuple[Exhibit, ...]:
    """Read signed files that are laid before the decider; other types than assessments too.

    Raises:
        InputError: a file cannot be read.
        RecordError: the proof beside a file does not hold.
        VerificationError: a file does not hold.
    """
    return tuple(exhibit_of(read_verified(path, trust)) for path in paths)


def exhibit_of(verified: Verified) -> Exhibit:
    """A verified statement as it is laid before a decider."""
    predicate = verified.predicate
    return Exhibit(
        statement=verified.id,
        type=verified.predicate_type,
        signer=signer_of(verified),
        assessment=predicate if isinstance(predicate, Assessment) else None,
    )


def read_json(path: Path, kind: type[T]) -> T:
    """Read a JSON file into the struct `kind`.

    Raises:
        InputError: it cannot be read, is not JSON, or a field is wrong.
    """
    try:
        return msgspec.json.decode(read_bytes(path, MAX_JSON_BYTES), type=kind)
    except msgspec.ValidationError as error:
        raise _misfit(error, str(path)) from None
    except ValueError as error:
        raise InputError(f"the file is not JSON: {error}", where=str(path)) from None


def read_toml_or_json(path: Path, kind: type[T]) -> T:
    """Read a file that people write as TOML and programs as JSON; its name says which.

    Raises:
        InputError: it cannot be read, or a field is wrong.
    """
    if path.suffix == ".json":
        return read_json(path, kind)
    return read_toml(path, kind)
