"""The ids of buttons, inputs and modals, and what a button's value carries: ids, and nothing else.

Values come back from outside and may be forged: a decoder gives None for anything malformed, and
who may do what is decided elsewhere, from the stored round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ANSWER_OPEN = "answer:open"  # 入力する, 内容を見る・直す, 代わりに入力する; value: Target
ANSWER_NOT_YET = "answer:not-yet"  # まだ確定しない; value: Target
LETTER_MORE = "letter:more"  # ほかN件を見る; value: letter id
LETTER_CONSULT = "letter:consult"  # 担当が違う・相談する; value: letter id
LETTER_PLAN_DATE = "letter:plan-date"  # 入力予定日を決める; value: letter id
LETTER_MAIL = "letter:mail"  # 庁内メール用の文面を出す; value: round id, or Page of the round
STATUS_PAGE = "status:page"  # one page of a round's status; value: PageTarget
STATUS_UNIT = "status:unit"  # a unit chosen out of several; value: UnitTarget
MINE_PAGE = "mine:page"  # value: page, from 0
HOME_TAB = "home:tab"  # a tab of Home, or a page of one; value: HomeTarget
DRAFT = "draft"  # 続きから書く, 新しく書く; value: Target
CONFIRM_OPEN = "confirm:open"  # 内容を見る, 確認する: one answer for its manager; value: Target
CONFIRM_LIST = "confirm:list"  # 一覧を見る: all that wait for this manager; value: round id
SEND_BACK_OPEN = "send-back:open"  # 修正をお願いする; value: Target
CONSULT_OPEN = "consult:open"  # the same as LETTER_CONSULT, elsewhere; value: Target, or none
CONSULT_ANSWER = "consult:answer"  # 返事をする; value: consultation id
PLAN_DATE_OPEN = "plan-date:open"  # the same as LETTER_PLAN_DATE, elsewhere; value: round id
NUDGE = "nudge:open"  # お知らせを送る; value: Target (one late item) or round id (all who are late)
ABSENCE_OPEN = "absence:open"  # 不在を登録する; value: person id, or "self"
HANDOVER_OPEN = "handover:open"  # 担当を引き継ぐ; value: unit id
HANDOVER_END = "handover:end"  # 取り消す; value: HandoverTarget
ACCOUNT_OPEN = "account:open"  # アカウントを変える; value: unit id
ABSENCE_END = "absence:end"  # 取り消す, 終わりにする; value: absence id
HISTORY_OPEN = "history:open"  # 履歴を見る; value: HistoryTarget, of which a Target is one
HISTORY_EXPORT = "history:export"  # ファイルで受け取る; value: the same, or initiative id
RETENTION_OPEN = "retention:open"  # 保存期間と廃棄; value: unit id
RETENTION_DISPOSE = "retention:dispose"  # 廃棄する; value: plan id
CHART_OPEN = "chart:open"  # 図で見る; value: round id, or AllTarget
CHART_SEND = "chart:send"  # 図を受け取る; value: the same; suffix: which picture
IMPORT_OPEN = "import:open"  # ファイルを取り込む; value: unit id, or nothing
IMPORT_APPLY = "import:apply"  # 取り込む; value: batch id
IMPORT_UNDO = "import:undo"  # 元に戻す; value: batch id
IMPORT_PAGE = "import:page"  # 前のページ, 次のページ; value: Page
IMPORT_PLACE_OPEN = "import:place"  # 区・年度を決める; value: batch id
OWNERS_OPEN = "owners:open"  # 担当者を決める; value: plan id
OWNERS_PAGE = "owners:page"  # other items of the same modal; value: Page of the plan
PEOPLE_OPEN = "people:open"  # 利用者の一覧; value: unit id
PEOPLE_PAGE = "people:page"  # value: Page of the unit
PERSON_OPEN = "person:open"  # 登録する, 直す; value: RegistrationTarget
ROUND_OPEN = "round:open"  # 日程を決める, 直す; value: RoundTarget
ROUND_CLOSE = "round:close"  # 今日で終わりにする; value: round id
ROUND_BACK = "round:back"  # 戻って直す; no value
PAUSE_OPEN = "pause:open"  # お知らせを一時停止する; value: unit id
PAUSE_END = "pause:end"  # 今日から再開する; value: unit id
DIGEST_OPEN = "digest:open"  # 毎週の集計; value: unit id
ITEMS_OPEN = "items:open"  # 取組項目を追加する; value: plan id
EXEMPT_OPEN = "items:exempt"  # 対象外をまとめて設定する; value: round id
UNIT_OPEN = "unit:open"  # 問い合わせ先と閉庁日; value: unit id
FIELD = "field"  # an input whose answer changes what else is asked; the action id is field:<key>
NOTED = "noted"  # ... any other input of the check-in: it is kept, and the screen stays as it is
KEEP = "keep"  # the choice between two people's answers
REASON = f"{NOTED}:reason"  # why an answer is corrected after its round has closed

CHECKIN = "checkin"  # callback id of the check-in's modal
CHECKIN_NEXT = "checkin:next"  # ... of 保存しました, whose submit opens the next item
CONFIRM = "confirm"  # ... of one answer before its manager
CONFIRM_MANY = "confirm:many"  # ... of the list of those to confirm
SEND_BACK = "send-back"  # ... of what is to be mended
CONSULT = "consult"  # ... of 「担当が違う・相談する」
CONSULT_REPLY = "consult:reply"  # ... of the coordinator's answer
PLAN_DATE = "plan-date"  # ... of 「入力予定日を決める」
NUDGE_ONE = "nudge:one"  # ... of a nudge about one late item
NUDGE_ALL = "nudge:all"  # ... of a note to all who are late
HANDOVER = "handover"  # ... of 担当の引き継ぎ
ACCOUNT = "account"  # ... of アカウントの変更
ABSENCE = "absence"  # ... of 不在の登録
RETENTION = "retention"  # ... of 保存期間
DISPOSAL = "disposal"  # ... of 廃棄の確認
IMPORT_FILE = "import:file"  # ... in which a file is chosen
IMPORT_PLACE = "import:place-chosen"  # ... of a file's ward and fiscal year
OWNERS = "owners"  # ... of 担当者を決める
PERSON = "person"  # ... of one registration
ROUND = "round"  # ... of a round's dates and ladder
ROUND_PREVIEW = "round:preview"  # ... of who then gets what and when
PAUSE = "pause"  # ... of お知らせの一時停止
DIGEST = "digest"  # ... of 毎週の集計
ITEM = "items"  # ... of an item added during the year
EXEMPT = "exempt"  # ... of 対象外 for several
UNIT = "unit"  # ... of what is known of a unit
INPUT = "input"  # action ids of inputs to which nobody listens before the modal is submitted
NOTICE_ONLY = "notice-only"  # ... of modals that only say something

_NUMBER = r"(0|[1-9]\d{0,17})"


class Filter(StrEnum):
    """Which items a page of a unit's status lists."""

    FIRST = "first"  # counts, each ② with its text, then what is outstanding
    OUTSTANDING = "outstanding"
    UNFAVOURABLE = "unfavourable"
    ALL = "all"


