"""What Comity signs, others verify; what was tampered with, they refuse as we do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from comity.attest import new_key
from tests.attest.example import KEY, signed
from tests.independent import peers
from tests.parts import absent, require

BUNDLE = signed()
OTHER = new_key().public.pem
TAMPERED = BUNDLE.replace(b'"payload":"eyJfd', b'"payload":"eyJfe')

PEERS = {
    "npm @sigstore/verify": peers.npm_complaints,
    "securesystemslib": peers.securesystemslib_complaints,
}


@pytest.mark.parametrize("name", PEERS)
def test_peer_agrees_with_us(name: str) -> None:
    if name.startswith("npm") and not peers.npm_is_here():
        absent("npm's @sigstore/verify", "python tests/independent/install.py")
    assert BUNDLE != TAMPERED
    pairs = [(BUNDLE, KEY.public.pem), (BUNDLE, OTHER), (TAMPERED, KEY.public.pem)]
    complaints = PEERS[name](pairs)
    assert [line.partition(":")[0] for line in complaints] == ["line 2", "line 3"]


def test_the_command_by_hand_says_which_file_holds(tmp_path: Path) -> None:
    node = require("node", "apt-get install nodejs")
    if not peers.npm_is_here():
        absent("npm's @sigstore/verify", "python tests/independent/install.py")
    bundle, good, bad = tmp_path / "a.sigstore.json", tmp_path / "a.pub", tmp_path / "b.pub"
    bundle.write_bytes(BUNDLE)
    good.write_text(KEY.public.pem)
    bad.write_text(OTHER)

    def run(*words: Path) -> subprocess.CompletedProcess[str]:
        script = peers.FOLDER / "verify.mjs"
        return subprocess.run([node, script, *words], capture_output=True, text=True, check=False)

    holds = run(bundle, good)
    assert holds.returncode == 0
    assert holds.stdout == f"{bundle}: holds, https://comity.example/assessment/v1\n"
    refused = run(bundle, bad)
    assert refused.returncode == 1
    assert "DOES NOT HOLD: the file names another key" in refused.stdout
    assert run(bundle).returncode == 2


def test_the_lock_file_pins_digests_and_names_no_download_address() -> None:
    lock = (peers.FOLDER / "package-lock.json").read_text()
    assert "://" not in lock
    assert lock.count('"integrity": "sha512-') == 7
