"""What is made equal before texts are compared: an explicit choice, recorded with every result.

1. Case: kept, or folded as Unicode folds it.
2. Unicode: kept, or brought to form C or KC, so that one letter has one spelling.
3. White space: kept, or every run of it is one space, and none stands at either end.

Whoever compares lengths compares them after this: a span of 50 characters is 50 characters of the
text as compared.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

import msgspec

__all__ = ["Normalisation"]

PIECE = 1 << 20
"""A long text is treated in pieces of about this many bytes, so that memory stays bounded."""


class Normalisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The three choices."""

    unicode: Literal["keep", "nfc", "nfkc"] = "nfc"
    whitespace: Literal["keep", "collapse"] = "collapse"
    case: Literal["keep", "fold"] = "keep"

    def __call__(self, data: bytes, *, piece: int = PIECE) -> bytes:
        """The text as it is compared.

        Args:
            data: UTF-8.
            piece: About how many bytes are treated at once; the result does not depend on it.

        Raises:
            UnicodeDecodeError: it is not; `start` counts from the beginning of `data`.
        """
        parts = (self._part(data, start, end) for start, end in _pieces(data, piece))
        if self.whitespace == "collapse":  # every cut stands before white space
            return b" ".join(part for part in parts if part)
        return b"".join(parts)

    @property
    def words(self) -> str:
        """The choice as a person says it."""
        unicode = (
            "Unicode as it is" if self.unicode == "keep" else f"Unicode {self.unicode.upper()}"
        )
        space = (
            "runs of white space as one space"
            if self.whitespace == "collapse"
            else "white space kept"
        )
        return f"{unicode}, {space}, case {'folded' if self.case == 'fold' else 'kept'}"

    def _part(self, data: bytes, start: int, end: int) -> bytes:
        try:
            text = data[start:end].decode()
        except UnicodeDecodeError as error:
            raise UnicodeDecodeError(
                error.encoding, data, start + error.start, start + error.end, error.reason
            ) from None
        if self.case == "fold":
            text = text.casefold()
        if self.unicode == "nfc":
            text = unicodedata.normalize("NFC", text)
        elif self.unicode == "nfkc":
            text = unicodedata.normalize("NFKC", text)
        if self.whitespace == "collapse":
            text = " ".join(text.split())
        return text.encode()


def _pieces(data: bytes, size: int) -> list[tuple[int, int]]:
    """Cut before a line end or a space: neither joins with what stands before it."""
    cuts = [0]
    while len(data) - cuts[-1] > size:
        start, end = cuts[-1] + 1, cuts[-1] + size
        cut = max(data.rfind(b"\n", start, end), data.rfind(b" ", start, end))
        if cut < 0:
            ahead = [at for mark in (b"\n", b" ") if (at := data.find(mark, end)) >= 0]
            if not ahead:
                break
            cut = min(ahead)
        cuts.append(cut)
    return list(zip(cuts, [*cuts[1:], len(data)], strict=True))
