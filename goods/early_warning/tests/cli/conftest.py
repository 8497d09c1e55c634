"""The made country, built once and copied for every test that asks for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from goods.early_warning.tests.cli import world


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The country as it was built; nobody writes here."""
    return world.build(tmp_path_factory.mktemp("built"))


@pytest.fixture
def made(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Its `country.toml`, in a copy that is the working folder."""
    folder = tmp_path / "made"
    shutil.copytree(built.parent, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("EARLY_WARNING_PASSPHRASE", world.SECRET)
    return "country.toml"
