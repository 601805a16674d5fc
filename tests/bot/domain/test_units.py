"""Names of units as people type them."""

from __future__ import annotations

import pytest

from bot.domain.units import UnitName, match

_WARDS = (
    ("kita", "北区", "きたく"),
    ("miyakojima", "都島区", "みやこじまく"),
    ("chuo", "中央区", "ちゅうおうく"),
    ("nishi", "西区", "にしく"),
    ("tennoji", "天王寺区", "てんのうじく"),
    ("nishiyodogawa", "西淀川区", "にしよどがわく"),
    ("yodogawa", "淀川区", "よどがわく"),
    ("higashiyodogawa", "東淀川区", "ひがしよどがわく"),
    ("higashinari", "東成区", "ひがしなりく"),
    ("ikuno", "生野区", "いくのく"),
    ("joto", "城東区", "じょうとうく"),
    ("abeno", "阿倍野区", "あべのく"),
    ("sumiyoshi", "住吉区", "すみよしく"),
    ("higashisumiyoshi", "東住吉区", "ひがしすみよしく"),
    ("nishinari", "西成区", "にしなりく"),
    ("soumu", "総務局", "そうむきょく"),
)
UNITS = [UnitName(n, *names) for n, names in enumerate(_WARDS, start=1)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("西区", "西区"),
        ("西", "西区"),
        (" 西 区　", "西区"),
        ("西成", "西成区"),
        ("住吉", "住吉区"),
        ("東住吉", "東住吉区"),
        ("淀川", "淀川区"),
        ("にし", "西区"),
        ("ニシク", "西区"),
        ("ﾆｼﾅﾘ", "西成区"),
        ("ひがしすみよしく", "東住吉区"),
        ("nishi", "西区"),
        ("nishi-ku", "西区"),
        ("Nishi ku", "西区"),
        ("ＮＩＳＨＩ", "西区"),
        ("Higashi-Sumiyoshi", "東住吉区"),
        ("higashi sumiyoshi-ku", "東住吉区"),
        ("Chūō", "中央区"),
        ("chuuou", "中央区"),
        ("tennouji", "天王寺区"),
        ("joutou-ku", "城東区"),
        ("ikuno", "生野区"),
        ("総務", "総務局"),
        ("阿倍", "阿倍野区"),
        ("東住吉区役所", "東住吉区"),
        ("西区役所総務課", "西区"),
    ],
)
def test_a_unit_is_known_in_every_spelling(text: str, name: str) -> None:
    found = match(text, UNITS)

    assert found.unit is not None
    assert found.unit.name == name
    assert found.candidates == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("東", ["東淀川区", "東成区", "東住吉区"]),
        ("ひがし", ["東淀川区", "東成区", "東住吉区"]),
        ("higashi", ["東淀川区", "東成区", "東住吉区"]),
        ("nishi-y", ["西淀川区"]),
    ],
)
def test_a_beginning_that_fits_several_is_asked_back_in_official_order(
    text: str, names: list[str]
) -> None:
    found = match(text, UNITS)

    assert [unit.name for unit in found.candidates or [found.unit] if unit] == names


@pytest.mark.parametrize("text", ["", "　", "南区", "区", "minami", "堺市西区", "-"])
def test_what_is_no_unit_is_none(text: str) -> None:
    found = match(text, UNITS)

    assert found.unit is None
    assert found.candidates == ()
