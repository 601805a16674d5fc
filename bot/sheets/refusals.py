"""Papers that are no plan of ours, known by their titles and the heads of their tables.

A paper is refused by the name of what it is, with what can be brought in instead; it is never
read as the form that it resembles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sheets.folding import fold_words
from bot.sheets.rows import Row

_TITLE_WITHIN = 12  # rows from the top
_TITLE_LENGTH = 60
_LOOKED_AT = 400  # rows: what a paper is shows on its first pages
_LABEL_LENGTH = 40
_LABELS_ALONE = 3  # so many heads of a kind tell it without a title

TAKEN = (
    "取り込めるのは、様式3、運営方針(様式1、令和5年度からの様式)、将来ビジョンの振り返り、"
    "区政会議の意見の表と、取組一覧(register)です。"
)


@dataclass(frozen=True)
class OtherPaper:
    """A kind of paper: its name, the words of its titles and heads, and what to do with one.

    ``certain`` are heads that no other paper has; ``printed`` are words that it alone has all of.
    """

    name: str
    advice: str
    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


_PAPERS = (
    OtherPaper(
        name="運営方針(様式2)",
        advice=(
            "具体的取組は運営方針(様式1)で、改革プランの取組は様式3で取り込めます。"
            "同じ年度の、どちらかのシートを指定してください。"
        ),
        certain=("撤退・再構築基準", "撤退基準", "めざす成果及び戦略"),
    ),
    OtherPaper(
        name="平成26年度までの様式(実施見込みが3段階)",
        advice=(
            "3段階の答えを(i)・(ii)や①・②に読みかえることはできません。"
            "今の様式に写してから取り込むか、この様式をFORMS_DIRのファイルに書いてください。"
        ),
        printed=("実施済み又は実施できる見込", "一部実施できない見込"),
    ),
    OtherPaper(
        name="予算要求の資料",
        advice="予算額だけの資料で、計画ではありません。運営方針か様式3のシートを指定してください。",
        titles=("予算要求", "予算算定", "予算案", "予算事業一覧"),
        labels=("要求額", "査定額", "算定額", "前年度予算額", "当初予算額", "増減", "所要一般財源"),
    ),
    OtherPaper(
        name="業務棚卸表",
        advice="日々の業務の一覧で、計画ではありません。計画にする業務を取組一覧に写してください。",
        titles=("業務棚卸",),
        labels=("業務名", "業務量", "処理件数", "所要時間", "年間時間", "従事人数", "業務区分"),
    ),
    OtherPaper(
        name="行政評価(事務事業評価)のシート",
        advice="ほかの評価の様式で、印の意味が違います。様式3のシートを指定してください。",
        titles=("事務事業評価", "行政評価", "施策評価"),
        labels=("妥当性", "有効性", "効率性", "公平性", "今後の方向性", "総合評価", "事務事業名"),
    ),
    OtherPaper(
        name="総合計画・総合戦略の進捗管理表",
        advice="KPIの一覧で、様式が違います。取り込む取組を取組一覧に写してください。",
        titles=("総合計画", "総合戦略", "中期計画", "実施計画の進捗"),
        labels=("KPI", "重要業績評価指標", "基準値", "現状値", "目標値(最終年度)", "進捗率"),
    ),
    OtherPaper(
        name="ほかの計画の進捗管理表",
        advice="進み具合の表し方が違います。取り込む取組を取組一覧に写してください。",
        titles=("進捗管理", "進捗状況一覧"),
        labels=("進捗状況", "進捗度", "進捗評価", "達成度", "担当局", "担当部局"),
    ),
    OtherPaper(
        name="職員の目標管理(人事評価)のシート",
        advice="個人の評価のため、取り込みません。Slackに置いた場合は、削除してください。",
        titles=("目標管理シート", "業績評価シート", "人事評価"),
        labels=("被評価者", "一次評価者", "評価者", "難易度", "職員番号", "本人評価"),
    ),
    OtherPaper(
        name="会議の議事録",
        advice="意見と対応の表(「意見」「反映の有無」の列)にすると、取り込めます。",
        titles=("議事録", "議事要旨", "会議録", "会議要旨"),
    ),
)

# Papers whose own readers could not read them, or that another reader was asked to read.
_FAMILIAR = (
    ("将来ビジョンの振り返り", ("将来ビジョン", "振り返り")),
    ("運営方針(様式1)", ("運営方針", "経営課題")),
    ("運営方針(様式1)", ("運営方針", "様式1")),
    ("運営方針(様式2)", ("経営課題",)),
    ("運営方針(様式2)", ("様式2",)),
)


def other_paper(rows: Sequence[Row]) -> OtherPaper | None:
    """The kind of paper this is, where that is certain; None for what may be a plan of ours."""
    rows = rows[:_LOOKED_AT]
    titles = [fold_words(row.text) for row in rows[:_TITLE_WITHIN] if _is_title(row)]
    labels = {fold_words(cell) for row in rows for cell in row.cells if len(cell) <= _LABEL_LENGTH}
    text = "".join(fold_words(row.text) for row in rows)
    return next((each for each in _PAPERS if _is(each, titles, labels, text)), None)


def titled_paper(above: Sequence[Row], heads: Sequence[str]) -> OtherPaper | None:
    """The kind of paper that rows above a table call it, where a head of the table bears it out."""
    titles = [fold_words(row.text) for row in above if _is_title(row)]
    labels = {fold_words(head) for head in heads}
    return next(
        (each for each in _PAPERS if _is_named(each, titles) and _heads(each, labels)), None
    )


def refused(paper: OtherPaper) -> str:
    """The sentence for a paper of a known kind."""
    return f"これは{paper.name}です。{paper.advice}"


def refusal(rows: Sequence[Row]) -> str:
    """Why a text is no plan, by the name of what it is where that can be told."""
    paper = other_paper(rows)
    if paper is not None:
        return refused(paper)
    text = fold_words("".join(row.text for row in rows))
    for name, words in _FAMILIAR:
        if all(word in text for word in words):
            return f"これは{name}のようですが、表が読めません。{TAKEN}"
    return f"計画のシートではありません(「取組項目1」のような行がありません)。{TAKEN}"


def _is(paper: OtherPaper, titles: Sequence[str], labels: set[str], text: str) -> bool:
    if paper.printed and all(fold_words(words) in text for words in paper.printed):
        return True
    if any(_stands(head, labels) for head in paper.certain):
        return True
    named = _is_named(paper, titles)
    if not paper.labels:
        return named
    return _heads(paper, labels) >= (1 if named else _LABELS_ALONE)


def _is_named(paper: OtherPaper, titles: Sequence[str]) -> bool:
    return any(fold_words(word) in title for word in paper.titles for title in titles)


def _heads(paper: OtherPaper, labels: set[str]) -> int:
    return sum(_stands(head, labels) for head in paper.labels)


def _stands(head: str, labels: set[str]) -> bool:
    """Whether a cell begins with the words of a head: 「妥当性(A～D)」."""
    words = fold_words(head)
    return any(label.startswith(words) for label in labels)


def _is_title(row: Row) -> bool:
    return (
        len(row.text) <= _TITLE_LENGTH
        and sum(map(bool, row.cells)) == 1
        and not row.text.endswith("。")
    )
