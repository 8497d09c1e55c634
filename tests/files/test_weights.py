"""The digest of a model is the one that OpenSSF model-signing signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import InputError
from comity.files import hash_weights, weights_digest
from tests.parts import absent

try:
    from model_signing import hashing
    from model_signing._signing.signing import Payload
except ImportError:  # pragma: no cover
    absent("model-signing", "pip install model-signing")


def theirs(path: Path) -> str:
    """The subject of the statement that model-signing would sign."""
    subject = Payload(hashing.hash(path)).statement.pb.subject[0]
    return str(subject.digest["sha256"])


def ours(path: Path) -> str:
    return weights_digest(hash_weights(path))


def one_file(folder: Path) -> Path:
    path = folder / "model.onnx"
    path.write_bytes(b"weights")
    return path


def a_folder(folder: Path) -> Path:
    """Names whose order differs by text and by path, hidden files, and git's own files."""
    model = folder / "model"
    for name in (
        "model.onnx", "a/b.bin", "a-b.bin", "a.bin", "A.bin", "é/x", ".hidden", "a/.git/kept",
        ".git/config", ".gitignore", ".github/x", ".gitattributes", "deep/er/and/deeper/w",
    ):  # fmt: skip
        (model / name).parent.mkdir(parents=True, exist_ok=True)
        (model / name).write_bytes(name.encode())
    (model / "empty").mkdir()
    return model


@pytest.mark.parametrize("make", [one_file, a_folder])
def test_the_digest_is_that_of_model_signing(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    model = make(tmp_path)
    assert ours(model) == theirs(model)


def test_every_file_counts_except_those_of_git(tmp_path: Path) -> None:
    model = a_folder(tmp_path)
    before = ours(model)
    (model / ".git" / "config").write_bytes(b"changed")
    assert ours(model) == before
    (model / "a" / ".git" / "kept").write_bytes(b"changed")
    assert ours(model) != before


@pytest.mark.parametrize("inside", ["file", "folder"])
def test_a_link_in_a_model_is_refused(tmp_path: Path, inside: str) -> None:
    model = a_folder(tmp_path)
    target = tmp_path / "elsewhere"
    target.mkdir() if inside == "folder" else target.write_bytes(b"x")
    (model / "link").symlink_to(target)
    with pytest.raises(InputError, match="holds no links"):
        hash_weights(model)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(InputError, match="holds no files"):
        hash_weights(tmp_path / "model")
