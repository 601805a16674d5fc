"""What a notice tells besides what it asks: of an absence that is over, and of a transfer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.views.blocks import Json, section
from bot.views.round_info import RoundInfo, asked_by
from bot.views.words import contact_words, day_words, item_name, item_title, name_words, people

_MOST = 20


@dataclass(frozen=True)
class Returned:
    """Who was told of a round in the reader's place, and what is in by now (code, day)."""

    round: RoundInfo
    deputies: tuple[str, ...]
    answered: tuple[tuple[str, date], ...] = ()

    @property
    def asker(self) -> str:
        """Who writes, mrkdwn."""
        return asked_by(self.round)


@dataclass(frozen=True)
class HandedOver:
    """Items (code, title) that the reader took over, or handed over; ``asked`` of them wait."""

    day: date
    received: bool
    items: tuple[tuple[str, str], ...]
    asked: int = 0
    contact: str = ""
    extension: str = ""

    @property
    def asker(self) -> str:
        """Who writes, mrkdwn."""
        call = f"問い合わせ：内線{name_words(self.extension)}" if self.extension.strip() else ""
        asker = contact_words(self.contact)
        return f"{asker}の依頼により kaikaku が自動で送っています。{call}"


News = Returned | HandedOver


def news_blocks(news: Iterable[News]) -> list[Json]:
    """A paragraph each."""
    return [section(_words(each)) for each in news]


def news_notification(news: Sequence[News]) -> str:
    """The notification of a letter that asks for nothing."""
    for each in news:
        if isinstance(each, HandedOver):
            verb = "の担当になりました" if each.received else "を後任へ引き継ぎました"
            return f"取組項目{len(each.items)}件{verb}"
    return "不在のあいだのお知らせについて"


def _words(news: News) -> str:
    return _returned(news) if isinstance(news, Returned) else _handed_over(news)


def _returned(news: Returned) -> str:
    names = "、".join(f"{people([name])}さん" for name in news.deputies[:5])
    lines = [
        f"*{news.round.title}　不在のあいだのお知らせ*",
        f"不在のあいだのお知らせは、副担当の{names}へ送りました。",
    ]
    by_day: dict[date, list[str]] = {}
    for code, day in news.answered[:_MOST]:
        by_day.setdefault(day, []).append(name_words(item_name(code)))
    lines += [
        f"{'、'.join(codes)}は{day_words(day)}に入力済です。" for day, codes in by_day.items()
    ]
    return "\n".join(lines)


def _handed_over(news: HandedOver) -> str:
    count = len(news.items)
    if not news.received:
        first = (
            f"担当されていた{count}件を後任へ引き継ぎました。"
            "これらの項目のお知らせは今後届きません。"
        )
    elif news.asked:
        asked = f"このうち{news.asked}件は入力をお願いしています。"
        first = f"{day_words(news.day)}付けで、次の{count}件の担当になりました。{asked}"
    else:
        none = "いま入力をお願いしている項目はありません。"
        first = f"{day_words(news.day)}付けで、次の{count}件の担当になりました。{none}"
    heading = "*担当になった取組項目*" if news.received else "*引き継いだ取組項目*"
    lines = [f"• {item_title(code, title)}" for code, title in news.items[:_MOST]]
    more = [f"ほか{count - _MOST}件"] if count > _MOST else []
    return "\n".join([heading, first, *lines, *more])
