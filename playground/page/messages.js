// The conversation: each message as Slack shows it, and files in it.

import { act } from "./api.js";
import { draw, words } from "./blocks.js";
import { h, reconcile } from "./dom.js";
import { clockWords, dayWords } from "./dates.js";
import { control } from "./inputs.js";
import { busy } from "./modal.js";

/** Draw a person's messages into `log`; stays at the end if the reader was there. */
export function drawMessages(log, mine, { names, bot, tell }) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const wanted = [];
  let day = "";
  for (const message of mine.messages) {
    const today = dayWords(message.ts);
    if (today !== day) wanted.push({ key: `day ${today}`, content: today, make: () => separator(today) });
    day = today;
    wanted.push({
      key: `${mine.user} ${message.ts}`,
      content: JSON.stringify([message.blocks, message.text, message.files]),
      make: () => drawMessage(message, { user: mine.user, names, bot, tell }),
    });
  }
  if (!wanted.length) wanted.push({ key: "none", content: mine.user, make: nothing });
  const fresh = reconcile(log, wanted);
  if (fresh.length && atEnd) log.scrollTop = log.scrollHeight;
}

function separator(day) {
  return h("div", { class: "day" }, h("span", {}, day));
}

function nothing() {
  return h("p", { class: "nothing" }, "まだメッセージはありません。時計を進めるか、下の欄で /kaikaku と入力してみてください。");
}

function drawMessage(message, { user, names, bot, tell }) {
  const fromApp = message.user === bot;
  const on = {
    names,
    state: {},
    press: (node, thing, block) =>
      busy(node, () => act(user, { do: "press", ts: message.ts, block_id: block.block_id, action_id: thing.action_id, value: thing.value })
        .then((reply) => tell(reply))),
  };
  on.enter = (thing, block, value) => tell({ problem: `unsupported ${thing.type} ${value}` });
  on.control = control(on);
  const content = message.blocks.length
    ? message.blocks.map((block) => draw(block, on))
    : h("div", { class: "words" }, words({ type: "mrkdwn", text: message.text }, on));
  const secret = message.ephemeral_to ? h("p", { class: "secret" }, "◉ あなただけに表示されています") : null;
  return h("article", { class: `message${message.ephemeral_to ? " ephemeral" : ""}`, "data-ts": message.ts },
    h("span", { class: `face ${fromApp ? "app" : "person"}`, "aria-hidden": "true" }, fromApp ? "k" : message.name.slice(0, 1)),
    h("div", { class: "content" },
      secret,
      h("p", { class: "from" }, h("strong", {}, message.name), fromApp ? h("span", { class: "tag app-tag" }, "アプリ") : null,
        h("time", { datetime: new Date(message.ts * 1000).toISOString() }, clockWords(message.ts)),
        message.edited ? h("span", { class: "edited" }, "(編集済み)") : null),
      content,
      message.files.map(drawFile)));
}

function drawFile(file) {
  const address = `/_playground/files/${encodeURIComponent(file.id)}`;
  const picture = file.mimetype === "image/png"
    ? h("img", { class: "shared-picture", src: address, alt: file.alt_txt ?? file.title ?? "" }) : null;
  return h("div", {}, picture, fileLink(file));
}

function fileLink(file) {
  return h("a", { class: "file", href: `/_playground/files/${encodeURIComponent(file.id)}`, download: file.name },
    h("span", { class: "file-kind", "aria-hidden": "true" }, (file.filetype || "file").slice(0, 4).toUpperCase()),
    h("span", {}, h("strong", {}, file.title || file.name), h("small", {}, `${file.name}(${size(file.size)})をダウンロード`)));
}

function size(bytes) {
  return bytes < 1024 ? `${bytes}バイト` : `${Math.round(bytes / 1024).toLocaleString("ja")}KB`;
}
