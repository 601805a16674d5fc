"""The ids of buttons, inputs and modals; what a button carries beside its id is in targets.py."""

from __future__ import annotations

import re

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
YEARS_OPEN = "years:open"  # 年度を並べて見る; value: HistoryTarget
YEARS_EXPORT = "years:export"  # ファイルで受け取る; value: the same
LINEAGE_OPEN = "lineage:open"  # 前の年度の項目とつなぐ; value: plan id, or Page of it
LINEAGE_SEARCH = "lineage:search"  # options of an input: items of earlier years
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
UNREADABLE_OPEN = "unreadable:open"  # 判読できない印を確認する; value: unit id, or Page of it
UNIT_OPEN = "unit:open"  # 問い合わせ先と閉庁日; value: unit id
DOCUMENT_OPEN = "document:open"  # 様式を出力; value: round id
PUBLICATION_OPEN = "publication:open"  # 公表を記録する; value: round id
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
LINEAGE = "lineage"  # ... of what items continue
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
UNREADABLE = "unreadable"  # ... of what a published file lost
UNIT = "unit"  # ... of what is known of a unit
DOCUMENT = "document"  # ... of 様式を出力
PUBLICATION = "publication"  # ... of 公表の記録
INPUT = "input"  # action ids of inputs to which nobody listens before the modal is submitted
NOTICE_ONLY = "notice-only"  # ... of modals that only say something


def family(action_id: str) -> re.Pattern[str]:
    """The pattern of an action and its variants (``status:page:next``): one listener for all.

    Slack wants action ids to differ within a block, so buttons side by side carry a suffix.
    """
    return re.compile(rf"^{re.escape(action_id)}(?::[A-Za-z0-9_@.-]+)?$")
