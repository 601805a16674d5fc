"""The review of a ward's vision (区将来ビジョンの振り返り): 基本方針 > （1） > ① > a table.

Each row of a table is one undertaking, with what it aims at, what was achieved and what remains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.form import Form
from bot.domain.forms.form_files import built_in
from bot.domain.plans import Fault, SheetAnswers, SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.headings import read_heading
from bot.sheets.rows import Row, rows_of
from bot.sheets.vision_headings import (
    Level,
    VisionHeading,
    is_numbered_heading,
    lost_numbers,
    period_of,
    read_headings,
)
from bot.sheets.vision_tables import (
    ACHIEVED,
    AIM,
    DIRECTION,
    GROUP,
    IN_CHARGE,
    REMAINING,
    Heads,
    VisionRow,
    columns_of,
    heads_of,
    read_row,
    rows_by_line,
)

FORM = "vision"

_HANDOUT = re.compile(r"^資料\s*[\d－-]*\s*")  # its number among the papers of a meeting
_INHERITED = "めざす状態は、結合されたセルとして上の行と同じにしました。"
_SHIFTED = "担当が右の列にずれていたため、担当として読みました。検討グループは空です。"
_NOBODY = "担当がありません。資料を確かめて、担当を決めてください。"
_LETTER = "「○」が英字の「O」になっているかもしれません。書かれているとおりに取り込みます。"

# 「○SNS」 read as 「OSNS」: a bullet at the start of a paragraph or after another bullet.
_BULLET_AS_LETTER = re.compile(r"(?:^|\n|○)O(?=[A-Z]{2})")


@dataclass(frozen=True)
class Theme:
    """One theme: the headings it stands under, outermost first, and its rows."""

    headings: tuple[VisionHeading, ...]
    rows: tuple[VisionRow, ...]

    def heading(self, level: Level) -> VisionHeading | None:
        """The heading of one level, None where the theme has none."""
        return next((each for each in self.headings if each.level == level), None)

    @property
    def code(self) -> str:
        """「1-2-3」, lost numbers counted on."""
        return "-".join(str(each.counted) for each in self.headings)


@dataclass(frozen=True)
class VisionReview:
    """A whole review as it is laid out."""

    title: str
    themes: tuple[Theme, ...]
    stray: tuple[Row, ...]


def is_vision(rows: Sequence[Row], form: Form) -> bool:
    """Whether a document is such a review: by the columns of its tables."""
    heads = heads_of(form)
    return any(columns_of(row, heads) for row in rows)


def read_vision_text(text: str) -> SheetPlan:
    """Read a whole review as text. Raises SheetRefused when it is none."""
    return read_vision(rows_of(text), built_in(FORM))


def read_vision(rows: Sequence[Row], form: Form) -> SheetPlan:
    """Read a whole review, with every fault in it. Raises SheetRefused when it is none."""
    if not is_vision(rows, form):
        raise SheetRefused(
            (), "将来ビジョンの振り返りの表がありません。見出しの行を確かめてください。"
        )
    return _plan(lay_out(rows, form), form)


def lay_out(rows: Sequence[Row], form: Form) -> VisionReview:
    """The themes of a review with their rows, in the order of the document."""
    heads = heads_of(form)
    title, body = _title(rows, heads)
    themes: list[Theme] = []
    pending: list[Row] = []
    columns: dict[str, int] = {}
    stray: list[Row] = []
    for row in body:
        head = columns_of(row, heads)
        if head:
            themes = _opened(themes, pending)
            columns, pending = head, []
        elif any(row.cells[1:]) and columns:
            themes[-1] = _continued(themes[-1], row, columns)
        elif row.text.endswith("。"):
            stray.append(row)
        else:
            pending.append(row)
    return VisionReview(title, tuple(themes), (*stray, *pending))


def _title(rows: Sequence[Row], heads: Heads) -> tuple[str, Sequence[Row]]:
    """The lines up to the title, and those below it."""
    for index, row in enumerate(rows):
        if "ビジョン" in row.text and not columns_of(row, heads):
            return row.text, rows[index + 1 :]
        if is_numbered_heading(row) or columns_of(row, heads):
            return " ".join(each.text for each in rows[:index]), rows[index:]
    return "", rows


def _opened(themes: list[Theme], headings: Sequence[Row]) -> list[Theme]:
    """The themes with the one that these headings open; none opens where a page breaks."""
    if themes and not headings:
        return themes
    above = themes[-1].headings if themes else ()
    return [*themes, Theme(read_headings(headings, above), ())]


def _continued(theme: Theme, row: Row, columns: dict[str, int]) -> Theme:
    above = theme.rows[-1] if theme.rows else None
    return Theme(theme.headings, (*theme.rows, read_row(row, columns, above)))


def _plan(review: VisionReview, form: Form) -> SheetPlan:
    heading = read_heading([Row(1, (review.title,), after_blank=True)])
    period = period_of(review.title)
    return SheetPlan(
        form=form.key,
        plan=_HANDOUT.sub("", review.title) or None,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=period[0] if period else None,
        last_year=period[1] if period else None,
        initiatives=tuple(_initiatives(review, form.stages[-1].key)),
        warnings=tuple(_warnings(review)),
        faults=tuple(_faults(review)),
    )


def _initiatives(review: VisionReview, stage: str) -> Iterator[SheetInitiative]:
    position = 0
    for theme in review.themes:
        for place, row in enumerate(theme.rows, start=1):
            position += 1
            given = {key: text for key in (ACHIEVED, REMAINING) if (text := row.text(key))}
            initiative = _initiative(theme, row, place, position)
            yield replace(initiative, answers={stage: SheetAnswers(given)})


def _initiative(theme: Theme, row: VisionRow, place: int, position: int) -> SheetInitiative:
    innermost = theme.headings[-1] if theme.headings else None
    return SheetInitiative(
        code=f"{theme.code}-{place}",
        position=position,
        number=position,
        title=innermost.title if innermost else "",
        details=_details(theme, row),
        sections=tuple((row.text(IN_CHARGE) or "").splitlines()),
    )


def _details(theme: Theme, row: VisionRow) -> dict[str, str]:
    headings = {each.level.name.lower(): each.as_written for each in theme.headings}
    texts = {key: row.text(key) for key in (AIM, DIRECTION, IN_CHARGE, GROUP)}
    return {**headings, **{key: text for key, text in texts.items() if text}}


def _faults(review: VisionReview) -> Iterator[Fault]:
    for theme in review.themes:
        for row in theme.rows:
            if not theme.headings:
                said = "何の表か分かりません。表の上に「①…」のような見出しを書いてください。"
                yield Fault(row.line, None, said)
            yield from _row_faults(row)
    for heading in _headings(review):
        if not heading.title:
            said = f"見出し「{heading.as_written}」に題名がありません。"
            yield Fault(heading.line, None, f"{said}番号のあとに書いてください。")
    yield from _twice(review)


def _headings(review: VisionReview) -> list[VisionHeading]:
    """Each heading once, in the order of the document."""
    return list(dict.fromkeys(each for theme in review.themes for each in theme.headings))


def _row_faults(row: VisionRow) -> Iterator[Fault]:
    for key, name in ((AIM, "めざす状態"), (DIRECTION, "取組の方向性")):
        if not row.text(key):
            yield Fault(row.line, name, f"{name}がありません。書き入れてください。")
    if row.unplaced:
        said = f"どの欄の文か分かりません({'、'.join(row.unplaced)[:40]})。"
        yield Fault(row.line, None, f"{said}列の数を見出しとそろえてください。")


def _twice(review: VisionReview) -> Iterator[Fault]:
    seen: dict[str, Theme] = {}
    for theme in review.themes:
        if theme.code in seen and theme.headings:
            heading = theme.headings[-1]
            said = f"「{heading.as_written}」と同じ番号の見出しがあります。"
            yield Fault(heading.line, None, f"{said}番号を確かめてください。")
        seen[theme.code] = theme


def _warnings(review: VisionReview) -> Iterator[str]:
    yield from _lost_numbers(review)
    rows = [row for theme in review.themes for row in theme.rows]
    told = (
        ([row for row in rows if row.aim_inherited], _INHERITED),
        ([row for row in rows if row.shifted], _SHIFTED),
        ([row for row in rows if not row.text(IN_CHARGE)], _NOBODY),
        ([row for row in rows if _has_letter_for_bullet(row)], _LETTER),
    )
    for concerned, words in told:
        if concerned:
            yield f"{rows_by_line(concerned)}：{words}"
    for line in review.stray:
        yield f"{line.number}行目：どの欄の文か分からないため、取り込みません({line.text[:40]})。"


def _lost_numbers(review: VisionReview) -> Iterator[str]:
    headings = _headings(review)
    for each in lost_numbers(headings):
        yield (
            f"{each.line}行目：見出し「{each.title}」の番号が読めません。"
            f"順番から{each.counted}として数えました。"
        )
    yield from _skipped(headings)


def _skipped(headings: Sequence[VisionHeading]) -> Iterator[str]:
    """A sentence for each numbered heading before which another is missing."""
    last: dict[Level, int] = {}
    for heading in headings:
        expected = last.get(heading.level, 0) + 1
        if heading.number is not None and heading.counted > expected:
            yield (
                f"{heading.line}行目：見出し「{heading.as_written}」の前に、{expected}番が"
                "ありません。抜けていないか確かめてください。"
            )
        last = {level: n for level, n in last.items() if level < heading.level}
        last[heading.level] = heading.counted


def _has_letter_for_bullet(row: VisionRow) -> bool:
    return any(_BULLET_AS_LETTER.search(text) for text in row.texts.values() if text)
