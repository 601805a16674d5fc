// The modal in front of a person: a native dialog, so that focus stays in it by itself.

import { act } from "./api.js";
import { draw } from "./blocks.js";
import { h, reconcile, rememberFocus } from "./dom.js";
import { control } from "./inputs.js";

/** Shows views in the dialog; `tell` takes a reply and says what went wrong. */
export class Modal {
  constructor(dialog, tell) {
    this.dialog = dialog;
    this.tell = tell;
    this.drafts = new Map();
    this.view = null;
    this.body = h("div", { class: "modal-body", tabindex: "-1" });
    this.title = h("h2", { id: "modal-title" });
    this.foot = h("div", { class: "modal-foot" });
    this.trouble = h("p", { class: "trouble", role: "alert", hidden: true });
    this.back = h("button", { type: "button", class: "icon", "aria-label": "前の画面へ戻る", onclick: () => this.close(false) }, "‹");
    const cross = h("button", { type: "button", class: "icon cross", "aria-label": "閉じる", onclick: () => this.close(true) }, "×");
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("div", { class: "modal-head" }, this.back, this.title, cross), this.trouble, this.body, this.foot);
    dialog.setAttribute("aria-labelledby", "modal-title");
    dialog.append(form);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(false); });
    dialog.addEventListener("keydown", (event) => this.keepFocus(event));
  }

  /** Show a person's view, or nothing. */
  show(user, view, depth, names) {
    this.user = user;
    if (!view) return this.hide();
    const fresh = this.view?.id !== view.id;
    if (fresh) this.drafts = new Map();
    this.view = view;
    this.names = names;
    this.back.hidden = depth < 2;
    this.title.textContent = view.title.text;
    this.trouble.hidden = !view.trouble;
    this.trouble.textContent = view.trouble ? `うまくいきませんでした。もう一度お試しください(${view.trouble})` : "";
    this.drawBlocks(view);
    this.drawFoot(view);
    if (!this.dialog.open) { this.opener = document.activeElement?.dataset?.focus; this.dialog.showModal(); }
    if (fresh) this.begin();
  }

  hide() {
    this.view = null;
    if (!this.dialog.open) return;
    this.dialog.close();
    this.body.replaceChildren();
    const opener = this.opener && [...document.querySelectorAll("main [data-focus]")].find((e) => e.dataset.focus === this.opener);
    (opener ?? document.querySelector("#typed"))?.focus({ preventScroll: true });
  }

  begin() {
    this.body.scrollTop = 0;
    const first = this.body.querySelector("input:checked, input:not([type=radio]), textarea, select, input, button");
    (first ?? this.foot.querySelector("button") ?? this.body).focus({ preventScroll: true });
  }

  drawBlocks(view) {
    const on = {
      names: this.names,
      errors: view.errors,
      state: view.state,
      drafts: this.drafts,
      viewId: view.id,
      enter: (thing, block, value, more) => this.enter(thing, block, value, more),
      press: (node, thing, block) => this.press(node, thing, block),
    };
    on.control = control(on);
    const before = Object.keys(this.shownErrors ?? {}).length;
    const wanted = view.blocks.map((block) => {
      const content = JSON.stringify([block, view.errors?.[block.block_id], this.chosen(view, block)]);
      return { key: block.block_id, content, make: () => draw(block, on) };
    });
    reconcile(this.body, wanted);
    this.shownErrors = view.errors;
    if (!before && Object.keys(view.errors ?? {}).length) this.goToError();
  }

  /** What the server holds; texts are left out, the field itself holds them while people type. */
  chosen(view, block) {
    const values = view.state?.values?.[block.block_id] ?? {};
    return Object.entries(values).map(([id, value]) => (value.type.endsWith("_input") ? id : [id, value]));
  }

  goToError() {
    const error = this.body.querySelector(".error");
    error?.scrollIntoView({ block: "center" });
    const entry = error?.closest(".input")?.querySelector("input, textarea, select");
    entry?.focus({ preventScroll: true });
  }

  drawFoot(view) {
    const close = h("button", { type: "button", class: "button", "data-focus": "close", onclick: () => this.close(false) }, view.close?.text ?? "閉じる");
    const submit = view.submit && h("button", { type: "submit", class: "button primary", "data-focus": "submit" }, view.submit.text);
    const content = JSON.stringify([view.id, view.close, view.submit]);
    if (this.foot.keptFrom === content) return;
    const focus = rememberFocus(this.foot);
    this.foot.keptFrom = content;
    this.foot.replaceChildren(close, ...(submit ? [submit] : []));
    focus();
  }

  async enter(thing, block, value, more = {}) {
    const ids = { block_id: block.block_id, action_id: thing.action_id };
    this.tell(await act(this.user, { do: "enter", ...ids, value, ...more }));
  }

  /** Typed texts reach the server before anything else happens. */
  flush() {
    for (const [key, value] of this.drafts) {
      const [block_id, action_id] = key.split("|");
      act(this.user, { do: "enter", block_id, action_id, value });
    }
  }

  async press(node, thing, block) {
    this.flush();
    await busy(node, () => act(this.user, { do: "press", block_id: block.block_id, action_id: thing.action_id, value: thing.value })
      .then((reply) => this.tell(reply)));
  }

  async submit() {
    const button = this.foot.querySelector("[type=submit]");
    if (!button || button.getAttribute("aria-disabled")) return;
    this.flush();
    this.shownErrors = {};
    await busy(button, () => act(this.user, { do: "submit" }).then((reply) => this.tell(reply, { quiet: true })));
    if (this.dialog.open && this.body.querySelector(".error")) this.goToError();
  }

  async close(all) {
    if (this.view) this.tell(await act(this.user, { do: "close", all }));
  }

  /** From the last control on to the first, and back. */
  keepFocus(event) {
    if (event.key !== "Tab") return;
    const controls = [...this.dialog.querySelectorAll("button, input, select, textarea, a[href]")]
      .filter((each) => !each.hidden && each.offsetParent !== null);
    const [first, last] = [controls[0], controls.at(-1)];
    const edge = event.shiftKey ? first : last;
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}

/** Show that something is under way, and take no second press meanwhile. */
export async function busy(node, work) {
  if (node.getAttribute("aria-disabled")) return;
  node.setAttribute("aria-disabled", "true");
  node.classList.add("busy");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-disabled");
    node.classList.remove("busy");
  }
}
