"""Who is registered in a unit: the list and the form for its coordinator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.people import Role
from bot.views.actions import INPUT, NOTICE_ONLY, PEOPLE_OPEN, PEOPLE_PAGE, PERSON, PERSON_OPEN
from bot.views.blocks import (
    Json,
    actions,
    button,
    choice,
    context,
    date_picker,
    input_,
    line_input,
    modal,
    option,
    section,
    user_picker,
)
from bot.views.help import ROLES
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import Page, RegistrationTarget
from bot.views.words import WIDE, day_words, name_words, people

USER = "user"
NAME = "name"
ROLE = "role"
SECTION = "section"
FIRST = "first"
LAST = "last"

MAY_NOT = coordinators_only("登録を変えられる")
GONE = "この登録は見つかりません。画面を閉じて、もう一度開いてください。"
NOBODY = "利用者を選ぶか、Slackを使わない方の氏名を書いてください。"
NOT_STAFF = "職員のアカウントではないか、停止されています。別の方を選んでください。"
NAME_MISSING = "氏名を書いてください。"
ROLE_MISSING = "役割を選んでください。"
LAST_BEFORE_FIRST = "終わりの日は、始まりの日以降の日を選んでください。"
LAST_COORDINATOR = (
    "この方のあとに、とりまとめ担当がいなくなります。先に、次のとりまとめ担当を登録してください。"
)
OF_OTHERS = "ほかの区にも登録がある方です。氏名の変更は、システム担当へご相談ください。"

_WHOLE_UNIT = "0"
_PER_PAGE = 30
_NAME_LENGTH = 60
_SECTIONS_SHOWN = 99
_ROLES = (Role.MANAGER, Role.COORDINATOR, Role.OBSERVER)


@dataclass(frozen=True)
class Registered:
    """One role of somebody in the unit. Days are Japanese dates, None open."""

    grant_id: int
    name: str
    role: Role
    section: str = ""
    first: date | None = None
    last: date | None = None
    reachable: bool = True


@dataclass(frozen=True)
class RegisteredList:
    """Everybody with a role in a unit, by role; ``owners`` counts who owns an item today."""

    unit_id: int
    unit_name: str
    people: tuple[Registered, ...]
    owners: int = 0


@dataclass(frozen=True)
class RegistrationForm:
    """A role to be entered (``entry`` None) or changed; ``sections`` are the unit's, by id."""

    unit_id: int
    unit_name: str
    sections: tuple[tuple[int, str], ...]
    entry: Registered | None = None


@dataclass(frozen=True)
class TypedRegistration:
    """What was entered; ``user`` is a Slack user id, ``section`` an id, None for the whole unit."""

    target: RegistrationTarget
    user: str = ""
    name: str = ""
    role: Role | None = None
    section: int | None = None
    first: date | None = None
    last: date | None = None


