"""Debian's Chromium under Playwright, and a page in which nothing may go wrong unnoticed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
# One browser for all: it belongs to the loop in which it was started, and so do its tests.
IN_ONE_LOOP = pytest.mark.asyncio(loop_scope="package")
IN_CHROMIUM = [NEEDS_CHROMIUM, IN_ONE_LOOP]
Scheme = Literal["light", "dark"]
PATIENCE_MS = 15_000  # a machine under load
DESKTOP, PHONE = (1280, 800), (390, 844)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@contextmanager
def no_complaints(page: Page, *, ignoring: str = "") -> Iterator[list[str]]:
    """Fail when the page's console has shown an error by the end."""
    heard: list[str] = []

    def note(text: str) -> None:
        if not (ignoring and ignoring in text):
            heard.append(text)

    page.on("console", lambda m: note(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: note(str(error)))
    yield heard
    assert heard == []


@asynccontextmanager
async def opened(
    browser: Browser,
    address: str,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: Scheme = "light",
    **more: Any,
) -> AsyncIterator[Page]:
    """The page, ready, with no guide in front of it."""
    width, height = size
    page = await browser.new_page(
        viewport={"width": width, "height": height}, locale="ja-JP", color_scheme=scheme, **more
    )
    page.set_default_timeout(PATIENCE_MS)
    try:
        with no_complaints(page):
            await page.goto(address)
            await page.wait_for_selector("body[data-ready]")
            yield page
    finally:
        await page.close()


async def serious_faults(page: Page) -> list[str]:
    """What axe-core finds, serious and critical ones: rule and places."""
    from axe_playwright_python.async_playwright import Axe

    results = await Axe().run(page)
    violations: list[dict[str, Any]] = results.response["violations"]
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in violations
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
