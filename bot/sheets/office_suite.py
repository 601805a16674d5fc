"""LibreOffice, where it is installed: it makes a PDF of sheets, in a folder that is removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")


class SuiteFailed(Exception):
    """LibreOffice is not there, ended without a file, or took too long."""


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def pdf_of(sheets: bytes, *, timeout_seconds: float) -> bytes:
    """The pages of a flat OpenDocument sheet as PDF. Raises SuiteFailed.

    It runs in this process's group and ends with it; so do its files (bot.sheets.child).
    """
    found = program()
    if found is None:
        raise SuiteFailed
    with tempfile.TemporaryDirectory(prefix="kaikaku-") as folder:
        source = Path(folder, "form.fods")
        source.write_bytes(sheets)
        try:
            subprocess.run(
                [*_command(found, folder), str(source)],
                check=True,
                timeout=timeout_seconds,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # it would tell what stands in the file
            )
            return source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError):
            raise SuiteFailed from None


def _command(found: str, folder: str) -> list[str]:
    """Without window, without what other runs left behind, and with a profile of its own."""
    return [
        found,
        f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "pdf:calc_pdf_Export", "--outdir", folder),
    ]


def _environment(folder: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "TMPDIR": folder}
