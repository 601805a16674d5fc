"""What a PDF may hold at most, looked at before it is parsed: how large its streams unpack.

The parser itself unpacks whatever it is given; pages and letters are counted while it reads.
"""

from __future__ import annotations

import re
import zlib

from bot.domain.plans import SheetRefused

MAX_PAGES = 600  # 145 items of 3,000 characters take 450
MAX_MARKS = 20_000  # letters of one page
MAX_RULES = 5_000  # lines and boxes of one page; finding tables takes their square
MAX_UNPACKED = 100 * 1024 * 1024
_MAX_STREAMS = 20_000

_STEP = 64 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_TOO_BIG = "展開すると大きすぎるPDFです。もとのファイル(.xlsx、.docx)を取り込んでください。"


def check_paper(data: bytes) -> None:
    """Look a PDF over. Raises SheetRefused for one that unpacks to what no form can be."""
    left = MAX_UNPACKED
    for count, match in enumerate(_STREAM.finditer(data), start=1):
        left -= _unpacked_size(memoryview(data)[match.end() :], left)
        if left < 0 or count > _MAX_STREAMS:
            raise SheetRefused((), _TOO_BIG)


def _unpacked_size(packed: memoryview, most: int) -> int:
    """What a stream unpacks to, counted up to a little over ``most``; 0 for one not packed."""
    unpacking = zlib.decompressobj()
    size = 0
    for start in range(0, len(packed), _STEP):
        rest: bytes | memoryview = packed[start : start + _STEP]
        while rest and not unpacking.eof and size <= most:
            try:
                size += len(unpacking.decompress(rest, _STEP * 16))
            except zlib.error:
                return size
            rest = unpacking.unconsumed_tail
        if unpacking.eof or size > most:
            break
    return size
