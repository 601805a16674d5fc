"""Settings from the environment: a frozen value, read once in the wiring.

A command asks only for what it uses, and is told of all that is missing at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.errors import Refused
from bot.route import DIRECT, Route

SLACK_API = "https://slack.com/api/"
DEFAULT_DATABASE = "sqlite:///kaikaku.db"

# Every variable that kaikaku reads; .env.example and the README explain each (a test compares).
VARIABLES = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
    "DATABASE_URL",
    "FORMS_DIR",
    "HOST",
    "PORT",
    "METRICS_PORT",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "KAIKAKU_CLOCK",
    "LOG_LEVEL",
    "LOG_FORMAT",
)

# Other programs read these in small letters, and so do we where the large ones are not set.
_ALSO_SMALL = ("HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Settings:
    """What the environment says. Secrets stay out of ``repr``."""

    bot_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = SLACK_API
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    forms_dir: Path | None = None  # an office's own forms
    host: str = "0.0.0.0"  # noqa: S104  a container's port is published from outside
    port: int = 3000
    metrics_port: int | None = None
    route: Route = DIRECT
    clock_file: Path | None = None
    log_level: str = "INFO"
    log_format: str = "text"

    @property
    def on_loopback(self) -> bool:
        """Whether Slack's API is a stand-in on this machine."""
        return is_loopback(self.api_url)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by WebSocket rather than by signed HTTP."""
        return bool(self.app_token)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.database_url.startswith("sqlite")


def load(environment: Mapping[str, str], *, needs: tuple[str, ...] = ()) -> Settings:
    """Read settings; raises Refused naming every fault at once.

    ``needs`` are the variables that the command cannot do without; ``A|B`` means one of them.
    """
    values = {name: _value(environment, name) for name in VARIABLES}
    faults = [*_missing(values, needs), *_unusable(values)]
    if faults:
        raise Refused("設定が足りないか、正しくありません。", faults)
    return Settings(
        bot_token=values["SLACK_BOT_TOKEN"],
        signing_secret=values["SLACK_SIGNING_SECRET"],
        app_token=values["SLACK_APP_TOKEN"],
        api_url=_api_url(values["SLACK_API_URL"]),
        database_url=values["DATABASE_URL"] or DEFAULT_DATABASE,
        forms_dir=Path(values["FORMS_DIR"]) if values["FORMS_DIR"] else None,
        host=values["HOST"] or Settings.host,
        port=int(values["PORT"] or Settings.port),
        metrics_port=int(values["METRICS_PORT"]) if values["METRICS_PORT"] else None,
        route=Route(
            proxy=_proxy(values["HTTPS_PROXY"]),
            no_proxy=values["NO_PROXY"],
            certificates=values["SSL_CERT_FILE"],
        ),
        clock_file=Path(values["KAIKAKU_CLOCK"]) if values["KAIKAKU_CLOCK"] else None,
        log_level=(values["LOG_LEVEL"] or Settings.log_level).upper(),
        log_format=(values["LOG_FORMAT"] or Settings.log_format).lower(),
    )


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, by address or as localhost."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _value(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    if not text and name in _ALSO_SMALL:
        return environment.get(name.lower(), "").strip()
    return text


def _proxy(text: str) -> str:
    """As curl takes it, without http:// too."""
    return text if "://" in text or not text else f"http://{text}"


def _is_proxy(text: str) -> bool:
    try:
        parts = urlsplit(_proxy(text))
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def _api_url(text: str) -> str:
    return (text or SLACK_API).rstrip("/") + "/"


def _missing(values: Mapping[str, str], needs: tuple[str, ...]) -> list[str]:
    return [
        f"{need.replace('|', ' または ')} を設定してください(.env.example に説明があります)。"
        for need in needs
        if not any(values[name] for name in need.split("|"))
    ]


def _unusable(values: Mapping[str, str]) -> list[str]:
    faults = []
    faults += [
        f"{name} は 0 から 65535 までの数にしてください。"
        for name in ("PORT", "METRICS_PORT")
        if values[name] and not _is_port(values[name])
    ]
    if values["HTTPS_PROXY"] and not _is_proxy(values["HTTPS_PROXY"]):
        faults.append(
            "HTTPS_PROXY は http://利用者名:パスワード@ホスト:ポート の形にしてください。"
        )
    if values["SSL_CERT_FILE"] and not Path(values["SSL_CERT_FILE"]).is_file():
        faults.append(f"SSL_CERT_FILE のファイルがありません：{values['SSL_CERT_FILE']}")
    if values["DATABASE_URL"] and not _is_database(values["DATABASE_URL"]):
        faults.append("DATABASE_URL は sqlite:///PATH か postgresql://… にしてください。")
    if values["FORMS_DIR"] and not Path(values["FORMS_DIR"]).is_dir():
        faults.append(f"FORMS_DIR のフォルダーがありません：{values['FORMS_DIR']}")
    if values["KAIKAKU_CLOCK"] and not is_loopback(_api_url(values["SLACK_API_URL"])):
        faults.append(
            "KAIKAKU_CLOCK は SLACK_API_URL がこのコンピューター(127.0.0.1)のときだけ使えます。"
        )
    if values["LOG_LEVEL"] and values["LOG_LEVEL"].upper() not in _LEVELS:
        faults.append(f"LOG_LEVEL は {'、'.join(_LEVELS)} のどれかにしてください。")
    if values["LOG_FORMAT"] and values["LOG_FORMAT"].lower() not in _FORMATS:
        faults.append(f"LOG_FORMAT は {'か'.join(_FORMATS)} にしてください。")
    return faults


def _is_database(url: str) -> bool:
    """A file's path has no options: with them SQLite would open another file than we protect."""
    path = url.removeprefix("sqlite:///")
    if path != url:
        return path not in ("", ":memory:") and "?" not in path
    return url.startswith(("postgresql://", "postgres://"))


def _is_port(text: str) -> bool:
    return text.isdigit() and int(text) <= 65535


_FORMATS = ("text", "json")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
