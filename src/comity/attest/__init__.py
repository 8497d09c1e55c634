"""Sign and verify: statements, keys, and whom to trust. Offline, by seven numbered rules.

What is signed is an in-toto Statement v1 in a DSSE envelope in a Sigstore bundle, so that programs
that share no line with Comity can check it with nothing but the public key.
"""

from comity.attest.evidence import (
    Revealed,
    check_revealed,
    commit,
    read_revealed,
    reveal,
)
from comity.attest.keys import (
    PublicKey,
    SigningKey,
    fingerprint_of,
    load_key,
    load_public_key,
    new_key,
    parse_public_key,
    save_key,
)
from comity.attest.schema import schema_of
from comity.attest.sign import sign
from comity.attest.signer import check_origin, load_signer, save_signer
from comity.attest.statement import TYPES, Author, Statement, Subject, authors_of, subjects_of
from comity.attest.trust import (
    Authority,
    Peers,
    Quorum,
    Trust,
    TrustedKey,
    add_to_trust,
    load_trust,
    parse_trust,
)
from comity.attest.verify import MAX_BUNDLE_BYTES, Proven, Verified, named_in, verify
from comity.attest.vkey import NoteKey, parse_vkey

__all__ = [
    "MAX_BUNDLE_BYTES",
    "TYPES",
    "Author",
    "Authority",
    "NoteKey",
    "Peers",
    "Proven",
    "PublicKey",
    "Quorum",
    "Revealed",
    "SigningKey",
    "Statement",
    "Subject",
    "Trust",
    "TrustedKey",
    "Verified",
    "add_to_trust",
    "authors_of",
    "check_origin",
    "check_revealed",
    "commit",
    "fingerprint_of",
    "load_key",
    "load_public_key",
    "load_signer",
    "load_trust",
    "named_in",
    "new_key",
    "parse_public_key",
    "parse_trust",
    "parse_vkey",
    "read_revealed",
    "reveal",
    "save_key",
    "save_signer",
    "schema_of",
    "sign",
    "subjects_of",
    "verify",
]
