"""What is signed: an in-toto Statement v1 whose predicate is one of Comity's structs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

import msgspec

from comity.claims import ASSESSMENT_TYPE, Assessment, Role
from comity.claims.values import Digest

__all__ = [
    "PAYLOAD_TYPE",
    "STATEMENT_TYPE",
    "TYPES",
    "Author",
    "Statement",
    "Subject",
    "SubjectDigest",
    "authors_of",
    "subjects_of",
]

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"

TYPES: Mapping[str, type] = {ASSESSMENT_TYPE: Assessment}
"""The default table of statement types: which struct a predicate of each type must match."""

P = TypeVar("P")


class SubjectDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The digests of a subject; Comity knows one kind."""

    sha256: Digest


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A thing that a statement is about. The digest names it; the name is for people."""

    name: Annotated[str, msgspec.Meta(max_length=1001)]
    digest: SubjectDigest


class Statement(
    msgspec.Struct,
    Generic[P],
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"kind": "_type", "predicate_type": "predicateType"},
):
    """An in-toto Statement v1: subjects, and what is said about them."""

    kind: Literal["https://in-toto.io/Statement/v1"] = STATEMENT_TYPE
    subject: tuple[Subject, ...]
    predicate_type: str
    predicate: P


@singledispatch
def subjects_of(predicate: Any) -> tuple[Subject, ...]:
    """The subjects of a statement with this predicate; verification derives them again.

    A folder that adds a statement type registers its own.
    """
    raise TypeError(f"no subjects are defined for {type(predicate).__name__}")


@subjects_of.register
def _(predicate: Assessment) -> tuple[Subject, ...]:
    system, data = predicate.system, predicate.data
    return (
        Subject(name=f"{system.name}@{system.version}", digest=SubjectDigest(sha256=system.digest)),
        Subject(name=data.name, digest=SubjectDigest(sha256=data.digest)),
    )


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign a statement, as far as the statement itself says.

    Attributes:
        origin: Who.
        role: In which role; null where the statement names none.
        key: SHA-256 of the one key (SPKI) that it names; null: any that trust gives the origin.
    """

    origin: str
    role: Role | None = None
    key: str | None = None


@singledispatch
def authors_of(predicate: Any) -> tuple[Author, ...]:
    """Who may have signed a statement with this predicate: one of these.

    A folder that adds a statement type registers its own.
    """
    raise TypeError(f"no author is defined for {type(predicate).__name__}")


@authors_of.register
def _(predicate: Assessment) -> tuple[Author, ...]:
    return (Author(origin=predicate.assessor.origin, role=predicate.assessor.role),)
