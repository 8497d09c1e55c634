"""The card of a language model: few lines are enough, and every mistake is named with its field."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from comity.assess import QuestionCard, load_card, open_card
from comity.assess.systems.endpoint.model import Endpoint
from comity.errors import InputError
from comity.files import hash_weights, weights_digest
from tests.assess.endpoint.world import ENOUGH, write_card


def endpoint(folder: Path, lines: str, **more: str) -> Endpoint:
    card = open_card(write_card(folder, lines, **more))
    assert isinstance(card, QuestionCard)
    return card.endpoint


def test_two_lines_are_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    found = endpoint(tmp_path, ENOUGH)
    assert (found.url, found.model, found.key_env) == ("http://127.0.0.1:9/v1", "m", None)
    assert found.decoding.labels == {"temperature": "0"}
    assert (found.base, found.risks, found.languages) == (False, (), ("en",))
    assert (found.ceiling.tokens, found.prices) == (None, None)


def test_the_system_is_generative_and_bound_by_its_address(tmp_path: Path) -> None:
    card = open_card(write_card(tmp_path, ENOUGH))
    assert card.system.kind == "generative"
    assert card.system.identity.binding == "endpoint"


def test_languages_are_those_of_the_system_unless_the_table_names_others(tmp_path: Path) -> None:
    ours = 'languages = ["sw", "en"]\n'
    assert endpoint(tmp_path, ENOUGH, before=ours).languages == ("sw", "en")
    assert endpoint(tmp_path, ENOUGH + 'languages = ["fr"]\n', before=ours).languages == ("fr",)
    assert endpoint(tmp_path, ENOUGH + "languages = []\n", before=ours).languages == ()


@pytest.mark.parametrize("written", ["0.7", '"0.70"', '"7e-1"'])
def test_a_temperature_is_the_same_text_however_it_is_written(tmp_path: Path, written: str) -> None:
    found = endpoint(tmp_path, ENOUGH + f"temperature = {written}\n")
    assert found.decoding.labels == {"temperature": "0.7"}


def test_prices_and_ceiling_are_exact(tmp_path: Path) -> None:
    lines = (
        'prices = {input = 0.1, output = 0.3, currency = "EUR"}\n'
        "ceiling = {requests = 10, tokens = 20, cost = 0.3}\n"
    )
    found = endpoint(tmp_path, ENOUGH + lines)
    assert found.prices is not None
    assert found.prices.cost(2_000_000, 1_000_000) == Decimal("0.5")
    assert found.ceiling.cost == Decimal("0.3")


@pytest.mark.parametrize("field", ["url", "model", "system_prompt"])
def test_the_identity_is_of_address_model_and_system_prompt(tmp_path: Path, field: str) -> None:
    lines = {"url": "http://127.0.0.1:9/v1", "model": "m", "system_prompt": "Be short."}

    def digest(values: dict[str, str]) -> str | None:
        text = "".join(f'{name} = "{value}"\n' for name, value in values.items())
        return open_card(write_card(tmp_path, text)).system.identity.digest

    assert digest(lines) != digest({**lines, field: lines[field] + "x"})
    assert digest(lines) == digest(lines)


def test_pace_and_decoding_are_no_part_of_the_identity(tmp_path: Path) -> None:
    one, other = (
        open_card(write_card(tmp_path, ENOUGH + more)).system.identity
        for more in ("", "concurrency = 3\ntemperature = 1\n")
    )
    assert one == other


def test_weights_bind_the_system_by_their_digest(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    card = open_card(write_card(tmp_path, 'weights = "model.gguf"\nbase = true\n', table="local"))
    identity = card.system.identity
    digest = weights_digest(hash_weights(tmp_path / "model.gguf"))
    assert (identity.binding, identity.digest) == ("weights", digest)


@pytest.mark.parametrize(
    ("lines", "field", "sentence"),
    [
        pytest.param('model = "m"\n', "endpoint", "`url`", id="no address"),
        pytest.param(
            'url = "ftp://x/v1"\nmodel = "m"\n', "endpoint.url", "no URL that begins", id="no http"
        ),
        pytest.param(
            'url = "http://[::1/v1"\nmodel = "m"\n', "endpoint.url", "no URL", id="no URL at all"
        ),
        pytest.param(
            'url = "https://me:secret@x/v1"\nmodel = "m"\n',
            "endpoint.url",
            "holds a name or a password",
            id="a password in the address",
        ),
        pytest.param(
            'url = "https://x/v1?key=secret"\nmodel = "m"\n',
            "endpoint.url",
            "holds nothing after it",
            id="a query in the address",
        ),
        pytest.param(
            'url = "https://x/v1/chat/completions"\nmodel = "m"\n',
            "endpoint.url",
            "Comity adds the rest",
            id="the whole path",
        ),
        pytest.param(
            ENOUGH + 'key_env = "sk-123"\n', "endpoint.key_env", "not allowed", id="a key itself"
        ),
        pytest.param(
            ENOUGH + "temprature = 1\n", "endpoint", "`temprature`", id="a misspelt field"
        ),
        pytest.param(
            ENOUGH + "temperature = -1\n", "endpoint.temperature", "at least 0", id="cold"
        ),
        pytest.param(ENOUGH + "temperature = 3\n", "endpoint.temperature", "at most 2", id="hot"),
        pytest.param(ENOUGH + "top_p = 1.5\n", "endpoint.top_p", "at most 1", id="top_p over 1"),
        pytest.param(
            ENOUGH + 'temperature = "warm"\n',
            "endpoint.temperature",
            "no decimal|not a decimal",
            id="a temperature in words",
        ),
        pytest.param(
            ENOUGH + "concurrency = 0\n", "endpoint.concurrency", ">= 1", id="nobody asks"
        ),
        pytest.param(
            ENOUGH + "ceiling = {cost = 5}\n",
            "endpoint.ceiling.cost",
            "needs prices",
            id="a cost without prices",
        ),
        pytest.param(
            ENOUGH + 'base = true\nsystem_prompt = "Be kind."\n',
            "endpoint.system_prompt",
            "base model",
            id="a base model with a system prompt",
        ),
        pytest.param(
            ENOUGH + '[local]\nweights = "m.gguf"\n', "", r"no table \[local\]", id="both kinds"
        ),
        pytest.param(
            ENOUGH + '[predictions]\ntruth = "t"\n',
            "",
            r"no table \[predictions\]",
            id="questions and predictions",
        ),
        pytest.param(
            ENOUGH + '[identity]\nbinding = "weights"\n',
            "identity",
            "follows from how the model is reached",
            id="an identity of its own",
        ),
    ],
)
def test_a_mistake_is_named_with_its_field(
    tmp_path: Path, lines: str, field: str, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        open_card(write_card(tmp_path, lines))
    assert caught.value.where.endswith(f"field {field}" if field else "model.toml")
    assert "secret" not in str(caught.value)


def test_own_passages_are_read_from_a_file_beside_the_card(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text('"One\\ntwo."\n\n"Three."\n')
    found = endpoint(tmp_path, ENOUGH + 'passages = "own.jsonl"\n')
    assert found.passages == ("One\ntwo.", "Three.")


@pytest.mark.parametrize(
    ("written", "place", "sentence"),
    [
        ("", "field endpoint.passages", "holds no text"),
        ('"One."\nTwo.\n', "own.jsonl, line 2", "one text in quotation marks"),
        ('"One."\n["Two."]\n', "own.jsonl, line 2", "one text in quotation marks"),
    ],
)
def test_passages_of_another_form_are_named_with_their_line(
    tmp_path: Path, written: str, place: str, sentence: str
) -> None:
    (tmp_path / "own.jsonl").write_text(written)
    with pytest.raises(InputError, match=sentence) as caught:
        endpoint(tmp_path, ENOUGH + 'passages = "own.jsonl"\n')
    assert caught.value.where.endswith(place)


def test_the_electricitys_carbon_has_a_source(tmp_path: Path) -> None:
    found = endpoint(tmp_path, ENOUGH + 'grid = {grams_per_kwh = 56.0, source = "France, 2024"}\n')
    assert found.grid is not None and found.grid.source == "France, 2024"
    with pytest.raises(InputError, match="source"):
        endpoint(tmp_path, ENOUGH + "grid = {grams_per_kwh = 56.0}\n")


def test_weights_stand_beside_the_card(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leaves the folder"):
        open_card(write_card(tmp_path, 'weights = "../m.gguf"\n', table="local"))


def test_a_name_that_no_file_can_have_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="File name too long"):
        open_card(write_card(tmp_path, f'weights = "{"m" * 300}"\n', table="local"))


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_card(write_card(tmp_path, 'weights = "m.gguf"\n', table="local"))


def test_a_language_model_has_no_table(tmp_path: Path) -> None:
    path = write_card(tmp_path, ENOUGH)
    with pytest.raises(InputError, match="has no table"):
        open_card(path, tmp_path / "p.csv")
    with pytest.raises(InputError, match="language model"):
        load_card(path)


@pytest.mark.parametrize(
    ("url", "unencrypted"),
    [
        ("http://127.0.0.1:8000/v1", False),
        ("http://[::1]:8000/v1", False),
        ("http://localhost/v1", False),
        ("https://models.example/v1", False),
        ("http://models.example/v1", True),
        ("http://localhost.example/v1", True),
    ],
)
def test_what_travels_unencrypted_is_known(tmp_path: Path, url: str, unencrypted: bool) -> None:
    assert endpoint(tmp_path, f'url = "{url}"\nmodel = "m"\n').unencrypted is unencrypted
