"""chat.*, conversations.* and users.*: what Slack does that is easily got wrong."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import NotOnScreen, SlackStandIn, User
from tests.playground.samples import section

KEY = {"event_type": "letter", "event_payload": {"key": "k1"}}


async def test_a_message_to_a_user_is_answered_with_the_id_of_the_conversation(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    first = await client.chat_postMessage(channel=hanako.id, text="一通目")
    second = await client.chat_postMessage(channel=str(first["channel"]), text="二通目")

    assert str(first["channel"]).startswith("D")
    assert float(second["ts"]) > float(first["ts"])
    assert [m.text for m in slack.messages(hanako)] == ["一通目", "二通目"]


async def test_an_update_wants_the_conversation_and_not_the_user(
    client: AsyncWebClient, hanako: User
) -> None:
    posted = await client.chat_postMessage(channel=hanako.id, text="通知")

    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_update(channel=hanako.id, ts=str(posted["ts"]), text="更新")


async def test_an_update_with_text_alone_takes_the_blocks_and_leaves_the_metadata(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    posted = await client.chat_postMessage(
        channel=hanako.id, text="通知", blocks=[section()], metadata=KEY
    )

    await client.chat_update(channel=str(posted["channel"]), ts=str(posted["ts"]), text="受付")

    message = slack.messages(hanako)[0]
    assert (message.text, message.blocks, message.metadata) == ("受付", (), KEY)
    assert message.edited


async def test_what_is_not_ones_own_or_not_there_cannot_be_updated(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    said = await slack.as_user(hanako).say("こんにちは")

    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=said.channel, ts=said.ts, text="更新")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=said.channel, ts="1.000001", text="更新")


@pytest.mark.parametrize("refusal", ["user_disabled", "channel_not_found"])
async def test_messages_to_somebody_who_has_left_are_refused_only_on_request(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User, refusal: str
) -> None:
    slack.deactivate(hanako)
    await client.chat_postMessage(channel=hanako.id, text="通知")

    slack.workspace.refuse_deactivated = refusal

    with pytest.raises(SlackApiError, match=refusal):
        await client.chat_postMessage(channel=hanako.id, text="通知")


async def test_an_ephemeral_message_is_seen_by_one_member(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    taro = slack.add_user("佐藤 太郎")
    channel = slack.add_channel("改革推進", hanako)

    await client.chat_postEphemeral(channel=channel.id, user=hanako.id, text="あなただけ")

    assert [m.text for m in slack.ephemerals(hanako)] == ["あなただけ"]
    assert slack.ephemerals(taro) == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel=channel.id, user=taro.id, text="あなただけ")


async def test_an_address_finds_its_account_until_it_is_deactivated(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    found = await client.users_lookupByEmail(email=hanako.email.upper())
    slack.deactivate(hanako)

    assert found["user"]["id"] == hanako.id
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email=hanako.email)


async def test_opening_a_conversation_twice_gives_the_same_one(
    client: AsyncWebClient, hanako: User
) -> None:
    first = await client.conversations_open(users=hanako.id)
    second = await client.conversations_open(users=[hanako.id])

    assert first["channel"]["id"] == second["channel"]["id"]


async def test_what_is_known_of_a_conversation_needs_a_scope_of_its_own(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    channel = (await client.conversations_open(users=hanako.id))["channel"]["id"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.conversations_info(channel=channel)

    slack.workspace.scopes += ("im:read",)

    assert (await client.conversations_info(channel=channel))["channel"]["user"] == hanako.id
    members = (await client.conversations_members(channel=channel))["members"]
    assert set(members) == {hanako.id, slack.bot_user_id}


async def test_mentions_are_live_in_mrkdwn_and_dead_once_escaped_or_plain(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    ring, safe = "<!channel> さん", "&lt;!channel&gt; さん"
    header = {"type": "header", "text": {"type": "plain_text", "text": ring}}

    await client.chat_postMessage(channel=hanako.id, text=safe, blocks=[section(ring)])
    await client.chat_postMessage(channel=hanako.id, text=safe, blocks=[section(safe), header])
    await client.chat_postMessage(channel=hanako.id, text="<@U1>")

    assert [m.live_mentions for m in slack.messages(hanako)] == [["<!channel>"], [], ["<@U1>"]]


async def test_what_people_type_arrives_escaped(slack: SlackStandIn, hanako: User) -> None:
    said = await slack.as_user(hanako).say("人 & 物 <!channel>")

    assert said.text == "人 &amp; 物 &lt;!channel&gt;"


async def test_nobody_acts_after_they_have_left(slack: SlackStandIn, hanako: User) -> None:
    slack.deactivate(hanako)

    with pytest.raises(NotOnScreen):
        await slack.as_user(hanako).command("/kaikaku")
