"""What docs/security.ja.md says is true: an office decides by it whether kaikaku may be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.config import Settings
from bot.domain.drafts import KEPT_FOR
from storage.models import Table

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.ja.md").read_text(encoding="utf-8")
MANIFEST = json.loads((ROOT / "manifest" / "socket.json").read_text(encoding="utf-8"))


def section(title: str) -> str:
    """What stands below a heading, up to the next."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The names in the first column of its tables."""
    return [
        name
        for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    ]


def _code(*packages: str) -> str:
    """What runs, without the tables' own descriptions."""
    return "".join(
        path.read_text(encoding="utf-8")
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if not {"models", "migrations"} & set(path.parts)
    )


def test_it_explains_the_scopes_and_events_of_the_manifest_and_no_others() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

    assert sorted(first_cells(section("Slack アプリの権限"))) == sorted([*scopes, *events])


def test_it_says_of_every_table_what_is_in_it() -> None:
    assert sorted(first_cells(section("保存する情報"))) == sorted(Table.metadata.tables)


def test_a_table_that_nothing_writes_is_said_to_be_empty_and_no_other() -> None:
    """Whoever begins to write one takes its name out of that sentence."""
    sentences = re.findall(r"^- (`.*)は今後のために用意したもの", PAGE, re.MULTILINE)
    models = {str(model.__tablename__): model.__name__ for model in Table.__subclasses__()}
    code = _code("bot", "handlers", "storage")

    # Rows are made of their model, or handed over with it; reading or emptying is no writing.
    made = r"\b{0}\(|, {0}, |insert\({0}\)"
    unwritten = {name for name, model in models.items() if not re.search(made.format(model), code)}
    assert {name for each in sentences for name in re.findall(r"`(\w+)`", each)} == unwritten


def test_a_scope_that_nothing_uses_yet_is_said_to_be_unused() -> None:
    """Whoever builds what reads or sends files takes those words out."""
    code = _code("bot", "handlers")
    rows = dict(re.findall(r"^\| `(files:\w+)` \| (.*) \|$", PAGE, re.MULTILINE))
    used = {
        "files:read": bool(re.search(r"files\.info|files_info|url_private", code)),
        "files:write": bool(re.search(r"files\.\w*[uU]pload|files_\w*upload", code)),
    }

    unused = {scope: "まだ使っていません" in row for scope, row in rows.items()}
    assert unused == {scope: not is_used for scope, is_used in used.items()}


def test_only_numbers_go_to_a_channel_and_nothing_is_deleted_in_slack() -> None:
    assert "ほかのチャンネルには送らず" in PAGE
    assert "channels:read" not in MANIFEST["oauth_config"]["scopes"]["bot"]
    assert not re.search(r"chat\W?delete", _code("bot", "handlers"))


def test_every_secret_that_settings_hold_is_named() -> None:
    hidden = {name for name, field in Settings.__dataclass_fields__.items() if not field.repr}
    named = set(first_cells(section("秘密の情報")))

    assert hidden == {"bot_token", "app_token", "signing_secret", "database_url"}
    assert {f"SLACK_{name.upper()}" for name in hidden - {"database_url"}} < named
    assert {"DATABASE_URL", "HTTPS_PROXY"} < named


def test_the_trail_names_the_ways_that_it_says_and_no_others() -> None:
    (named,) = re.findall(r"経路\(([a-z・]+)\)", PAGE)
    used = re.findall(r'Actor\("(\w+)"|actor="(\w+)"', _code("bot", "schedules", "storage"))

    assert set(named.split("・")) == {word for pair in used for word in pair if word}


def test_drafts_are_kept_as_long_as_it_says() -> None:
    assert f"{KEPT_FOR.days}日書きかえがないときに消す" in section("保存期間と削除")


def test_its_own_table_of_contents_leads_to_its_headings() -> None:
    def anchor(title: str) -> str:
        return re.sub(r"[・。、]", "", title.lower()).replace(" ", "-")

    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)

    assert re.findall(r"^- \[(.*)\]\(#(.*)\)$", PAGE, re.MULTILINE) == [
        (title, anchor(title)) for title in headings
    ]
