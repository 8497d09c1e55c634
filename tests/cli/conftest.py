"""The small world of `tests.cli.world`, built once and copied for every test that asks for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.world import build


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as it was built; nobody writes here."""
    folder = tmp_path_factory.mktemp("world")
    before = Path.cwd()
    os.chdir(folder)
    try:
        build(folder)
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def world(built_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the world, as the working folder."""
    folder = tmp_path / "world"
    shutil.copytree(built_world, folder)
    monkeypatch.chdir(folder)
    return folder
