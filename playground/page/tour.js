// The guided tour: a few steps beside the page, which can be put away and called back.

import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const PUT_AWAY = "playground-tour-put-away";

/** Shows the steps; `go(action)` does what a step offers. */
export class Tour {
  constructor(place, go) {
    Object.assign(this, { place, go, steps: [], at: 0 });
  }

  start(steps) {
    this.steps = steps;
    if (steps.length && !sessionStorage.getItem(PUT_AWAY)) this.draw();
  }

  open() {
    sessionStorage.removeItem(PUT_AWAY);
    if (this.at >= this.steps.length) this.at = 0;
    this.draw();
    this.place.querySelector("h2")?.focus();
  }

  putAway() {
    sessionStorage.setItem(PUT_AWAY, "yes");
    this.place.hidden = true;
  }

  turn(step) {
    this.at += step;
    this.draw();
    this.place.querySelector("h2").focus();
  }

  draw() {
    const step = this.steps[this.at];
    const last = this.at === this.steps.length - 1;
    this.place.hidden = false;
    this.place.replaceChildren(
      h("div", { class: "tour-head" },
        h("h2", { tabindex: "-1" }, `案内 ${this.at + 1}／${this.steps.length}　${step.title}`),
        h("button", { class: "icon", type: "button", "aria-label": "案内を閉じる", onclick: () => this.putAway() }, "×")),
      h("p", {}, mrkdwn(step.text)),
      step.action ? h("button", { class: "button act", type: "button", onclick: () => this.go(step.action) }, step.action.label) : null,
      h("div", { class: "tour-foot" },
        h("span", { class: "spring" }),
        this.at ? h("button", { class: "button", type: "button", onclick: () => this.turn(-1) }, "戻る") : null,
        h("button", { class: "button primary", type: "button", onclick: () => (last ? this.putAway() : this.turn(1)) }, last ? "終わる" : "次へ")));
  }
}
