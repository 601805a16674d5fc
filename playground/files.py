"""Files: uploaded in three steps, described, and downloaded with a token."""

from __future__ import annotations

from dataclasses import dataclass

from playground.rules import Json


@dataclass(frozen=True)
class File:
    """A file; before `complete` nobody but its uploader knows of it."""

    id: str
    name: str
    length: int
    user: str
    title: str = ""
    content: bytes | None = None
    complete: bool = False
    channels: tuple[str, ...] = ()

    def describe(self, base_url: str) -> Json:
        """The file object of the Web API; `base_url` is the server's own address."""
        url = f"{base_url}files-pri/{self.id}/{self.name}"
        kind = self.name.rpartition(".")[2].lower()
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "filetype": kind,
            "mimetype": "application/octet-stream",
            "size": len(self.content or b""),
            "user": self.user,
            "mode": "hosted",
            "is_external": False,
            "url_private": url,
            "url_private_download": f"{url}?download=1",
            "channels": [c for c in self.channels if c.startswith("C")],
            "ims": [c for c in self.channels if c.startswith("D")],
        }
