"""The 24 wards of the city, in their official order (建制順).

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WARDS = (
    ("kita", "北区", "きたく"),
    ("miyakojima", "都島区", "みやこじまく"),
    ("fukushima", "福島区", "ふくしまく"),
    ("konohana", "此花区", "このはなく"),
    ("chuo", "中央区", "ちゅうおうく"),
    ("nishi", "西区", "にしく"),
    ("minato", "港区", "みなとく"),
    ("taisho", "大正区", "たいしょうく"),
    ("tennoji", "天王寺区", "てんのうじく"),
    ("naniwa", "浪速区", "なにわく"),
    ("nishiyodogawa", "西淀川区", "にしよどがわく"),
    ("yodogawa", "淀川区", "よどがわく"),
    ("higashiyodogawa", "東淀川区", "ひがしよどがわく"),
    ("higashinari", "東成区", "ひがしなりく"),
    ("ikuno", "生野区", "いくのく"),
    ("asahi", "旭区", "あさひく"),
    ("joto", "城東区", "じょうとうく"),
    ("tsurumi", "鶴見区", "つるみく"),
    ("abeno", "阿倍野区", "あべのく"),
    ("suminoe", "住之江区", "すみのえく"),
    ("sumiyoshi", "住吉区", "すみよしく"),
    ("higashisumiyoshi", "東住吉区", "ひがしすみよしく"),
    ("hirano", "平野区", "ひらのく"),
    ("nishinari", "西成区", "にしなりく"),
)

_UNIT = sa.table(
    "unit",
    *(sa.column(name) for name in ("code", "name", "kana", "kind", "position")),
    *(sa.column(name) for name in ("contact", "extension")),
)


def upgrade() -> None:
    """Enter the wards; their contacts are set later."""
    rows = [
        {
            "code": code,
            "name": name,
            "kana": kana,
            "kind": "ward",
            "position": position,
            "contact": "",
            "extension": "",
        }
        for position, (code, name, kana) in enumerate(_WARDS, start=1)
    ]
    op.bulk_insert(_UNIT, rows)


def downgrade() -> None:
    """Take the wards out again."""
    op.execute(sa.delete(_UNIT).where(_UNIT.c.code.in_([code for code, _, _ in _WARDS])))
