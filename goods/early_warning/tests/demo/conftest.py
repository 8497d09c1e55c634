"""The made country, written once for all tests of a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from goods.early_warning.demo.coast import country_toml
from goods.early_warning.demo.made import write_inputs, write_observations


@pytest.fixture(scope="session")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Coast: `country.toml`, and `made/` with everything that it names."""
    folder = tmp_path_factory.mktemp("coast")
    write_inputs(folder / "made")
    write_observations(folder / "made")
    text = country_toml(
        desk=0, webhook="https://127.0.0.1:1/alerts", certificates="radio.pem", broker=None
    )
    (folder / "country.toml").write_text(text, encoding="utf-8")
    return folder