def build_list(listed: RegisteredList, page: int = 0) -> Json:
    """One page of everybody, each with a button."""
    pages = max(-(-len(listed.people) // _PER_PAGE), 1)
    number = min(max(page, 0), pages - 1)
    shown = listed.people[number * _PER_PAGE : (number + 1) * _PER_PAGE]
    new = RegistrationTarget(listed.unit_id).encode()
    return modal(
        "利用者の登録",
        [
            section(
                f"*{name_words(listed.unit_name)}の利用者*{WIDE}{len(listed.people)}件",
                button("新しく登録する", f"{PERSON_OPEN}:new", new, primary=True),
            ),
            *(_entry(listed, each) for each in shown),
            *_turning(listed, number, pages),
            context(
                f"取組項目の担当者は{listed.owners}人です。「担当者を決める」で登録します。"
                "名簿のファイルを kaikaku との会話に置くと、まとめて登録できます。"
            ),
        ],
        callback_id=NOTICE_ONLY,
    )


def build_registration(form: RegistrationForm) -> Json:
    """The form for one role."""
    entry = form.entry
    target = RegistrationTarget(form.unit_id, entry.grant_id if entry else 0)
    return modal(
        "利用者の登録",
        [
            section(f"*{name_words(form.unit_name)}*{WIDE}{_what(entry)}"),
            *(_who(entry)),
            *_section_input(form),
            input_(FIRST, "始まりの日", _day_input(FIRST, entry.first if entry else None)),
            input_(
                LAST,
                "終わりの日",
                _day_input(LAST, entry.last if entry else None),
                hint="異動などで外れるときは、最後の日を選んでください。",
            ),
        ],
        callback_id=PERSON,
        metadata={"t": target.encode()},
        submit="登録する",
    )


def read_registration(view: Mapping[str, Any]) -> TypedRegistration:
    """What was entered; Refused when malformed."""
    inputs = read_inputs(view)
    role, section_id = inputs.chosen(ROLE), inputs.chosen(SECTION)
    return TypedRegistration(
        target=inputs.registration("t"),
        user=inputs.user(USER),
        name=" ".join(inputs.text(NAME).split()),
        role=Role(role) if role in _ROLES else None,
        section=int(section_id) if section_id.isdecimal() else None,
        first=inputs.day(FIRST),
        last=inputs.day(LAST),
    )


def build_registered(name: str, unit_id: int) -> Json:
    """「登録しました」, only ever shown after the commit, with a way back to the list."""
    text = f"*{name_words(name)}さんを登録しました。*"
    back = button("一覧に戻る", PEOPLE_OPEN, str(unit_id))
    return modal("利用者の登録", [section(text), actions(back)], callback_id=NOTICE_ONLY)


def _entry(listed: RegisteredList, each: Registered) -> Json:
    parts = [people([each.name]), ROLES[each.role]]
    parts += [name_words(each.section)] if each.section else []
    lost = "" if each.reachable else f"{WIDE}(Slackなし)"
    value = RegistrationTarget(listed.unit_id, each.grant_id).encode()
    says = f"{each.name} {ROLES[each.role]} 直す"
    text = f"{WIDE.join(parts)}{_span(each)}{lost}"
    return section(text, button("直す", PERSON_OPEN, value, says=says))


def _turning(listed: RegisteredList, page: int, pages: int) -> Iterator[Json]:
    buttons = []
    if page > 0:
        value = Page(listed.unit_id, page - 1).encode()
        buttons.append(button("前のページ", f"{PEOPLE_PAGE}:back", value))
    if page < pages - 1:
        value = Page(listed.unit_id, page + 1).encode()
        buttons.append(button("次のページ", f"{PEOPLE_PAGE}:next", value))
    if buttons:
        yield actions(*buttons)
        yield context(f"{page + 1}／{pages}ページ")


def _what(entry: Registered | None) -> str:
    return ROLES[entry.role] if entry else "新しく登録します。"


def _who(entry: Registered | None) -> Iterator[Json]:
    if entry is None:
        yield input_(USER, "利用者", user_picker(f"{INPUT}:{USER}"))
    yield input_(
        NAME,
        "氏名",
        line_input(f"{INPUT}:{NAME}", entry.name if entry else "", most=_NAME_LENGTH),
        hint="" if entry else "空欄のときは、Slackの表示名で登録します。",
        required=entry is not None,
    )
    if entry is None:
        options = [option(ROLES[role], role.value) for role in _ROLES]
        yield input_(ROLE, "役割", choice(f"{INPUT}:{ROLE}", options, None), required=True)


def _section_input(form: RegistrationForm) -> Iterator[Json]:
    if not form.sections:
        return
    options = [option(name, str(number)) for number, name in form.sections[:_SECTIONS_SHOWN]]
    held = form.entry.section if form.entry else ""
    chosen = next((str(number) for number, name in form.sections if name == held), _WHOLE_UNIT)
    element = choice(f"{INPUT}:{SECTION}", [option("区全体", _WHOLE_UNIT), *options], chosen)
    hint = "確認者のときだけ選んでください。"
    yield input_(SECTION, "課・担当", element, hint=hint, required=True)


def _day_input(key: str, day: date | None) -> Json:
    return date_picker(f"{INPUT}:{key}", day.isoformat() if day else None)


def _span(each: Registered) -> str:
    first = f"{whole_day_words(each.first)}から" if each.first else ""
    last = f"{whole_day_words(each.last)}まで" if each.last else ""
    return f"{WIDE}{first}{last}" if first or last else ""


def whole_day_words(day: date) -> str:
    """「2026年11月4日(水)」."""
    return f"{day.year}年{day_words(day)}"
