"""Every bundle that a test makes is checked, at the end, by programs that share no code with us."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.independent import peers

# A busy machine is no defect: no test asserts a time.
settings.register_profile("comity", deadline=None)
settings.load_profile("comity")

RecordBundle = Callable[[bytes, str], bytes]


@pytest.fixture(scope="session")
def record_bundle() -> RecordBundle:
    """`record_bundle(bundle, public_pem)` returns the bundle and has it verified at the end."""
    return peers.record


@pytest.fixture(scope="session", autouse=True)
def everybody_verifies_what_we_sign() -> Iterator[None]:
    """Show all recorded bundles to securesystemslib and, where installed, to npm.

    `tests/independent/test_peers.py` says so where npm is not installed.
    """
    yield
    assert peers.securesystemslib_complaints(peers.MADE) == []
    if peers.npm_is_here():
        assert peers.npm_complaints(peers.MADE) == []
