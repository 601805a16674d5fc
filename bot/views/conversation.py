"""The answer to whatever is typed to the bot in its conversation."""

from __future__ import annotations

from bot.views.blocks import Rendered, section


def render_pointer() -> Rendered:
    """Where to go on; what was typed is not read."""
    text = (
        "このメッセージは読み取っていません。"
        "担当の取組項目は `/kaikaku 自分` 、使い方は `/kaikaku ヘルプ` で見られます。"
    )
    return Rendered("担当の取組項目は /kaikaku 自分 で見られます", [section(text)])
