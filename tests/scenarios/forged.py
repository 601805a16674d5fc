"""A button of a person's own making, in a message of the bot that they have: what does it do?"""

from __future__ import annotations

from playground import Message, Screen
from tests.scenarios.office import Story


async def forge(story: Story, part: str, action_id: str, value: str) -> Message:
    """An answer that only this person sees, in which such a button stands."""
    message = await story.whispered(part, "ヘルプ")
    button = {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": {"type": "plain_text", "text": "押す"},
    }
    blocks = [{"type": "actions", "block_id": "forged", "elements": [button]}]
    return story.slack.workspace.edit(message, text="forged", blocks=blocks)


async def forge_in_conversation(story: Story, part: str, action_id: str, value: str) -> Message:
    """The same in their conversation with the bot, as letters stand there."""
    channel = story.slack.workspace.direct_channel(story.user(part).id)
    button = {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": {"type": "plain_text", "text": "押す"},
    }
    blocks = [{"type": "actions", "block_id": "forged", "elements": [button]}]
    bot = story.slack.bot_user_id
    return story.slack.workspace.post(channel, user=bot, text="forged", blocks=blocks)


async def opened(story: Story, part: str, action_id: str, value: str) -> Screen:
    """The modal that it opens."""
    message = await forge(story, part, action_id, value)
    return await story.person(part).click(message, "押す")
