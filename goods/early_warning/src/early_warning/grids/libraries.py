"""The C libraries behind this package, loaded late and named when absent.

ecCodes, GEOS (shapely) and netCDF read foreign bytes in C. They are loaded at the first use, so
that what needs none of them starts fast.
"""

from __future__ import annotations

import importlib
import sqlite3  # noqa: F401 - before ecCodes, which brings an old SQLite that would be taken for it
from functools import cache
from typing import Any

from comity.errors import MissingPartError

__all__ = ["library"]


@cache
def library(name: str) -> Any:
    """The module `name`.

    Raises:
        MissingPartError: it is not installed here.
    """
    try:
        return importlib.import_module(name)
    except (ImportError, RuntimeError):  # ecCodes raises RuntimeError without its C library
        raise MissingPartError(
            f"{name} is not installed here", hint=f"Install it: pip install {name}"
        ) from None
