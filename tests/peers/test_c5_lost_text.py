"""C5: modals that lose what was typed, or show what was typed about something else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playground import Outcome, Screen
from tests import processor
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ATTAINMENT, IMPLEMENTATION, ISSUES, fill, opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

WRITTEN = "参加が計画の6割にとどまる。\n10月から周知の方法を見直す。"
HOLD_SECONDS = 10  # far longer than Slack waits for an answer
REPOSITORY = Path(__file__).parents[2]

_HOLD = """
import sys, time
from tests.storage.processes import holding_all_writes
with holding_all_writes(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


async def test_text_and_choices_stay_while_2_is_chosen_taken_back_and_chosen_again(
    story: Story,
) -> None:
    modal = await opened(story)
    await modal.choose(IMPLEMENTATION, "(ii)")
    await modal.fill(ISSUES, WRITTEN)

    for mark, label in (("②", "(必須)"), ("①", "(②の場合は必須)"), ("②", "(必須)")):
        await modal.choose(ATTAINMENT, mark)
        await modal.until(partial(_asks_for, f"{ISSUES}{label}"))

        assert modal.value_of(ISSUES) == WRITTEN
        assert modal.value_of(IMPLEMENTATION) == "(ii) 実施できない見込み"
    assert (await modal.submit()).outcome is Outcome.UPDATED
    [stored] = await story.revisions()
    assert stored.after["issues"] == WRITTEN


async def test_what_is_refused_stays_in_the_modal_with_the_reason_under_its_field(
    story: Story,
) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues="なし")

    refused = await modal.submit()

    assert refused.outcome is Outcome.ERRORS
    assert "「なし」「—」だけでは完了できません" in (modal.error_under(ISSUES) or "")
    assert modal.value_of(ISSUES) == "なし"
    assert modal.value_of(ATTAINMENT) == "② 達成できない見込み"
    await modal.fill(ISSUES, WRITTEN)
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def test_the_next_items_form_holds_nothing_of_the_last_one(story: Story) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    await modal.submit()

    await modal.submit()

    assert "取組項目2" in modal.title
    assert modal.value_of(ISSUES) in (None, "")
    assert modal.value_of(ATTAINMENT) is None


@EACH_KIND
async def test_while_the_database_is_locked_for_ten_seconds_nothing_is_lost_and_all_is_said(
    story: Story,
) -> None:
    """Another process holds the lock; whoever submits knows within Slack's three seconds."""
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    await story.bot.background.drain(5)
    refused = 0

    with _held_by_another_process(story.database_url) as holder:
        while holder.poll() is None:
            started = processor.monotonic()
            result = await modal.submit()
            took = processor.monotonic() - started
            if result.outcome is Outcome.UPDATED:  # the lock has just gone
                break
            refused += 1
            assert took < 3
            assert result.outcome is Outcome.ERRORS
            assert "入力した文は画面に残っています" in (modal.error_under(ISSUES) or "")
            assert modal.value_of(ISSUES) == WRITTEN

    assert refused >= 3
    if modal.submit_text == "入力を完了する":
        assert (await modal.submit()).outcome is Outcome.UPDATED
    await story.bot.background.drain(5)
    [stored] = await story.revisions()
    assert stored.after["issues"] == WRITTEN


def _asks_for(label: str, screen: Screen) -> bool:
    return label in screen.labels()


@contextmanager
def _held_by_another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Its write is under way for so long."""
    command = [sys.executable, "-c", _HOLD, url, str(HOLD_SECONDS)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.wait(HOLD_SECONDS + 5)
    finally:
        holder.kill()
        holder.communicate()
