// Block Kit as Slack draws it. What is not known here becomes a loud box instead of nothing.

import { h } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { field } from "./inputs.js";

const BLOCKS = {
  section: (block, on) => h("div", { class: "block section" }, sectionText(block, on), accessory(block, on)),
  header: (block) => h("h3", { class: "block header" }, plain(block.text.text)),
  divider: () => h("hr", { class: "block" }),
  context: (block, on) => h("div", { class: "block context" }, block.elements.map((each) => small(each, on))),
  actions: (block, on) => h("div", { class: "block actions" }, block.elements.map((each) => element(each, block, on))),
  input: (block, on) => field(block, on),
  image: (block) => picture(block),
  table: (block, on) => table(block, on),
};

/** A block. `on` is where it stands: {names, state, errors, press(element, block), enter(...)}. */
export function draw(block, on) {
  const known = BLOCKS[block.type];
  return known ? known(block, on) : strange("ブロック", block);
}

/** A text object. */
export function words(text, on) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, on.names) : plain(text.text);
}

/** A box that nobody overlooks, for what the page cannot draw. */
export function strange(what, thing) {
  const detail = h("pre", {}, JSON.stringify(thing, null, 1));
  return h("div", { class: "strange", role: "alert" }, `この画面では描けない${what}です：${thing.type}`, detail);
}

/** An element that is no input: in a section, beside others, or in a view. */
export function element(thing, block, on) {
  if (thing.type === "button") return button(thing, block, on);
  const drawn = on.control?.(thing, block);
  return drawn ?? strange("部品", thing);
}

function button(thing, block, on) {
  const style = thing.style ? ` ${thing.style}` : "";
  const node = h("button", {
    type: "button",
    class: `button${style}`,
    "aria-label": thing.accessibility_label,
    "data-focus": `${block.block_id}|${thing.action_id}|${thing.value ?? ""}`,
    onclick: () => on.press(node, thing, block),
  }, thing.text.text);
  return node;
}

function sectionText(block, on) {
  const main = block.text ? [h("div", { class: "words" }, words(block.text, on))] : [];
  const fields = (block.fields ?? []).map((each) => h("div", { class: "words" }, words(each, on)));
  return h("div", { class: "section-words" }, main, fields.length ? h("div", { class: "fields" }, fields) : null);
}

function accessory(block, on) {
  if (!block.accessory) return null;
  return h("div", { class: "accessory" }, element(block.accessory, block, on));
}

function small(thing, on) {
  if (thing.type === "mrkdwn" || thing.type === "plain_text") return h("span", {}, words(thing, on));
  return thing.type === "image" ? picture(thing) : strange("部品", thing);
}

function picture(thing) {
  const text = `［画像：${thing.alt_text}］`;
  return h("figure", { class: "block picture" }, text);
}

function table(block, on) {
  const align = (column) => block.column_settings?.[column]?.align === "right" ? "right" : "";
  const cell = (tag) => (each, column) => h(tag, { class: align(column) }, cellWords(each, on));
  const [head, ...rows] = block.rows;
  return h("div", { class: "block table", tabindex: "0", role: "group", "aria-label": "表" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map(cell("th")))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))));
}

function cellWords(cell) {
  if (cell.type === "raw_text") return plain(cell.text);
  if (cell.type === "raw_number") return String(cell.text ?? cell.value);
  return richWords(cell);
}

function richWords(thing) {
  if (typeof thing.text === "string") return thing.text;
  return (thing.elements ?? []).map(richWords);
}
