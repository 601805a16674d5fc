"""The command `kaikaku`, one module a noun."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code. Wrong usage ends the process with code 2."""
    parser = argparse.ArgumentParser(prog="kaikaku")
    parser.parse_args(argv)
    parser.print_help()
    return 0
