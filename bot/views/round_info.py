"""What every screen says of a round: whose, of which year and stage, its dates, and who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.form import Form, Stage
from bot.domain.rounds import RoundDates
from bot.views.words import contact_with_extension, contact_words, name_words


@dataclass(frozen=True)
class RoundInfo:
    """One round as people see it. ``notice`` is the 事務連絡 it rests on; texts may be empty."""

    round_id: int
    unit_name: str
    fiscal_year: int
    form: Form
    stage: Stage
    dates: RoundDates
    contact: str = ""  # 総務課(区政企画)
    extension: str = ""  # 1234
    notice: str = ""  # 令和8年8月25日付け事務連絡
    published: bool = False  # its answers stand as they were published

    @property
    def title(self) -> str:
        """「令和8年度 中間振り返り」: two fiscal years are alive from February to July."""
        return f"{era_year(self.fiscal_year)} {self.stage.title}"

    @property
    def full_title(self) -> str:
        """「あおぞら区　令和8年度 中間振り返り」, plain text."""
        return f"{self.unit_name}　{self.title}"

    @property
    def asker(self) -> str:
        """「総務課(区政企画)」 in mrkdwn."""
        return contact_words(self.contact)

    @property
    def asker_with_extension(self) -> str:
        """「総務課(区政企画)(内線1234)」 in mrkdwn."""
        return contact_with_extension(self.contact, self.extension)


def asked_by(round_: RoundInfo) -> str:
    """Who asks, on which notice, and where to call: the line that makes staff trust a message."""
    basis = f"{name_words(round_.notice)}に基づくお願いです。" if round_.notice.strip() else ""
    call = f"問い合わせ：内線{name_words(round_.extension)}" if round_.extension.strip() else ""
    return f"{basis}{round_.asker}の依頼により kaikaku が自動で送っています。{call}"


def all_askers(rounds: Iterable[RoundInfo]) -> list[str]:
    """The line of each round, once where they are the same."""
    return list(dict.fromkeys(asked_by(round_) for round_ in rounds))
