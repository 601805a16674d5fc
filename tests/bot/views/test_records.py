"""History, retention and pictures: whatever people wrote does nothing, and stays within limits."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.domain.charts import Chart, Figure, Series, Tone, days_of, running_total
from bot.domain.retention import Rule
from bot.views import charts, histories, retention
from bot.views.history_events import FieldChange
from bot.views.targets import AllTarget, HistoryTarget
from playground.messages import LIVE
from tests.bot.views import catalogue_records as samples
from tests.bot.views.samples import MID
from tests.bot.views.slack import assert_message, assert_modal
from tests.bot.views.test_any_text import HOSTILE
from tests.bot.views.test_wording import mrkdwn

LONG = "長い文です。" * 500
WIDE_TEXTS = (HOSTILE, LONG, "")


@pytest.mark.parametrize("text", WIDE_TEXTS)
def test_a_history_of_any_text_is_taken_by_slack_and_does_nothing(text: str) -> None:
    change = FieldChange(text, text, text)
    entered = samples._entered(1, 1, name=text, reason=text, entered_for=text)
    events = (
        replace(entered, changes=(change,) * 45),
        samples._decided(2, 1, name=text, comment=text, sent_back=True),
        samples._told(3, text, name=text),
    )
    whole = replace(samples.HISTORY, unit_name=text, title=text, code=text, events=events * 20)

    for page in range(6):
        view = histories.build_history(replace(whole, target=HistoryTarget(1, 2, page)), note=text)
        assert_modal(view)
        assert len(json.dumps(view, ensure_ascii=False).encode("utf-8", "ignore")) < 250_000
        assert not [found for each in mrkdwn(view) for found in LIVE.findall(each)]


def test_every_event_stands_on_exactly_one_page_and_the_newest_first() -> None:
    seen: list[str] = []
    for page in range(40):
        target = HistoryTarget(12, 7, page)
        view = histories.build_history(replace(samples.MANY, target=target))
        seen += [each for each in mrkdwn(view) if "第3版" in each and "修正" in each]
        if "古い記録" not in json.dumps(view, ensure_ascii=False):
            break

    assert len(seen) == 12
    first = histories.build_history(replace(samples.MANY, target=HistoryTarget(12, 7)))
    acts = [each for each in mrkdwn(first) if each.startswith("*確認")]
    assert acts[0].startswith("*確認(区長)*")


@pytest.mark.parametrize("text", WIDE_TEXTS)
def test_retention_of_any_text_is_taken_by_slack_and_does_nothing(text: str) -> None:
    plans = tuple(
        replace(samples.DUE, plan_id=n, name=text, form=text or "様式3") for n in range(145)
    )
    disposals = (replace(samples.DISPOSED, name=text),) * 30
    keeping = retention.Keeping(1, text or "区", Rule(5, text[:200]), plans, disposals)

    for view in (
        retention.build_keeping(keeping),
        retention.build_disposal(keeping, plans[0], {}),
        retention.build_saved(text, keeping.rule, 145),
        retention.build_disposed(text, disposals[0]),
    ):
        assert_modal(view)
        assert not [found for each in mrkdwn(view) for found in LIVE.findall(each)]


@pytest.mark.parametrize("text", WIDE_TEXTS)
def test_pictures_of_145_rows_and_any_name_are_taken_by_slack(text: str) -> None:
    name = charts.label_of(text)
    rows = tuple(f"{name}{n}" for n in range(90))
    figure = Figure(Chart.SECTIONS, text, text, rows, (Series("①", Tone.LIGHT, (1,) * 90),))
    shown = charts.Charts(text or "区", "1", (figure,), samples.NOW)

    assert_modal(charts.build_charts(shown, note=text))
    said = charts.comment_of(figure, 2800)
    assert LIVE.findall(said) == []
    assert len(said) <= 2800
    units = replace(figure, chart=Chart.UNITS)
    assert_message(charts.render_table(replace(shown, figures=(units,))))


def test_days_and_running_totals_count_each_once() -> None:
    days = days_of(MID.dates.opens, MID.dates.due)

    assert len(days) == 18
    assert running_total(days, [days[0], days[2], days[2]])[:4] == (1, 1, 3, 3)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("12:34", HistoryTarget(12, 34)),
        ("12:34:5", HistoryTarget(12, 34, 5)),
        ("34", HistoryTarget(0, 34)),
        ("12:34:x", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_history_is_named_by_ids_alone(value: object, target: HistoryTarget | None) -> None:
    assert HistoryTarget.decode(value) == target
    if target is not None and target.round_id:
        assert HistoryTarget.decode(target.encode()) == target


@pytest.mark.parametrize("target", [AllTarget(), AllTarget(2026), AllTarget(2026, "mid-year")])
def test_a_picture_of_all_units_is_named_by_year_and_stage(target: AllTarget) -> None:
    assert AllTarget.decode(target.encode()) == target
    for forged in ("all", "all:26:", "all::UPPER", "1:all:", None):
        assert AllTarget.decode(forged) is None
