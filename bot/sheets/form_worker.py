"""The child process that makes the official form: a request on stdin, the file on stdout."""

from __future__ import annotations

import sys

from bot.sheets.form_export import decode, write_form


def main() -> None:
    """Answer one request and end."""
    sys.stdout.buffer.write(write_form(*decode(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
