"""Deliveries to a request URL, signed as Slack signs them, or wrongly when a test asks for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

import aiohttp

from playground.deliveries import Ack, Delivery, Kind
from playground.rules import Json

LOOPBACK = ("127.0.0.1", "localhost", "::1")
STALE_SECONDS = 6 * 60  # Slack's verifiers refuse what is more than five minutes old
FORM = "application/x-www-form-urlencoded"


class Signature(StrEnum):
    """How requests are signed."""

    VALID = "valid"
    INVALID = "invalid"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True)
class SentRequest:
    """A request as it left, so that the very same one can be sent again."""

    url: str
    headers: dict[str, str]
    body: bytes


class HttpDelivery:
    """The way to the app's request URL."""

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None
        self.url: str | None = None
        self.signature = Signature.VALID
        self.sent: list[SentRequest] = []

    @property
    def is_open(self) -> bool:
        """Whether a request URL is known."""
        return self.url is not None

    def send_to(self, url: str) -> None:
        """Deliver to this URL from now on; ValueError unless it is on this machine."""
        if urlsplit(url).hostname not in LOOPBACK:
            raise ValueError(f"the stand-in talks to loopback only, not to {url}")
        self.url = url

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    async def send(self, delivery: Delivery, seconds: float) -> Ack:
        """Send a delivery and read the acknowledgement."""
        request = self._request(delivery)
        self.sent.append(request)
        return await self._post(request, seconds)

    async def replay(self, *, seconds: float = 3.0) -> Ack:
        """Send the last request once more, byte for byte, old signature included."""
        return await self._post(self.sent[-1], seconds)

    async def _post(self, request: SentRequest, seconds: float) -> Ack:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(trust_env=False)
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                request.url,
                data=request.body,
                headers=request.headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return _read(response, await response.text())
        except TimeoutError:
            return Ack("operation_timeout", retry_reason="http_timeout")
        except aiohttp.ClientError:
            return Ack("dispatch_failed", retry_reason="connection_failed")

    def _request(self, delivery: Delivery) -> SentRequest:
        body, content_type = _encode(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (stand-in)"}
        headers |= self._sign(body)
        if delivery.retry_num:
            headers["x-slack-retry-num"] = str(delivery.retry_num)
            headers["x-slack-retry-reason"] = delivery.retry_reason
        return SentRequest(self.url or "", headers, body)

    def _sign(self, body: bytes) -> dict[str, str]:
        if self.signature is Signature.MISSING:
            return {}
        stale = STALE_SECONDS if self.signature is Signature.STALE else 0
        secret = "not-it" if self.signature is Signature.INVALID else self._secret
        return sign(body, secret=secret, timestamp=int(time.time()) - stale)


def sign(body: bytes, *, secret: str, timestamp: int) -> dict[str, str]:
    """The two signature headers for a body, at a time in Unix seconds."""
    base = b"v0:%d:%b" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}


def _encode(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind is Kind.EVENT:
        return json.dumps(delivery.payload, ensure_ascii=False).encode(), "application/json"
    if delivery.kind is Kind.COMMAND:
        return urlencode(delivery.payload).encode(), FORM
    packed = json.dumps(delivery.payload, ensure_ascii=False)
    return urlencode({"payload": packed}).encode(), FORM


def _read(response: aiohttp.ClientResponse, text: str) -> Ack:
    no_retry = response.headers.get("x-slack-no-retry") == "1"
    if not 200 <= response.status < 300:
        return Ack("http_service_error", no_retry=no_retry, retry_reason="http_error")
    return Ack(body=_body(text))


def _body(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text}
    return body if isinstance(body, dict) else {"text": text}
