"""The way to Slack: through which proxy, and whose certificates are trusted besides the usual."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in typeshed

from bot.domain.errors import Refused

# What slack_sdk takes from the environment by itself, whatever NO_PROXY says.
TAKEN_BY_THE_SDK = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")

_NO_CERTIFICATES = "SSL_CERT_FILE のファイルを証明書(PEM)として読めません：{path}"


@dataclass(frozen=True)
class Route:
    """From HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE. The proxy's password stays out of ``repr``."""

    proxy: str = field(default="", repr=False)
    no_proxy: str = ""
    certificates: str = ""

    def proxy_for(self, url: str) -> str | None:
        """The proxy that leads to an https or wss address; None where it is reached directly."""
        parts = urlsplit(url)
        if not self.proxy or parts.scheme not in ("https", "wss"):
            return None
        is_direct = proxy_bypass_environment(parts.netloc, {"no": self.no_proxy})
        return None if is_direct else self.proxy

    @cached_property
    def trusted(self) -> ssl.SSLContext | None:
        """The system's authorities and those of the file; None for the usual ones alone.

        Raises Refused when the file can't be used.
        """
        if not self.certificates:
            return None
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(cafile=self.certificates)
        except OSError as error:  # also what is in the file: ssl.SSLError is one
            raise Refused(_NO_CERTIFICATES.format(path=self.certificates)) from error
        return context


DIRECT = Route()
