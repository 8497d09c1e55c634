"""Bounded reads, located errors, atomic writes: the only place that opens a file.

Hostile files are the normal case, so every read has a limit, only regular files are read, and
every error names the file. A write appears whole or not at all.
"""

from comity.files.read import (
    MAX_TEXT_BYTES,
    digest_file,
    inside,
    parse_toml,
    read_bytes,
    read_secret,
    read_text,
    read_toml,
)
from comity.files.write import make_folder, write_atomic, write_folder

__all__ = [
    "MAX_TEXT_BYTES",
    "digest_file",
    "inside",
    "make_folder",
    "parse_toml",
    "read_bytes",
    "read_secret",
    "read_text",
    "read_toml",
    "write_atomic",
    "write_folder",
]
