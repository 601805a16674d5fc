"""Why not, in words (wording.md 7): the same whether or not there is anything to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.people import Refusal
from bot.views.words import day_words

OWN_ITEMS_ONLY = (
    "ご自分の担当項目と区全体の件数を見られます。"
    "ほかの項目の内容は、確認者ととりまとめ担当だけが見られます。"
)
NO_UNITS = "見られる区はありません。必要な場合は、所属のとりまとめ担当へご連絡ください。"
_MAY_NOT_ANSWER = "この項目を入力できるのは、担当者・副担当・とりまとめ担当です。"
_NOT_REGISTERED = (
    "kaikaku の利用者として登録されていません。所属のとりまとめ担当(区政企画など)へご連絡ください。"
)
_NOT_STAFF = "この機能は職員だけが使えます。"


@dataclass(frozen=True)
class RefusalFacts:
    """What a refusal names; ``contact`` and ``extension`` are the reader's own unit's."""

    unit_name: str = ""
    contact: str = ""
    extension: str = ""
    since: date | None = None  # from when somebody else has been the owner


def refusal_words(refusal: Refusal, facts: RefusalFacts | None = None) -> str:
    """One plain sentence or two."""
    known = facts or RefusalFacts()
    match refusal:
        case Refusal.OTHER_UNIT:
            return _other_unit(known)
        case Refusal.OWN_ITEMS_ONLY:
            return OWN_ITEMS_ONLY
        case Refusal.MAY_NOT_ANSWER:
            return _MAY_NOT_ANSWER
        case Refusal.NO_LONGER_OWNER:
            return _no_longer_owner(known.since)
        case Refusal.NOT_REGISTERED:
            return _NOT_REGISTERED
        case Refusal.NOT_STAFF:
            return _NOT_STAFF


def coordinators_only(what: str) -> str:
    """Why somebody else may not; ``what`` says what may be done: 「日程を決められる」."""
    return (
        f"{what}のは、その区のとりまとめ担当だけです。"
        "必要な場合は、とりまとめ担当へご連絡ください。"
    )


def _other_unit(facts: RefusalFacts) -> str:
    unit = facts.unit_name or "この区"
    return (
        f"{unit}の状況は、その区の関係者だけが見られます。"
        f"必要な場合は、所属の{plain_contact(facts.contact, facts.extension)}へご相談ください。"
    )


def plain_contact(contact: str, extension: str) -> str:
    """「総務課(区政企画)(内線1234)」, plain text."""
    return (contact or "とりまとめ担当") + (f"(内線{extension})" if extension else "")


def _no_longer_owner(since: date | None) -> str:
    when = f"{day_words(since).partition('(')[0]}に" if since else ""
    return (
        f"この項目の担当は{when}変わりました。入力はできません。"
        "担当のはずの場合は、とりまとめ担当へご連絡ください。"
    )
