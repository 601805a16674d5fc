"""The forms that stored plans are of: none may be gone, or their rounds could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.errors import Refused
from bot.services.office import Office

_LOST = (
    "登録済みの計画の様式が見つからないため、始められません。"
    "FORMS_DIR のフォルダーに、その様式のファイルを戻してください。"
)


async def refuse_lost_forms(office: Office) -> None:
    """Raises Refused, naming each form and stage that is stored and that no file has any more."""
    if faults := await lost_forms(office):
        raise Refused(_LOST, faults)


async def lost_forms(office: Office) -> list[str]:
    """What is stored of forms that are not there, a sentence each."""
    async with office.database.read() as uow:
        found = await uow.plans.stages_in_use()
    return list(dict.fromkeys(_lost(office, found)))


def _lost(office: Office, found: list[tuple[str, str | None]]) -> Iterator[str]:
    for key, stage in sorted(found, key=lambda each: (each[0], each[1] or "")):
        form = office.forms.get(key)
        if form is None:
            yield f"様式「{key}」がありません。"
        elif stage is not None and not form.has_stage(stage):
            yield f"様式「{key}」に、振り返り「{stage}」(stages の key)がありません。"
