"""Bounded reads, located errors, atomic writes: the only place that opens a file.

Hostile files are the normal case, so every read has a limit, only regular files are read, and
every error names the file. A write appears whole or not at all.
"""

from comity.files.append import Appended, append_secret
from comity.files.folder import (
    BUSY,
    lock_folder,
    read_below,
    remove_below,
    too_large,
    write_below,
)
from comity.files.read import (
    MAX_TEXT_BYTES,
    digest_file,
    inside,
    parse_toml,
    read_bytes,
    read_head,
    read_secret,
    read_text,
    read_toml,
    secret_lines,
)
from comity.files.weights import hash_weights, weights_digest
from comity.files.write import (
    make_folder,
    new_secret,
    scratch_file,
    write_atomic,
    write_folder,
)

__all__ = [
    "BUSY",
    "MAX_TEXT_BYTES",
    "Appended",
    "append_secret",
    "digest_file",
    "hash_weights",
    "inside",
    "lock_folder",
    "make_folder",
    "new_secret",
    "parse_toml",
    "read_below",
    "read_bytes",
    "read_head",
    "read_secret",
    "read_text",
    "read_toml",
    "remove_below",
    "scratch_file",
    "secret_lines",
    "too_large",
    "weights_digest",
    "write_atomic",
    "write_below",
    "write_folder",
]
