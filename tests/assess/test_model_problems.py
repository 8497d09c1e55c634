"""Wrong and hostile models: one sentence each, and nothing of the reader's is opened or run."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression

from comity.assess import load_card
from comity.assess.clock import SystemClock
from comity.assess.systems.model.external import MalformedError, has_external_data
from comity.assess.systems.model.run import run_model
from comity.errors import InputError
from tests.assess.models import (
    MODEL,
    PREDICTIONS,
    exported,
    matrix,
    people,
    run_card,
    write_inputs,
    write_model_card,
)

GOOD = exported(LogisticRegression().fit(matrix(people()), people()["sick"]))


class Harmful:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (Path("was_run"),)


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", content)
    return buffer.getvalue()


def graph(
    nodes: list[onnx.NodeProto], *weights: onnx.TensorProto, outputs: int = 2, domain: str = ""
) -> bytes:
    """A model from `X`, three numbers, to `probabilities`."""
    ports = [
        helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 3]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, outputs]),
    ]
    made = helper.make_graph(nodes, "g", ports[:1], ports[1:], list(weights))
    opsets = [helper.make_opsetid("", 17)]
    if domain:
        opsets.append(helper.make_opsetid(domain, 1))
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=9).SerializeToString())


def outside(location: str) -> onnx.TensorProto:
    """Weights that stand in another file."""
    tensor = numpy_helper.from_array(np.ones((3, 2), np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "24")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


PRODUCT = helper.make_node("MatMul", ["X", "w"], ["probabilities"])


def outside_in_a_branch(location: str) -> bytes:
    """ONNX Runtime opens such a file, even when it is handed bytes."""
    branches = {
        f"{name}_branch": helper.make_graph(
            [helper.make_node("MatMul", ["X", "w"], [f"out_{name}"])],
            name,
            [],
            [helper.make_tensor_value_info(f"out_{name}", TensorProto.FLOAT, [None, 2])],
            [outside(location)],
        )
        for name in ("then", "else")
    }
    choice = helper.make_node("If", ["c"], ["probabilities"], **branches)
    return graph([choice], numpy_helper.from_array(np.array(True), "c"))


def outside_in_a_constant(location: str) -> bytes:
    return graph([helper.make_node("Constant", [], ["w"], value=outside(location)), PRODUCT])


def write(folder: Path, onnx_file: bytes, **card: str) -> Path:
    (folder / "model.onnx").write_bytes(onnx_file)
    write_inputs(folder / "people.csv", people(200))
    return write_model_card(folder, **card)


EXTERNAL = "keeps weights in other files"


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        pytest.param(b"", "no complete ONNX", id="an empty file"),
        pytest.param(GOOD[:-40], "no complete ONNX", id="a truncated file"),
        pytest.param(GOOD[:100], "no complete ONNX", id="the beginning of a file"),
        pytest.param(b"location " + GOOD, "no complete ONNX", id="no ONNX that says location"),
        pytest.param(pickle.dumps(Harmful()), "a Python pickle", id="a pickle"),
        pytest.param(zipped(pickle.dumps(Harmful())), "an archive", id="a pickle in an archive"),
        pytest.param(b"ORTM" + bytes(100), "no complete ONNX", id="ONNX Runtime's own format"),
        pytest.param(graph([PRODUCT], outside("w.bin")), EXTERNAL, id="weights beside it"),
        pytest.param(graph([PRODUCT], outside("../w.bin")), EXTERNAL, id="weights above it"),
        pytest.param(graph([PRODUCT], outside("/etc/passwd")), EXTERNAL, id="an absolute path"),
        pytest.param(
            graph([PRODUCT], outside("*/_ORT_MEM_ADDR_/*")), EXTERNAL, id="an address in memory"
        ),
        pytest.param(outside_in_a_branch("w.bin"), EXTERNAL, id="weights in a branch"),
        pytest.param(outside_in_a_constant("w.bin"), EXTERNAL, id="weights in a constant"),
        pytest.param(
            graph(
                [helper.make_node("Evil", ["X"], ["probabilities"], domain="evil")], domain="evil"
            ),
            "operator|cannot be loaded",
            id="an operator of its own",
        ),
        pytest.param(
            graph([helper.make_node("ReduceSum", ["X"], ["probabilities"], keepdims=0)]),
            "one answer for each row|cannot be loaded",
            id="one answer for all rows",
        ),
    ],
)
def test_a_hostile_model_gets_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: bytes, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.bin").write_bytes(np.ones(6, np.float32).tobytes())
    card = write(tmp_path, model)
    with pytest.raises(InputError, match=sentence) as caught:
        run_card(card)
    assert "model.onnx" in caught.value.where
    assert not (tmp_path / "was_run").exists()


@pytest.mark.parametrize(
    ("model", "predictions", "field", "sentence"),
    [
        pytest.param(
            MODEL.replace('["heat", "load", "female"]', '{Y = ["heat", "load", "female"]}'),
            PREDICTIONS, "model.features", "no input 'Y'", id="a wrong input name",
        ),
        pytest.param(
            MODEL.replace('["heat", "load", "female"]', '["heat", "load"]'),
            PREDICTIONS, "model.features", "takes 3 features, and the card gives 2",
            id="too few features",
        ),
        pytest.param(
            MODEL.replace('"heat"', '"heart"'), PREDICTIONS, "model.features",
            "no column 'heart'", id="a feature that is no column",
        ),
        pytest.param(
            MODEL.replace('"heat"', '"part"'), PREDICTIONS, "model.features",
            "are no numbers, the first is 'train'", id="text for a number",
        ),
        pytest.param(
            MODEL.replace('"heat"', '"sick"'), PREDICTIONS, "model.features",
            "is the truth", id="the truth as a feature",
        ),
        pytest.param(
            MODEL.replace('"heat"', '"load"'), PREDICTIONS, "model.features",
            "given twice", id="a feature twice",
        ),
        pytest.param(
            MODEL.replace('"probabilities"', '"scores"'), PREDICTIONS, "model.score_output",
            "no output 'scores'", id="a wrong output name",
        ),
        pytest.param(
            MODEL.replace("class_index = 1", "class_index = 2"), PREDICTIONS, "model.class_index",
            "there is no number 2", id="a class that is not there",
        ),
        pytest.param(
            MODEL.replace("class_index = 1\n", ""), PREDICTIONS, "model.score_output",
            "2 scores for each row", id="two scores and no class",
        ),
        pytest.param(
            MODEL.partition("score_output")[0], PREDICTIONS.replace("cut_off = 0.5\n", ""),
            "model", "which output", id="no output named",
        ),
        pytest.param(
            MODEL, PREDICTIONS + 'score = "s"\n', "predictions.score",
            "makes the predictions itself", id="a score column too",
        ),
        pytest.param(
            MODEL.replace('inputs = "people.csv"\n', ""), PREDICTIONS, "model.inputs",
            "names no table", id="no inputs",
        ),
        pytest.param(
            MODEL.replace("model.onnx", "../model.onnx"), PREDICTIONS, "model.file",
            "leaves the folder", id="a model elsewhere",
        ),
        pytest.param(
            MODEL, PREDICTIONS.replace('"sick"', '"part"'), "predictions.truth",
            "positive class '1' never occurs", id="a truth without the positive class",
        ),
        pytest.param(
            MODEL, PREDICTIONS.replace('"person"', '"female"').replace('["female"]', "[]"),
            "model.features", "identifier", id="the identifier as a feature",
        ),
    ],
)  # fmt: skip
def test_a_card_that_does_not_fit_the_model_is_told(
    tmp_path: Path, model: str, predictions: str, field: str, sentence: str
) -> None:
    card = write(tmp_path, GOOD, model=model, predictions=predictions)
    with pytest.raises(InputError, match=sentence) as caught:
        run_card(card)
    assert f"field {field}" in caught.value.where
    assert "comity-" not in str(caught.value), "no working file is named"


def test_a_repeated_identifier_is_told_of_the_inputs(tmp_path: Path) -> None:
    card = write(tmp_path, GOOD)
    table = people(200)
    table["person"][5] = 4
    write_inputs(tmp_path / "people.csv", table)
    with pytest.raises(InputError, match="stand more than once") as caught:
        run_card(card)
    assert str(tmp_path / "people.csv") in caught.value.where


def test_a_model_that_never_ends_is_stopped(tmp_path: Path) -> None:
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["c_in"], ["c_out"]),
            helper.make_node("Add", ["s_in", "one"], ["s_out"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("c_in", TensorProto.BOOL, []),
            helper.make_tensor_value_info("s_in", TensorProto.FLOAT, [None, 3]),
        ],
        [
            helper.make_tensor_value_info("c_out", TensorProto.BOOL, []),
            helper.make_tensor_value_info("s_out", TensorProto.FLOAT, [None, 3]),
        ],
    )
    loop = helper.make_node("Loop", ["", "yes", "X"], ["probabilities"], body=body)
    model = graph(
        [loop],
        numpy_helper.from_array(np.array(True), "yes"),
        numpy_helper.from_array(np.ones(3, np.float32), "one"),
        outputs=3,
    )
    card = load_card(write(tmp_path, model))
    with (
        pytest.raises(InputError, match="took too long"),
        run_model(card, SystemClock(), tmp_path, seconds=0.5),
    ):
        pass


def test_a_feature_called_location_is_no_other_file() -> None:
    made = graph([PRODUCT], numpy_helper.from_array(np.ones((3, 2), np.float32), "w"))
    named = made.replace(b"probabilities", b"location_area")
    assert b"location" in named
    assert not has_external_data(named)
    assert not has_external_data(GOOD)


def test_whatever_is_cut_or_changed_the_search_for_other_files_ends_in_an_answer() -> None:
    model = outside_in_a_branch("w.bin")
    rng = np.random.default_rng(1)
    for _ in range(2000):
        changed = bytearray(model[: int(rng.integers(1, len(model) + 1))])
        changed[int(rng.integers(len(changed)))] = int(rng.integers(256))
        try:
            assert has_external_data(bytes(changed)) in (True, False)
        except MalformedError as error:
            assert str(error)


def test_without_onnx_runtime_the_part_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from comity.errors import MissingPartError

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingPartError, match="ONNX Runtime"):
        run_card(write(tmp_path, GOOD))
