// The modal in front of a person. What lies behind it is inert; the tour beside it is not, so that
// it can be read while a form is filled in.

import { act } from "./api.js";
import { draw } from "./blocks.js";
import { h, keptFrom, reconcile, rememberFocus } from "./dom.js";
import { control } from "./inputs.js";

/** Shows views in `dialog`, in front of `behind`; `tell` says what went wrong with a deed,
 *  `renew` shows the newest. */
export class Modal {
  constructor(dialog, behind, { tell, renew }) {
    Object.assign(this, { dialog, behind, tell, renew });
    this.drafts = new Drafts();
    this.entering = []; // ids of the blocks of which the server does not know all that was chosen
    this.view = null;
    this.body = h("div", { class: "modal-body", tabindex: "-1" });
    this.title = h("h2", { id: "modal-title" });
    this.foot = h("div", { class: "modal-foot" });
    this.trouble = h("p", { class: "trouble", role: "alert", hidden: true });
    this.back = h("button", { type: "button", class: "icon", "aria-label": "前の画面へ戻る", onclick: () => this.leave(false) }, "‹");
    const cross = h("button", { type: "button", class: "icon cross", "aria-label": "閉じる", onclick: () => this.leave(true) }, "×");
    this.question = h("div", { class: "discard", role: "alertdialog", "aria-label": "入力した内容の確認", hidden: true });
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("div", { class: "modal-head" }, this.back, this.title, cross), this.trouble, this.body, this.question, this.foot);
    dialog.append(form);
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show a person's view, or nothing. */
  show(user, view, depth, names) {
    this.user = user;
    if (!view) return this.hide();
    const fresh = this.view?.id !== view.id;
    if (fresh) this.begun();
    this.drafts.keepOnly(view.blocks);
    this.view = view;
    this.names = names;
    this.back.hidden = depth < 2;
    this.title.textContent = view.title.text;
    this.trouble.hidden = !view.trouble;
    this.trouble.textContent = view.trouble ? `うまくいきませんでした。もう一度お試しください(${view.trouble})` : "";
    this.drawBlocks(view);
    this.drawFoot(view);
    this.appear();
    if (fresh) this.begin();
  }

  appear() {
    if (this.isOpen) return;
    this.opener = document.activeElement?.dataset?.focus;
    this.dialog.parentElement.hidden = false;
    document.body.classList.add("with-modal");
    for (const each of this.behind) each.inert = true;
  }

  get isOpen() {
    return !this.dialog.parentElement.hidden;
  }

  hide() {
    this.view = null;
    if (!this.isOpen) return;
    this.dialog.parentElement.hidden = true;
    document.body.classList.remove("with-modal");
    for (const each of this.behind) each.inert = false;
    this.body.replaceChildren();
    const opener = this.opener && [...document.querySelectorAll("main [data-focus]")].find((e) => e.dataset.focus === this.opener);
    (opener ?? document.querySelector("#typed"))?.focus({ preventScroll: true });
  }

