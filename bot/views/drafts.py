"""What was typed and not submitted: read from each event, and offered when the item is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.drafts import Draft, stamp_of
from bot.domain.errors import Refused
from bot.views import checkin_form
from bot.views.actions import DRAFT, NOTICE_ONLY
from bot.views.blocks import Json, actions, button, context, modal, section
from bot.views.carried import UNREADABLE, read_carried
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from bot.views.words import item_name, item_title, moment_words

CONTINUE = "続きから書く"
START_AFRESH = "新しく書く"

_CONTINUE = f"{DRAFT}:continue"
_AFRESH = f"{DRAFT}:afresh"
_AFRESH_FINAL = f"{DRAFT}:afresh-final"
_TITLE_SHOWN = 1000
_MOST_REVISIONS = 10**6  # nobody corrects an answer so often: it was forged


@dataclass(frozen=True)
class Offer:
    """A draft that its writer finds on opening the item; ``at`` is when it was last written.

    ``final``: the item was being opened to settle what had been provisional.
    """

    round: RoundInfo
    target: Target
    code: str
    title: str
    at: datetime
    final: bool = False


@dataclass(frozen=True)
class Chosen:
    """What somebody wants done with a draft, and Slack's moment of it in microseconds."""

    target: Target
    keeps: bool
    final: bool
    stamp: int


def build_offer(offer: Offer) -> Json:
    """A screen without a single input: until the person has chosen there is nothing to type into
    that the draft, or that what is stored, could then take the place of.
    """
    name, value = item_name(offer.code), offer.target.encode()
    afresh = _AFRESH_FINAL if offer.final else _AFRESH
    buttons = actions(
        button(CONTINUE, _CONTINUE, value, says=f"{name} {CONTINUE}", primary=True),
        button(START_AFRESH, afresh, value, says=f"{name} {START_AFRESH}"),
    )
    blocks = [
        section(item_title(offer.code, offer.title, _TITLE_SHOWN)),
        section(f"前に書きかけた内容({moment_words(offer.at)})があります。"),
        buttons,
        context("書きかけた内容が見えるのは、書いた方だけです。「新しく書く」を選ぶと消えます。"),
    ]
    return modal(f"{offer.round.stage.title} {name}", blocks, callback_id=NOTICE_ONLY)


def read_chosen(body: Mapping[str, Any]) -> Chosen:
    """What was pressed under an offer; Refused when malformed."""
    action = body["actions"][0]
    target, stamp = Target.decode(action.get("value")), stamp_of(action.get("action_ts"))
    if target is None or stamp is None:
        raise Refused(UNREADABLE)
    action_id = action.get("action_id")
    return Chosen(target, action_id == _CONTINUE, action_id == _AFRESH_FINAL, stamp)


def read_typing(body: Mapping[str, Any], *, at: datetime) -> tuple[Target, Draft]:
    """The form as it stands after one change in it, of which we hear at ``at``.

    The change itself is taken from the action: whether ``state`` holds a field that is still being
    typed into Slack does not say. Raises Refused when malformed.
    """
    view, action = body.get("view"), body["actions"][0]
    stamp = stamp_of(action.get("action_ts"))
    if stamp is None or not isinstance(view, Mapping):
        raise Refused(UNREADABLE)
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    changed = {str(action.get("block_id")): {str(action.get("action_id")): action}}
    newest = {**(values if isinstance(values, Mapping) else {}), **changed}
    typed = checkin_form.read({**view, "state": {"values": newest}})
    if typed.revision > _MOST_REVISIONS:
        raise Refused(UNREADABLE)
    draft = Draft(
        base=typed.revision, stamp=stamp, at=at, answers=typed.answers, reason=typed.reason
    )
    return Target(typed.round_id, typed.initiative_id), draft


def read_closed(view: Mapping[str, Any]) -> Target:
    """Which item's form was closed; Refused when malformed. What it held Slack does not tell."""
    carried = read_carried(view.get("private_metadata"))
    return Target(carried.round_id, carried.initiative_id)
