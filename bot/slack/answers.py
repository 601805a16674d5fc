"""Answers to a response_url, over one shared session: Bolt's own opens a connection for each."""

from __future__ import annotations

from ssl import SSLContext
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncRespond
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse


class Answers(AsyncRespond):
    """What a listener is given as ``respond``."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        response_url: str | None,
        proxy: str | None,
        ssl: SSLContext | None,
    ) -> None:
        """Without a ``response_url`` there is no way to answer."""
        super().__init__(response_url=response_url, proxy=proxy, ssl=ssl)
        self._session = session

    async def __call__(self, *_: Any, **message: Any) -> WebhookResponse:
        """Say it; raises ValueError where there is no way to. Arguments are the message's own."""
        if self.response_url is None:
            raise ValueError("there is no response_url")
        client = AsyncWebhookClient(
            self.response_url, proxy=self.proxy, ssl=self.ssl, session=self._session
        )
        return await client.send_dict(message)
