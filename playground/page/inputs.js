// Input blocks and the elements in which people enter something.

import { packed } from "./api.js";
import { h } from "./dom.js";
import { strange } from "./blocks.js";

const KINDS = {
  plain_text_input: text,
  radio_buttons: (thing, block, on) => choices("radio", thing, block, on),
  checkboxes: (thing, block, on) => choices("checkbox", thing, block, on),
  static_select: select,
  multi_static_select: (thing, block, on) => choices("checkbox", thing, block, on),
  external_select: search,
  datepicker: date,
  users_select: people,
  conversations_select: channels,
  file_input: files,
};
const GROUPS = ["radio_buttons", "checkboxes", "multi_static_select"];
const CHANNEL = /^[CG]/; // among the names there are those of channels
let numbers = 0;

/** An input block with label, hint and, when there is one, the error under it. */
export function field(block, on) {
  const { element: thing } = block;
  const id = `f${++numbers}`;
  const error = on.errors?.[block.block_id];
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const here = { ...on, id, described, invalid: Boolean(error) };
  const control = KINDS[thing.type] ? KINDS[thing.type](thing, block, here) : strange("部品", thing);
  const label = [block.label.text, block.optional ? h("span", { class: "optional" }, " (任意)") : null];
  const parts = [
    control,
    error ? h("p", { class: "error", id: `${id}-error`, role: "alert" }, error) : null,
    block.hint ? h("p", { class: "hint", id: `${id}-hint` }, block.hint.text) : null,
  ];
  if (GROUPS.includes(thing.type)) {
    const props = { class: "block input", "aria-describedby": described || null, "aria-invalid": error ? "true" : null };
    return h("fieldset", { ...props, role: thing.type === "radio_buttons" ? "radiogroup" : "group" },
      h("legend", { class: "label" }, label), parts);
  }
  return h("div", { class: "block input" }, h("label", { class: "label", for: id }, label), parts);
}

/** The same elements outside an input block: in a section or beside buttons. */
export function control(on) {
  return (thing, block) => {
    if (!KINDS[thing.type]) return null;
    const id = `f${++numbers}`;
    const says = thing.placeholder?.text ?? block.text?.text ?? "選ぶ";
    return h("div", { class: "loose" }, KINDS[thing.type](thing, block, { ...on, id, says }));
  };
}

function held(thing, block, on) {
  return on.state?.values?.[block.block_id]?.[thing.action_id] ?? {};
}

function common(thing, block, on) {
  return {
    id: on.id,
    "data-focus": `${block.block_id}|${thing.action_id}`,
    "aria-describedby": on.described || null,
    "aria-invalid": on.invalid ? "true" : null,
    "aria-label": on.says ?? null,
  };
}

// While somebody types, an app that asks for characters is told of them so often (milliseconds).
// Slack gathers them too; its own interval is not documented.
const GATHERED = 300;

function tellsOfCharacters(thing, block) {
  const triggers = thing.dispatch_action_config?.trigger_actions_on ?? [];
  return Boolean(block.dispatch_action) && triggers.includes("on_character_entered");
}

function text(thing, block, on) {
  let gathering = null;
  const tell = (more) => {
    clearTimeout(gathering);
    gathering = null;
    if (box.isConnected) on.enter(thing, block, box.value, more);
  };
  const typing = (event) => {
    if (event.isComposing || !tellsOfCharacters(thing, block)) return;
    gathering ??= setTimeout(() => tell({ quiet: true }), GATHERED);
  };
  const ids = [block.block_id, thing.action_id];
  const value = on.drafts?.get(...ids) ?? held(thing, block, on).value ?? "";
  const limit = thing.max_length;
  const left = () => (limit ? String(limit - [...box.value].length) : "");
  const counter = h("span", { class: "counter", "aria-hidden": "true" });
  const box = h(thing.multiline ? "textarea" : "input", {
    ...common(thing, block, on),
    class: "text",
    rows: thing.multiline ? 5 : null,
    placeholder: thing.placeholder?.text,
    value,
    oninput: (event) => { on.drafts?.set(...ids, box.value); counter.textContent = left(); grow(box); typing(event); },
    oncompositionend: typing,
    onchange: () => tell(),
    onkeydown: (event) => pressed(event, thing, block, on, box),
  });
  counter.textContent = left();
  if (thing.multiline) requestAnimationFrame(() => grow(box));
  return h("div", { class: "text-box" }, box, counter);
}

function pressed(event, thing, block, on, box) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.metaKey || event.ctrlKey) {
    event.preventDefault();
    box.form?.requestSubmit();
  } else if (!thing.multiline && block.dispatch_action) {
    event.preventDefault();
    on.enter(thing, block, box.value, { pressed: true });
  }
}

