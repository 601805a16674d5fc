// The side panel for those who want to look inside.

import { clockWords } from "./dates.js";
import { h, reconcile } from "./dom.js";

const KINDS = { letter: "お知らせ", answer: "入力", deed: "操作", call: "API" };

/** Draw the list, the newest first. */
export function drawHappened(list, entries) {
  reconcile(list, entries.map((entry) => ({
    key: `${entry.at} ${entry.name} ${entry.words}`,
    content: JSON.stringify(entry),
    make: () => draw(entry),
  })));
}

function draw(entry) {
  return h("li", { class: `happening ${entry.kind}${entry.fine ? "" : " failed"}` },
    h("details", {},
      h("summary", {},
        h("span", { class: "kind" }, KINDS[entry.kind]), h("span", { class: "told" }, entry.words),
        h("small", {}, `${clockWords(entry.at)} ${entry.name}${entry.fine ? "" : " 失敗"}`)),
      h("pre", { tabindex: "0" }, entry.detail)));
}
