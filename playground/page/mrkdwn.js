// Slack's mrkdwn, as DOM nodes: bold, italic, strike, code, quotes, links, mentions, escapes.
// A mark counts only at the edge of a word as Slack sees it. Japanese has no spaces, so asterisks
// in the middle of a sentence stay asterisks, here as there.

import { h } from "./dom.js";

const EDGE = "[\\s\\u3000!-/:-@\\[-`{-~]";
const ENTITY = /<([^<>\n]+)>/;
const SAFE = /^(https?|mailto):/i;

/** Nodes for a mrkdwn text; `names` gives the name behind a user's id. */
export function mrkdwn(text, names = new Map()) {
  const nodes = [];
  const parts = text.split("```");
  parts.forEach((part, place) => {
    const isCode = place % 2 === 1 && place < parts.length - 1;
    if (isCode) nodes.push(h("pre", {}, unescape_(part).replace(/^\n|\n$/g, "")));
    else nodes.push(...lines(place % 2 === 1 ? "```" + part : part, names));
  });
  return nodes;
}

/** Nodes for plain text: line breaks and nothing else. */
export function plain(text) {
  return text.split("\n").flatMap((line, place) => (place ? [h("br"), line] : [line]));
}

function lines(text, names) {
  const nodes = [];
  let quote = null;
  for (const [place, line] of text.split("\n").entries()) {
    const quoted = line.match(/^(?:>|&gt;) ?(.*)$/s);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push((quote = h("blockquote")));
      quote.append(...inline(quoted[1], names));
    } else {
      if (place && !quote) nodes.push(h("br"));
      quote = null;
      nodes.push(...inline(line, names));
    }
  }
  return nodes;
}

const MARKS = [
  ["`", "code"],
  ["*", "strong"],
  ["_", "em"],
  ["~", "s"],
];

function inline(text, names) {
  for (const [sign, tag] of MARKS) {
    const body = `([^\\s${sign}](?:[^${sign}\\n]*[^\\s${sign}])?)`;
    const pattern = new RegExp(`(^|${EDGE})[${sign}]${body}[${sign}](?=$|${EDGE})`, "u");
    const found = text.match(pattern);
    if (!found) continue;
    const start = found.index + found[1].length;
    const end = found.index + found[0].length;
    if (insideEntity(text, start)) continue;
    const inner = tag === "code" ? [unescape_(found[2])] : inline(found[2], names);
    return [...inline(text.slice(0, start), names), h(tag, {}, inner), ...inline(text.slice(end), names)];
  }
  return entities(text, names);
}

function insideEntity(text, place) {
  const before = text.slice(0, place);
  return before.lastIndexOf("<") > before.lastIndexOf(">");
}

function entities(text, names) {
  const nodes = [];
  let rest = text;
  for (let found = rest.match(ENTITY); found; found = rest.match(ENTITY)) {
    nodes.push(unescape_(rest.slice(0, found.index)), entity(found[1], names));
    rest = rest.slice(found.index + found[0].length);
  }
  nodes.push(unescape_(rest));
  return nodes.filter((node) => node !== "");
}

function entity(inside, names) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return mention(`@${names.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${label ?? target.slice(1)}`);
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`);
  const shown = unescape_(label ?? target);
  if (!SAFE.test(target)) return shown;
  return h("a", { href: unescape_(target), target: "_blank", rel: "noopener noreferrer" }, shown);
}

function mention(text) {
  return h("span", { class: "mention" }, unescape_(text));
}

function unescape_(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
