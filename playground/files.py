"""Files: uploaded in three steps, described, and downloaded with a token."""

from __future__ import annotations

from dataclasses import dataclass

from playground.rules import Json

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class File:
    """A file; before `complete` nobody but its uploader knows of it."""

    id: str
    name: str
    length: int
    user: str
    title: str = ""
    alt: str = ""  # what a screen reader says in place of a picture
    content: bytes | None = None
    complete: bool = False
    channels: tuple[str, ...] = ()

    @property
    def mimetype(self) -> str:
        """What it is, by its content: a picture or anything else."""
        picture = (self.content or b"").startswith(PNG)
        return "image/png" if picture else "application/octet-stream"

    def describe(self, base_url: str) -> Json:
        """The file object of the Web API; `base_url` is the server's own address."""
        url = f"{base_url}files-pri/{self.id}/{self.name}"
        kind = self.name.rpartition(".")[2].lower()
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "filetype": kind,
            "mimetype": self.mimetype,
            "size": len(self.content or b""),
            **({"alt_txt": self.alt} if self.alt else {}),
            "user": self.user,
            "mode": "hosted",
            "is_external": False,
            "url_private": url,
            "url_private_download": f"{url}?download=1",
            "channels": [c for c in self.channels if c.startswith("C")],
            "ims": [c for c in self.channels if c.startswith("D")],
        }
