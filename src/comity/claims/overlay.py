"""An overlay: how an authority adopts a regime, and what it alters."""

from __future__ import annotations

import msgspec

from comity.claims.assessment import TYPE_BASE, Origin
from comity.claims.regime import Mark, Requirement, Signer, Source
from comity.claims.values import DecimalText, Digest, Key, LongText, Text

__all__ = [
    "REGIME_TYPE",
    "Add",
    "Drop",
    "Operation",
    "RegimeOverlay",
    "Replace",
    "SignedOverlay",
    "Tighten",
    "Verify",
]

REGIME_TYPE = f"{TYPE_BASE}regime/v1"


class _Operation(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="operation"
):
    """One change; TOML and JSON name it in the field `operation`."""


class Verify(_Operation, tag="verify", frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The authority has read the number in the source text, and it is this one."""

    requirement: Key
    value: DecimalText
    source: Source


class Tighten(_Operation, tag="tighten", frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mark that is at least as hard to meet in every respect, and in one harder."""

    requirement: Key
    mark: Mark
    reason: LongText


class Replace(_Operation, tag="replace", frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another requirement under the same id."""

    requirement: Requirement
    reason: LongText


class Drop(_Operation, tag="drop", frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The requirement does not apply here."""

    requirement: Key
    reason: LongText


class Add(_Operation, tag="add", frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A local requirement."""

    requirement: Requirement
    reason: LongText


Operation = Verify | Tighten | Replace | Drop | Add


class RegimeOverlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `regime` statement: how a jurisdiction adopts a regime, and alters it.

    Attributes:
        base: Digest of the flat regime that the authority saw: the base, or the base with the
            overlays before this one.
        authority: Who adopts; must be the signer.
        jurisdiction: Where the result applies; trust must bind the signer to it.
        title: A few words.
        operations: The changes, in order.
    """

    base: Digest
    authority: Origin
    jurisdiction: Key
    title: Text
    operations: tuple[Operation, ...]


class SignedOverlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An overlay whose signature was verified: the statement's digest and who signed it."""

    statement: Digest
    signer: Signer
    overlay: RegimeOverlay
