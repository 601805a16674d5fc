"""Initiatives in: what a document says of each becomes what is stored of it, and what has changed.

A text that the document has nowhere is left as it is stored, and so is an initiative that it no
longer has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.form import Form
from bot.domain.plans import SECTIONS, TEXTS, SheetInitiative, SheetPlan, positions
from bot.services.plan_places import Place
from bot.services.trails import Trail
from storage.models import Initiative, Plan

INDICATORS = "indicators"  # among the fields of an item that an import has changed

_FIELDS = ("number", "title", *TEXTS)


@dataclass(frozen=True)
class Initiatives:
    """A plan's initiatives by code, the codes that are new, and the fields that others changed."""

    rows: Mapping[str, Initiative]
    added: Sequence[str]
    updated: Mapping[str, Sequence[str]]

    def with_indicators(self, changed: Collection[str]) -> Initiatives:
        """The same, with the items (by code) of which only the indicators have changed."""
        codes = [code for code in changed if code not in self.added]
        also = {code: (*self.updated.get(code, ()), INDICATORS) for code in codes}
        return replace(self, updated={**self.updated, **also})

    def words(self, form: Form) -> Iterator[str]:
        """What changed, a line an initiative; what is new, in one line."""
        if self.added:
            first, *rest = self.added
            yield f"追加：{'、'.join([form.item_name(first), *rest])}"
        for code, fields in self.updated.items():
            labels = (form.indicator if key == INDICATORS else form.label_of(key) for key in fields)
            yield f"更新：{form.item_name(code)}({'、'.join(labels)})"

    def orphans(self, place: Place) -> Iterator[str]:
        """A warning for each initiative that the document no longer has."""
        printed = {each.code for each in place.sheet.initiatives}
        for code, row in self.rows.items():
            if code not in printed:
                yield (
                    f"{place.form.item_name(code)}「{row.title}」は、このファイルにありません。"
                    "登録されている内容は、そのまま残します。"
                )


async def save(trail: Trail, place: Place, plan: Plan) -> Initiatives:
    """Store the initiatives of a document, each with an entry in the trail where it changed."""
    uow, sheet = trail.uow, place.sheet
    rows = {each.code: each for each in await uow.plans.initiatives(plan.id or 0)}
    given = _given_fields(sheet)
    known = frozenset(key for each in sheet.initiatives for key in _texts(each))
    added: list[str] = []
    updated: dict[str, Sequence[str]] = {}
    places = positions(sheet.initiatives, {code: row.position for code, row in rows.items()})
    for printed in sheet.initiatives:
        texts, row = _texts(printed), rows.get(printed.code)
        values: dict[str, Any] = {"position": places[printed.code]}
        values |= {key: getattr(printed, key) for key in given}
        if row is None:
            row = Initiative(plan_id=plan.id or 0, code=printed.code, **values, details=texts)
            await uow.plans.add(row)
            rows[printed.code] = row
            added.append(printed.code)
            trail.note("initiative.add", f"initiative:{row.id}", {"code": row.code})
            continue
        if row.purpose_label is None and _is_usual(place.form, printed):
            values.pop("purpose_label", None)
        if changed := put(row, {**values, "details": _kept_texts(row, texts, known)}):
            await uow.plans.add(row)
            updated[printed.code] = changed
            trail.note("initiative.update", f"initiative:{row.id}", {"fields": changed})
    return Initiatives(rows, added, updated)


def put(row: Plan | Initiative, values: Mapping[str, object]) -> list[str]:
    """Set what differs, and say what did: of ``details`` the texts in it, by their keys."""
    before = {key: getattr(row, key) for key in values}
    changed = [key for key, value in values.items() if before[key] != value]
    for key in changed:
        setattr(row, key, values[key])
    inner = _differing(before["details"], values["details"]) if "details" in changed else []
    return [*(key for key in changed if key != "details"), *inner]


def _differing(before: object, after: object) -> list[str]:
    texts = [dict(each) if isinstance(each, Mapping) else {} for each in (before, after)]
    first, second = texts
    return [key for key in {**first, **second} if first.get(key) != second.get(key)]


def _is_usual(form: Form, printed: SheetInitiative) -> bool:
    """Whether the purpose stands under the form's own word, as one without a label is printed."""
    field = form.plan_field("purpose")
    return field is not None and printed.purpose_label in (field.heading, field.label)


def _texts(printed: SheetInitiative) -> dict[str, str]:
    """The texts that only the form knows, and the sections that the document names."""
    sections = {SECTIONS: "\n".join(printed.sections)} if printed.sections else {}
    return {**sections, **printed.details}


def _kept_texts(
    row: Initiative, texts: Mapping[str, str], known: Collection[str]
) -> dict[str, str]:
    """A text that the document has nowhere is left as it is stored."""
    return {**{key: text for key, text in row.details.items() if key not in known}, **texts}


def _given_fields(sheet: SheetPlan) -> tuple[str, ...]:
    """Without the texts that the document has nowhere."""
    blank = {key for key in TEXTS if all(getattr(each, key) is None for each in sheet.initiatives)}
    return tuple(key for key in _FIELDS if key not in blank)
