"""From which account of this computer a request comes.

Browsers give the cookies of a computer to all of its ports. So whoever has another account here,
and a page on another port, gets a forecaster's cookie as soon as the forecaster's browser opens
that page. The kernel knows whose each connection is (Linux: proc_pid_net(5), `/proc/net/tcp`), so
that a session can be kept to the account that began it. Elsewhere nobody's account is known.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Final

from comity import files
from comity.errors import InputError

__all__ = ["account_of"]

Address = tuple[str, int]
"""A numeric address and a port."""

MAX_TABLE: Final = 100_000_000
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_MAPPED: Final = bytes(10) + b"\xff\xff"
"""Before an IPv4 address that a program of IPv6 uses (RFC 4291, 2.5.5.2)."""


def account_of(client: Address, server: Address) -> int | None:
    """The number of the account whose program holds the client's end of a connection.

    Args:
        client: The client's end.
        server: The desk's end.

    Returns:
        Null where the kernel does not tell, or the client's end is closed already.
    """
    wanted = {tuple(pair) for pair in zip(_written(client), _written(server), strict=False)}
    for table in _TABLES:
        try:
            lines = files.read_bytes(table, MAX_TABLE).decode("ascii", "replace").splitlines()
        except InputError:
            continue
        for line in lines[1:]:
            fields = line.split()
            if tuple(fields[1:3]) in wanted:
                return int(fields[7])
    return None


def _written(address: Address) -> list[str]:
    """An address as the tables write it: words in the order of this machine, then the port."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    packed = socket.inet_pton(family, host)
    forms = [packed] if family == socket.AF_INET6 else [packed, _MAPPED + packed]
    return [f"{_words(one)}:{port:04X}" for one in forms]


def _words(packed: bytes) -> str:
    words = (packed[place : place + 4] for place in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words)