function grow(box) {
  if (box.tagName !== "TEXTAREA") return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 4, 320)}px`;
}

function choices(type, thing, block, on) {
  const now = held(thing, block, on);
  const chosen = type === "radio" ? [now.selected_option?.value] : (now.selected_options ?? []).map((o) => o.value);
  const name = `${on.viewId ?? ""}|${block.block_id}|${thing.action_id}`;
  const boxes = thing.options.map((option, place) =>
    h("label", { class: "choice" },
      h("input", {
        type, name, value: option.value,
        id: place ? null : on.id,
        "data-focus": `${name}|${option.value}`,
        checked: chosen.includes(option.value),
        onchange: () => on.enter(thing, block, picked()),
      }),
      h("span", {}, option.text.text, option.description ? h("small", {}, option.description.text) : null)));
  const inputs = () => boxes.map((each) => each.firstChild);
  const picked = () => {
    const values = inputs().filter((each) => each.checked).map((each) => each.value);
    return type === "radio" ? values[0] : values;
  };
  return h("div", { class: "choices" }, boxes);
}

function select(thing, block, on) {
  const chosen = held(thing, block, on).selected_option?.value ?? "";
  const options = thing.options ?? (thing.option_groups ?? []).flatMap((group) => group.options);
  const box = h("select", { ...common(thing, block, on), class: "select", onchange: () => on.enter(thing, block, box.value) },
    h("option", { value: "" }, thing.placeholder?.text ?? "選んでください"),
    options.map((option) => h("option", { value: option.value, selected: option.value === chosen }, option.text.text)));
  return box;
}

// Options that the app is asked for: a box to type into, and below it what it offers.
function search(thing, block, on) {
  const chosen = held(thing, block, on).selected_option;
  const least = thing.min_query_length ?? 3;
  const list = h("ul", { class: "offers", role: "listbox", hidden: true });
  let asking = null;
  const close = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); };
  const choose = (option) => { box.value = option.text.text; close(); on.enter(thing, block, option); };
  const ask = async (typed) => {
    if (typed.length < least) return close();
    const { options = [] } = await on.suggest(thing, block, typed);
    list.replaceChildren(...options.map((option) =>
      h("li", { role: "option", tabindex: "0", onclick: () => choose(option),
        onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); choose(option); } } }, option.text.text)));
    if (!options.length) list.append(h("li", { class: "hint" }, "見つかりません"));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };
  const typing = () => { clearTimeout(asking); asking = setTimeout(() => ask(box.value), GATHERED); };
  const box = h("input", {
    ...common(thing, block, on),
    class: "text", role: "combobox", "aria-expanded": "false", autocomplete: "off",
    placeholder: thing.placeholder?.text ?? "検索",
    value: chosen?.text.text ?? "",
    onclick: () => { box.select(); ask(""); },
    oninput: typing,
    onkeydown: (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key !== "Escape" || list.hidden) return;
      event.stopPropagation(); // it closes the list, not the modal
      close();
    },
  });
  const left = (event) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    close();
    box.value = chosen?.text.text ?? "";
  };
  return h("div", { class: "search", onfocusout: left }, box, list);
}

function people(thing, block, on) {
  const { selected_user: chosen } = held(thing, block, on);
  return named(thing, block, on, chosen, [...on.names].filter(([id]) => !CHANNEL.test(id)));
}

function channels(thing, block, on) {
  const { selected_conversation: chosen } = held(thing, block, on);
  return named(thing, block, on, chosen, [...on.names].filter(([id]) => CHANNEL.test(id)));
}

function named(thing, block, on, chosen, names) {
  const box = h("select", { ...common(thing, block, on), class: "select", onchange: () => on.enter(thing, block, box.value || null) },
    h("option", { value: "" }, thing.placeholder?.text ?? "選んでください"),
    names.map(([id, name]) => h("option", { value: id, selected: id === chosen }, name)));
  return box;
}

function files(thing, block, on) {
  const note = h("p", { class: "hint", role: "status" });
  const say = (chosen) => { note.textContent = chosen.length ? `添付済：${chosen.map((file) => file.name).join("、")}` : ""; };
  const box = h("input", {
    ...common(thing, block, on),
    type: "file", class: "text", multiple: (thing.max_files ?? 10) > 1,
    onchange: async () => {
      await on.enter(thing, block, await packed(box.files));
      say([...box.files]);
    },
  });
  say(held(thing, block, on).files ?? []);
  return h("div", {}, box, note);
}

function date(thing, block, on) {
  const value = held(thing, block, on).selected_date ?? "";
  const box = h("input", {
    ...common(thing, block, on),
    type: "date", class: "text date", value,
    onchange: () => on.enter(thing, block, box.value || null),
  });
  return box;
}

