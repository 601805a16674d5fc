// The line in which people write, with suggestions for commands.

import { h } from "./dom.js";

/** Handles the composer; `send(text)` is called with what was typed. */
export class Composer {
  constructor(form, box, list, send) {
    Object.assign(this, { form, box, list, send, commands: [], at: -1 });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    box.addEventListener("input", () => this.suggest());
    box.addEventListener("focus", () => this.suggest());
    box.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    box.addEventListener("keydown", (event) => this.key(event));
  }

  suggest() {
    const typed = this.box.value;
    const fitting = typed.startsWith("/") ? this.commands.filter((each) => each.text.startsWith(typed) && each.text !== typed) : [];
    this.at = -1;
    this.list.replaceChildren(...fitting.map((each, place) =>
      h("li", { role: "option", id: `suggestion-${place}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); this.take(each.text); } },
        h("strong", {}, each.text), h("span", {}, each.help))));
    this.list.hidden = !fitting.length;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
    this.box.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); this.move(event.key === "ArrowDown" ? 1 : -1); }
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) { event.preventDefault(); this.take(this.list.children[this.at].firstChild.textContent); }
  }

  move(step) {
    const options = [...this.list.children];
    this.at = (this.at + step + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === this.at)));
    options[this.at].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", options[this.at].id);
  }

  take(text) {
    this.box.value = text;
    this.box.focus();
    this.hide();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.hide();
    this.send(text);
  }
}
