"""Who is told of a transfer: new and former owner, on its first business day, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.bot.services.conftest import Post
from tests.bot.services.test_absence_letters import COLLEAGUE, colleague, said
from tests.bot.services.test_confirmation_letters import answer, ask_of, go_to, send_back
from tests.builders import add_initiative, add_ownership
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND


async def hand_over(post: Post, day: str, *numbers: int) -> int:
    """The owner's items pass to a colleague from that day on; entered ahead."""
    other, first = await colleague(post), date.fromisoformat(day)
    async with post.office.database.begin() as uow:
        items = [post.ward.initiatives[number - 1] for number in numbers]
        for own in await uow.people.ownerships(items):
            own.valid_to = first - timedelta(days=1)
            await uow.people.add(own)
        for item in items:
            await add_ownership(uow, item, other, valid_from=first)
        await uow.commit()
    return other


async def test_new_and_former_owner_are_told_on_the_first_business_day_and_not_before(
    post: Post,
) -> None:
    await hand_over(post, "2026-08-01", 1, 2, 3)  # a Saturday, before any round

    await post.sweep("2026-07-31")
    assert said(post, COLLEAGUE) == []
    assert post.messages("owner") == []
    await post.sweep("2026-08-03")
    await post.sweep("2026-08-04")

    [new] = said(post, COLLEAGUE)
    assert "8月1日(土)付けで、次の3件の担当になりました。" in new
    assert "いま入力をお願いしている項目はありません。" in new
    [former] = said(post, post.ward.accounts["owner"])
    assert "担当されていた3件を後任へ引き継ぎました。" in former
    assert "これらの項目のお知らせは今後届きません。" in former


async def test_the_letter_that_asked_the_former_owner_has_no_button_for_what_passed_on(
    post: Post,
) -> None:
    await hand_over(post, "2026-09-10", 1, 2)
    await post.sweep("2026-09-01")
    assert buttons_of(post) == ["入力する"] * 3

    await post.sweep("2026-09-09")
    assert buttons_of(post) == ["入力する"] * 3
    await post.sweep("2026-09-10")

    assert buttons_of(post) == ["入力する"]
    assert "取組項目3" in post.messages("owner")[0].visible_text


async def test_a_letter_of_which_all_has_passed_on_asks_for_nothing_any_more(post: Post) -> None:
    await hand_over(post, "2026-09-10", 1, 2, 3)
    await post.sweep("2026-09-01")

    await post.sweep("2026-09-10")

    assert post.messages("owner")[0].buttons == []
    assert "いまは入力をお願いしていません" in post.messages("owner")[0].visible_text
    assert "後任へ引き継ぎました" in post.messages("owner")[1].visible_text
    await post.sweep("2026-09-11")
    assert post.messages("owner")[0].buttons == []


def buttons_of(post: Post) -> list[str]:
    """Those by which the first letter to the owner asks for an answer."""
    return [each for each in post.messages("owner")[0].buttons if each == "入力する"]


async def test_what_is_asked_of_the_new_owner_stands_in_the_same_letter(post: Post) -> None:
    await hand_over(post, "2026-09-10", 1, 2)
    await post.sweep("2026-09-01")

    await post.sweep("2026-09-10")

    [letter] = said(post, COLLEAGUE)
    assert "次の2件の担当になりました。このうち2件は入力をお願いしています。" in letter
    assert "入力期限" in letter
    _, former = said(post, post.ward.accounts["owner"])
    assert "担当されていた2件を後任へ引き継ぎました。" in former


async def test_a_new_owner_who_was_told_of_own_items_is_asked_for_the_others_too(
    post: Post,
) -> None:
    other = await hand_over(post, "2026-09-10", 1, 2)
    async with post.office.database.begin() as uow:
        item = await add_initiative(uow, post.ward.plan_id, 4)
        await add_ownership(uow, item, other)
        await uow.commit()
    await post.sweep("2026-09-01")

    await post.sweep("2026-09-10")

    _, letter = said(post, COLLEAGUE)
    assert "このうち2件は入力をお願いしています。" in letter
    assert letter.count("'入力する'") == 2


@pytest.mark.parametrize(
    ("day", "told"), [("2026-09-10", "2026-09-10"), ("2026-10-03", "2026-10-05")]
)
async def test_what_had_been_sent_back_is_asked_of_its_new_owner_at_once(
    post: Post, day: str, told: str
) -> None:
    """Also after entry has closed: it is to be mended by a day of its own."""
    await ask_of(post, 1)
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.publishes = date(2026, 10, 9)
        await uow.commit()
    go_to(post, "2026-09-07")
    await answer(post, 1, 2)
    due = "2026-09-15" if told < "2026-10" else "2026-10-07"
    await send_back(post, 1, due)
    await hand_over(post, day, 1, 2)

    await post.sweep(told)
    await post.sweep(told, "13:00")

    [letter] = said(post, COLLEAGUE)
    assert "次の2件の担当になりました。このうち1件は入力をお願いしています。" in letter
    assert "次の1件の修正をお願いしています。" in letter
    assert letter.count("'修正する'") == 1
    assert "'入力する'" not in letter


async def test_what_was_mended_before_is_not_asked_of_the_new_owner(post: Post) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-07")
    await answer(post, 1)
    await send_back(post, 1, "2026-09-15")
    await answer(post, 1, revision=1)
    await hand_over(post, "2026-09-10", 1)

    await post.sweep("2026-09-10")

    [letter] = said(post, COLLEAGUE)
    assert "いま入力をお願いしている項目はありません。" in letter


async def test_who_owns_an_item_as_its_first_owner_takes_over_from_nobody(post: Post) -> None:
    async with post.office.database.begin() as uow:
        item = await add_initiative(uow, post.ward.plan_id, 4)
        person = post.ward.people["observer"]
        await add_ownership(uow, item, person, valid_from=date(2026, 8, 3))
        await uow.commit()

    await post.sweep("2026-08-03")

    assert post.messages("observer") == []


async def test_a_letter_that_could_not_be_sent_is_made_up_for_and_not_after_days(
    post: Post,
) -> None:
    await hand_over(post, "2026-08-03", 1)
    await post.sweep("2026-08-06")
    assert len(said(post, COLLEAGUE)) == 1

    await post.sweep("2026-08-07")
    assert len(said(post, COLLEAGUE)) == 1