def family(action_id: str) -> re.Pattern[str]:
    """The pattern of an action and its variants (``status:page:next``): one listener for all.

    Slack wants action ids to differ within a block, so buttons side by side carry a suffix.
    """
    return re.compile(rf"^{re.escape(action_id)}(?::[A-Za-z0-9_@.-]+)?$")


@dataclass(frozen=True)
class Target:
    """One item of one round."""

    round_id: int
    initiative_id: int

    def encode(self) -> str:
        """「12:34」."""
        return f"{self.round_id}:{self.initiative_id}"

    @classmethod
    def decode(cls, value: object) -> Target | None:
        """The target, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class PageTarget:
    """One page of a round's status; ``page`` counts from 0."""

    round_id: int
    filter: Filter = Filter.FIRST
    page: int = 0

    def encode(self) -> str:
        """「12:outstanding:1」."""
        return f"{self.round_id}:{self.filter}:{self.page}"

    @classmethod
    def decode(cls, value: object) -> PageTarget | None:
        """The page, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:({'|'.join(Filter)}):(\d{{1,4}})", value)
        return cls(int(found[1]), Filter(found[2]), int(found[3])) if found else None


@dataclass(frozen=True)
class HistoryTarget:
    """One page of an item's history, seen from one of its rounds; ``page`` counts from 0.

    ``round_id`` is 0 where only the initiative is known.
    """

    round_id: int
    initiative_id: int
    page: int = 0

    def encode(self) -> str:
        """「12:34:1」."""
        return f"{self.round_id}:{self.initiative_id}:{self.page}"

    def at(self, page: int) -> HistoryTarget:
        """Another page of the same."""
        return HistoryTarget(self.round_id, self.initiative_id, page)

    @classmethod
    def decode(cls, value: object) -> HistoryTarget | None:
        """The page, or None when the value is not one of ours.

        A Target is the first page, and so is an initiative's id alone.
        """
        alone = decode_number(value)
        if alone is not None:
            return cls(0, alone)
        found = _match(rf"{_NUMBER}:{_NUMBER}(?::(\d{{1,4}}))?", value)
        return cls(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


@dataclass(frozen=True)
class HandoverTarget:
    """What passes in a unit from one person to another on a day."""

    unit_id: int
    former_id: int
    owner_id: int
    day: date

    def encode(self) -> str:
        """「3:17:18:2026-10-01」."""
        return f"{self.unit_id}:{self.former_id}:{self.owner_id}:{self.day}"

    @classmethod
    def decode(cls, value: object) -> HandoverTarget | None:
        """What is meant, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}:{_NUMBER}:(\d{{4}}-\d{{2}}-\d{{2}})", value)
        try:
            day = date.fromisoformat(found[4]) if found else None
        except ValueError:
            return None
        return cls(int(found[1]), int(found[2]), int(found[3]), day) if found and day else None


