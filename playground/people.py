"""The people of the stand-in's workspace, and how the Web API describes them."""

from __future__ import annotations

from dataclasses import dataclass

from playground.rules import Json


@dataclass(frozen=True)
class User:
    """One account; a changed account is a new value under the same id."""

    id: str
    name: str
    email: str
    deleted: bool = False
    restricted: bool = False
    external: bool = False
    is_bot: bool = False
    tz: str = "Asia/Tokyo"

    def describe(self, *, team_id: str, with_email: bool) -> Json:
        """The user object of users.info, users.list and user_change."""
        profile: Json = {
            "real_name": self.name,
            "display_name": self.name,
            "real_name_normalized": self.name,
            "display_name_normalized": self.name,
            "team": team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        person = {
            "id": self.id,
            "team_id": "TOTHER" if self.external else team_id,
            "name": self.email.partition("@")[0] or self.id.lower(),
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        return person if self.deleted else {**person, **self._describe_live()}

    def _describe_live(self) -> Json:
        return {
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": "Japan Standard Time",
            "tz_offset": 32400,
            "is_admin": False,
            "is_owner": False,
            "is_restricted": self.restricted,
            "is_ultra_restricted": False,
            "is_stranger": self.external,
        }
