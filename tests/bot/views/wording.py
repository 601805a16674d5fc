"""docs/wording.md, made from the code: `python -m tests.bot.views.wording` writes it anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.views.blocks import Json, Rendered
from bot.views.words import day_words
from tests.bot.views.catalogue import Shown, catalogue

PAGE = Path(__file__).parents[3] / "docs" / "wording.md"

_INTRODUCTION = """\
# Slackで読まれる文の一覧

このページは `make wording` がコードから作ります。手で直さず、 `bot/views/` と
`bot/domain/forms/` を直してください。古くなるとテストが知らせます。

例は、実在しない「あおぞら区」の令和8年度です。〔 〕はボタンです。
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_chapters(catalogue())])


def _chapters(shown: list[Shown]) -> Iterator[str]:
    chapter = ""
    for each in shown:
        if each.chapter != chapter:
            yield f"## {each.chapter}\n"
        chapter = each.chapter
        yield f"### {each.name}\n"
        yield _screen(each.screen) + "\n"


def _screen(screen: Rendered | Json | str) -> str:
    if isinstance(screen, str) and "\n\n" in screen:
        return f"```text\n{screen.strip(chr(10))}\n```"
    if isinstance(screen, str):
        return _quoted(screen.strip("\n").replace("\n", "\n\n"))
    if isinstance(screen, Rendered):
        return f"通知： {_markdown(screen.text)}\n\n{_quoted(_blocks(screen.blocks))}"
    title = screen.get("title", {}).get("text", "")
    buttons = [screen[key]["text"] for key in ("submit", "close") if key in screen]
    foot = " ".join(f"〔{text}〕" for text in buttons)
    parts = [f"**［{title}］**" if title else "", _blocks(screen["blocks"]), foot]
    return _quoted("\n\n".join(part for part in parts if part))


def _blocks(blocks: list[Json]) -> str:
    return "\n\n".join(text for block in blocks for text in _block(block))


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"**{_plain(block['text']['text'])}**"
        case "section":
            said = [block["text"]] if "text" in block else block["fields"]
            yield "\n\n".join(_markdown(each["text"]) for each in said)
            if "accessory" in block:
                yield _pressed(block["accessory"])
        case "context":
            yield from (f"<sub>{_markdown(each['text'])}</sub>" for each in block["elements"])
        case "actions":
            yield " ".join(_pressed(each) for each in block["elements"])
        case "divider":
            yield "――――"
        case "input":
            yield from _input(block)


def _pressed(element: Json) -> str:
    """A button, or a list to choose from."""
    if "options" not in element:
        return f"〔{element['text']['text']}〕"
    shown = element.get("initial_option", element).get("text") or element["placeholder"]
    return f"〔{shown['text']} ▾〕"


def _input(block: Json) -> Iterator[str]:
    element = block["element"]
    yield f"**{_plain(block['label']['text'])}**"
    chosen = [element.get("initial_option"), *element.get("initial_options", [])]
    for option in element.get("options", []):
        tick = "●" if option in chosen else "○"
        yield f"{tick} {_plain(option['text']['text'])}"
    if element["type"] == "plain_text_input":
        placeholder = element.get("placeholder", {}).get("text", "")
        shown = element.get("initial_value") or placeholder
        yield f"［{_plain(shown)}］" if shown else "［　　］"
    if element["type"] == "datepicker":
        chosen_day = element.get("initial_date")
        yield f"［{day_words(date.fromisoformat(chosen_day)) if chosen_day else '日付'}］"
    if element["type"] == "external_select":
        picked = element.get("initial_option", {}).get("text") or element["placeholder"]
        yield f"［{_plain(picked['text'])} ▾］"
    if element["type"] == "users_select":
        yield "［利用者］"
    if "hint" in block:
        yield f"<sub>{_plain(block['hint']['text'])}</sub>"


def _markdown(text: str) -> str:
    """mrkdwn as Markdown; each line end is one."""
    bold = re.sub(r"\*([^*\n]+)\*", r"**\1**", text)
    return bold.replace("\n", "  \n")


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return "\n".join(
        f"> {line}".rstrip() if not line.endswith("  ") else f"> {line}"
        for line in text.split("\n")
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