@dataclass(frozen=True)
class AllTarget:
    """Every unit, in the year and at the stage that were asked for, if any."""

    fiscal_year: int | None = None
    stage: str | None = None

    def encode(self) -> str:
        """「all:2026:mid-year」, with nothing where nothing was asked for."""
        return f"all:{self.fiscal_year or ''}:{self.stage or ''}"

    @classmethod
    def decode(cls, value: object) -> AllTarget | None:
        """What is meant, or None when the value is not one of ours."""
        found = _match(r"all:(\d{4})?:([a-z0-9-]{1,40})?", value)
        return cls(int(found[1]) if found[1] else None, found[2] or None) if found else None


@dataclass(frozen=True)
class UnitTarget:
    """The status of a unit, with the year and stage that were asked for, if any."""

    unit_id: int
    fiscal_year: int | None = None
    stage: str | None = None

    def encode(self) -> str:
        """「3:2026:mid-year」, with nothing where nothing was asked for."""
        return f"{self.unit_id}:{self.fiscal_year or ''}:{self.stage or ''}"

    @classmethod
    def decode(cls, value: object) -> UnitTarget | None:
        """The unit, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:(\d{{4}})?:([a-z0-9-]{{1,40}})?", value)
        if not found:
            return None
        return cls(int(found[1]), int(found[2]) if found[2] else None, found[3] or None)


@dataclass(frozen=True)
class Page:
    """One page of a file, a plan or a unit by its id; ``page`` counts from 0."""

    id: int
    page: int = 0

    def encode(self) -> str:
        """「12:1」."""
        return f"{self.id}:{self.page}"

    @classmethod
    def decode(cls, value: object) -> Page | None:
        """The page, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:(\d{{1,4}})", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class RegistrationTarget:
    """A role to look at in a unit; 0 is one that is still to be registered."""

    unit_id: int
    grant_id: int = 0

    def encode(self) -> str:
        """「3:17」."""
        return f"{self.unit_id}:{self.grant_id}"

    @classmethod
    def decode(cls, value: object) -> RegistrationTarget | None:
        """The role, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class RoundTarget:
    """A round; or (``round_id`` 0) one that a plan is to have, at a stage if one was chosen."""

    round_id: int = 0
    plan_id: int = 0
    stage: str = ""

    def encode(self) -> str:
        """「12」, 「new:3」, 「new:3:year-end」."""
        if self.round_id:
            return str(self.round_id)
        return f"new:{self.plan_id}:{self.stage}" if self.stage else f"new:{self.plan_id}"

    @classmethod
    def decode(cls, value: object) -> RoundTarget | None:
        """The round, or None when the value is not one of ours."""
        stored = decode_number(value)
        if stored:
            return cls(stored)
        found = _match(rf"new:{_NUMBER}(?::([a-z0-9-]{{1,40}}))?", value)
        return cls(0, int(found[1]), found[2] or "") if found else None


@dataclass(frozen=True)
class MessageAt:
    """Where a message of ours stands, to be changed in place."""

    channel: str
    ts: str

    def encode(self) -> str:
        """「D0123ABCD:1790000000.000100」."""
        return f"{self.channel}:{self.ts}"

    @classmethod
    def decode(cls, value: object) -> MessageAt | None:
        """The place, or None when the value is not one of ours."""
        found = _match(r"(D[A-Z0-9]{2,20}):(\d{1,12}\.\d{1,8})", value)
        return cls(found[1], found[2]) if found else None


def decode_number(value: object) -> int | None:
    """A value that is one id or page number, or None."""
    found = _match(_NUMBER, value)
    return int(found[1]) if found else None


def _match(pattern: str, value: object) -> re.Match[str] | None:
    return re.fullmatch(pattern, value, re.ASCII) if isinstance(value, str) else None
