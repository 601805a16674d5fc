"""Bytes to text: UTF-8 with or without BOM, UTF-16 as Excel saves it, else Shift_JIS."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str | None:
    """The text of a file, or None when it is in none of the encodings offices use."""
    encodings = [name for bom, name in _BOMS if data.startswith(bom)] or ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