  begun() {
    this.drafts.clear();
    this.ask(false);
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
      suggest: (thing, block, text) => act(this.user, { do: "suggest", block_id: block.block_id, action_id: thing.action_id, text }),
      press: (node, thing, block) => this.press(node, thing, block),
    };
    on.control = control(on);
    const before = Object.keys(this.shownErrors ?? {}).length;
    const wanted = view.blocks.map((block) => {
      const key = block.block_id;
      const content = JSON.stringify([block, view.errors?.[key], this.chosen(view, block)]);
      const kept = this.entering.includes(key) && keptFrom(this.body, key);
      if (kept && kept !== content) this.isBehind = true;
      return { key, content: kept || content, make: () => draw(block, on) };
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
    const close = h("button", { type: "button", class: "button", "data-focus": "close", onclick: () => this.leave(false) }, view.close?.text ?? "閉じる");
    const submit = view.submit && h("button", { type: "submit", class: "button primary", "data-focus": "submit" }, view.submit.text);
    const content = JSON.stringify([view.id, view.close, view.submit]);
    if (this.foot.keptFrom === content) return;
    const focus = rememberFocus(this.foot);
    this.foot.keptFrom = content;
    this.foot.replaceChildren(close, ...(submit ? [submit] : []));
    focus();
  }

  /** Draw what was passed over while the hands were quicker than the server. */
  catchUp() {
    this.isBehind = false;
    this.renew();
  }

  /** `quiet`: while somebody types; a field that has just gone is no news to them. */
  async enter(thing, block, value, { quiet = false, ...more } = {}) {
    if (!this.isOpen) return; // taking a field away ends what was being typed into it
    const ids = { block_id: block.block_id, action_id: thing.action_id };
    this.entering.push(block.block_id);
    try {
      this.tell(await act(this.user, { do: "enter", ...ids, value, ...more }), { quiet });
    } finally {
      this.entering.splice(this.entering.indexOf(block.block_id), 1);
    }
    if (this.isBehind && !this.entering.length) this.catchUp();
  }

  /** Typed texts reach the server before anything else happens. */
  flush() {
    for (const draft of this.drafts.all()) act(this.user, { do: "enter", ...draft });
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
    await busy(button, () => act(this.user, { do: "submit" }).then((reply) => this.sent(reply)));
    if (this.isOpen && this.body.querySelector(".error")) this.goToError();
  }

  sent(reply) {
    if (["updated", "pushed"].includes(reply.outcome)) this.drafts.clear();
    this.tell(reply, { quiet: true });
  }

  escape() {
    if (this.question.hidden) this.leave(false);
    else this.stay();
  }

  /** Close, but ask first where a typed text would be lost, as Slack does. */
  leave(all) {
    if (!this.drafts.all().some((draft) => draft.value)) return this.close(all);
    this.left = document.activeElement;
    const go = h("button", { type: "button", class: "button danger", onclick: () => this.close(all) }, "保存せずに閉じる");
    const stay = h("button", { type: "button", class: "button", onclick: () => this.stay() }, "入力に戻る");
    this.question.replaceChildren(h("p", {}, "入力した文はまだ保存されていません。"), stay, go);
    this.ask(true);
    stay.focus();
  }

  ask(open) {
    this.question.hidden = !open;
    this.foot.hidden = open;
  }

  stay() {
    this.ask(false);
    const back = this.dialog.contains(this.left) ? this.left : this.foot.querySelector("button");
    back.focus();
  }

  async close(all) {
    if (this.view) this.tell(await act(this.user, { do: "close", all }));
  }

  key(event) {
    if (!this.isOpen || event.isComposing) return;
    if (event.key === "Escape") this.escape();
    if (event.key === "Tab" && this.dialog.contains(document.activeElement)) this.keepFocus(event);
  }

  /** From the last control on to the first, and back. */
  keepFocus(event) {
    const controls = [...this.dialog.querySelectorAll("button, input, select, textarea, a[href]")]
      .filter((each) => !each.hidden && each.offsetParent !== null);
    const [first, last] = [controls[0], controls.at(-1)];
    const edge = event.shiftKey ? first : last;
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}

/** What has been typed into the texts of one view, whatever the server knows of it. */
class Drafts {
  constructor() {
    this.typed = new Map();
  }

  get(block_id, action_id) {
    return this.typed.get(JSON.stringify([block_id, action_id]))?.value;
  }

  set(block_id, action_id, value) {
    this.typed.set(JSON.stringify([block_id, action_id]), { block_id, action_id, value });
  }

  /** The next item comes in the same view: what was typed for the last one is no longer here. */
  keepOnly(blocks) {
    const there = new Set(blocks.map((block) => JSON.stringify([block.block_id, block.element?.action_id])));
    for (const key of this.typed.keys()) if (!there.has(key)) this.typed.delete(key);
  }

  clear() {
    this.typed.clear();
  }

  all() {
    return [...this.typed.values()];
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
