"""The regimes that ship with Comity: requirements as data, one TOML file per framework.

Files beside this one may decide. Those under `map/` say what a framework asks for, and decide
nothing.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from comity.claims.regime import Regime
from comity.errors import InputError
from comity.files import read_toml

__all__ = ["deciding", "load", "mapped", "shipped"]


@cache
def _found() -> tuple[dict[str, Traversable], dict[str, Traversable]]:
    """The shipped files by id: those that may decide, and the map."""
    here = files(__name__)

    def named(folder: Traversable) -> dict[str, Traversable]:
        names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
        return {name.removesuffix(".toml"): folder / name for name in names}

    return named(here), named(here / "map")


def deciding() -> list[str]:
    """Ids of the regimes that may decide, sorted."""
    return list(_found()[0])


def mapped() -> list[str]:
    """Ids of the regimes of the map, sorted. None of them has a mark."""
    return list(_found()[1])


def shipped() -> list[str]:
    """Ids of all regimes: first those that may decide, then the map."""
    return [*deciding(), *mapped()]


def load(name: str) -> Regime:
    """Read a shipped regime.

    Raises:
        InputError: there is none of this id.
    """
    both = _found()
    file = both[0].get(name) or both[1].get(name)
    if file is None:
        close = get_close_matches(name, shipped(), n=1)
        raise InputError(
            f"no regime {name!r} ships with Comity",
            hint=f"Did you mean {close[0]}?" if close else "`comity regimes list` names them all.",
        )
    with as_file(file) as path:
        return read_toml(path, Regime)
