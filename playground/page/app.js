// The page: whose Slack it is, what is read and what is new, and the loop that keeps it live.

import { act, changed, look, packed, send } from "./api.js";
import { draw } from "./blocks.js";
import { Composer } from "./composer.js";
import { dayWords, fullWords, isoDay, shortDay } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { drawHappened } from "./happened.js";
import { control } from "./inputs.js";
import { drawMessages } from "./messages.js";
import { Modal, busy } from "./modal.js";
import { applyTheme, nextTheme } from "./theme.js";
import { Tour } from "./tour.js";

const READ = "playground-read";
const $ = (id) => document.getElementById(id);
const now = { user: "", tab: "messages", version: -1, drawn: -1, screen: null, bot: "", read: readBefore() };
const modal = new Modal($("modal"), document.querySelectorAll(".time, .frame, .skip"), { tell, renew: refresh });
const tour = new Tour($("tour"), follow);
const composer = new Composer($("composer"), $("typed"), $("suggestions"), say);

listenForFiles($("attached"), $("conversation"));

const PROBLEMS = {
  operation_timeout: "kaikaku は3秒以内に応答しませんでした",
  dispatch_failed: "kaikaku につながりませんでした",
};

/** Say what went wrong with a deed, if anything did; no screen from before it is drawn any more. */
function tell(reply, { quiet = false } = {}) {
  now.drawn = Math.max(now.drawn, reply.version ?? -1);
  const problem = reply.problem ?? (reply.ok === false ? reply.error : null);
  if (problem && !quiet) toast(`⚠ ${PROBLEMS[problem] ?? "うまくいきませんでした"}(${problem})`);
  return reply;
}

function toast(text) {
  const node = h("p", { class: "toast" }, text);
  $("toasts").append(node);
  setTimeout(() => node.remove(), 8000);
}

async function refresh() {
  const inside = $("happened").hidden ? "" : "?inside=1";
  const screen = await look(`screen/${now.user || "-"}${inside}`);
  // Answers may overtake each other: an older screen is not drawn over a newer one.
  if (!screen.people || screen.version < now.drawn) return;
  now.drawn = screen.version;
  now.version = Math.max(now.version, screen.version);
  if (screen.mine && screen.mine.user !== now.user) return;
  now.screen = screen;
  if (!now.user && screen.people.length) return choose(wantedPerson(screen.people));
  drawAll(screen);
}

function wantedPerson(people) {
  const wanted = decodeURIComponent(location.hash.slice(1));
  return (people.find((each) => each.id === wanted) ?? people[0]).id;
}

function drawAll(screen) {
  const named = [...screen.people, ...(screen.mine?.channels ?? [])];
  const names = new Map(named.map((each) => [each.id, each.name]));
  drawTime(screen.clock);
  if (screen.mine) {
    if (now.tab === "messages") markRead(screen);
    drawMessages($("messages"), screen.mine, { names, bot: now.bot, tell });
    drawHome(screen.mine.home, names);
    modal.show(now.user, screen.mine.modal, screen.mine.depth, names);
  }
  drawPeople(screen.people);
  drawHappened($("happenings"), screen.happened);
}

function markRead(screen) {
  const person = screen.people.find((each) => each.id === now.user);
  now.read.set(now.user, person.news.at(-1) ?? "");
  sessionStorage.setItem(READ, JSON.stringify([...now.read]));
}

/** What was read in this tab before a reload; people's ids mean nothing to another playground. */
function readBefore() {
  return new Map(JSON.parse(sessionStorage.getItem(READ) ?? "[]"));
}

function unread(person) {
  const last = now.read.get(person.id) ?? "";
  return person.news.filter((ts) => ts > last).length;
}

function drawPeople(people) {
  const rows = people.map((person) => {
    const content = JSON.stringify([person.name, person.role, person.section, person.deleted, unread(person), person.id === now.user]);
    return { key: person.id, content, make: () => drawPerson(person) };
  });
  reconcile($("people"), rows);
  const me = people.find((each) => each.id === now.user);
  $("viewer").textContent = me ? `${me.name}さんの画面` : "";
}

function drawPerson(person) {
  const news = unread(person);
  const here = person.id === now.user;
  return h("li", {}, h("button", {
    type: "button", class: "person", "aria-current": here ? "true" : null, "data-focus": person.id,
    title: person.note || null, onclick: () => choose(person.id),
  },
    h("span", { class: "face person", "aria-hidden": "true" }, person.name.slice(0, 1)),
    h("span", { class: "who" }, h("span", { class: "name" }, person.name),
      h("small", {}, [person.role, person.section].filter(Boolean).join("・"))),
    news ? h("span", { class: "badge" }, String(news), h("span", { class: "hidden" }, "件の新しいメッセージ")) : null));
}

async function choose(user) {
  now.user = user;
  history.replaceState(null, "", `#${encodeURIComponent(user)}`);
  // Another person's messages are no news to be read out.
  $("messages").setAttribute("aria-busy", "true");
  $("messages").replaceChildren();
  $("home").replaceChildren();
  await refresh();
  $("messages").removeAttribute("aria-busy");
  $("messages").scrollTop = $("messages").scrollHeight;
  if (now.tab === "home") openHome();
}

function show(tab) {
  now.tab = tab;
  for (const [name, panel] of [["home", "home"], ["messages", "conversation"]]) {
    $(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
    $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
    $(panel).hidden = name !== tab;
  }
  if (tab === "home") openHome();
  else { drawAll(now.screen); $("messages").scrollTop = $("messages").scrollHeight; }
}

async function openHome() {
  if (!$("home").children.length) $("home").replaceChildren(h("p", { class: "nothing" }, "読み込んでいます…"));
  tell(await act(now.user, { do: "home" }));
  await refresh();
}

function drawHome(home, names) {
  if (!home) return;
  const user = now.user;
  const on = { names, state: home.state, viewId: home.id };
  const ids = (thing, block) => ({ on: "home", block_id: block.block_id, action_id: thing.action_id });
  on.press = (node, thing, block) =>
    busy(node, () => act(user, { do: "press", ...ids(thing, block), value: thing.value }).then(tell));
  on.enter = async (thing, block, value) => tell(await act(user, { do: "enter", ...ids(thing, block), value }));
  on.control = control(on);
  reconcile($("home"), home.blocks.map((block, place) => ({
    key: `${user} ${block.block_id ?? place}`, content: JSON.stringify(block), make: () => draw(block, on),
  })));
}

async function drop(files) {
  if (!files.length) return;
  show("messages");
  tell(await act(now.user, { do: "drop", files: await packed(files) }));
}

/** Files are chosen beside the line in which people write, or dropped onto the conversation. */
function listenForFiles(box, place) {
  box.addEventListener("change", () => drop(box.files).then(() => { box.value = ""; }));
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => { event.preventDefault(); drop(event.dataTransfer.files); });
}

async function say(text) {
  show("messages");
  const command = text.match(/^(\/\S+)\s*(.*)$/s);
  if (!command) return tell(await act(now.user, { do: "say", text }));
  if (!composer.commands.length || composer.commands.some((each) => each.text.split(" ")[0] === command[1])) {
    return tell(await act(now.user, { do: "command", name: command[1], text: command[2] }));
  }
  return toast(`⚠ ${command[1]} は有効なコマンドではありません`);
}

function drawTime(clock) {
  const moving = clock.target !== null;
  $("now").textContent = moving ? `${dayWords(clock.now)} → ${dayWords(clock.target)}` : fullWords(clock.now);
  document.body.classList.toggle("moving", moving);
  if (clock.error && clock.error !== now.told) toast(`⚠ ${clock.error}`);
  now.told = clock.error;
  reconcile($("stops"), clock.stops.map((stop) => ({
    key: stop.label, content: JSON.stringify([stop, moving]), make: () => drawStop(stop, moving),
  })));
  $("day").min = isoDay(clock.now);
}

function drawStop(stop, moving) {
  const off = moving || !stop.at;
  const title = stop.at ? fullWords(stop.at) : "過ぎました";
  return h("button", { type: "button", class: "plain", title, disabled: off, "data-focus": stop.label, onclick: () => travel(stop.at) },
    stop.label, stop.at ? h("small", {}, shortDay(stop.at)) : null);
}

/** Forward, and one journey at a time: a second press of a button leads no further. */
async function travel(to) {
  const { clock } = now.screen;
  if (now.settingOut || clock.target) return;
  if (Date.parse(to) <= Date.parse(clock.now)) return toast("時計は、もうその日を過ぎています。戻すことはできません。");
  now.settingOut = true;
  try {
    const reply = await send("clock", { to });
    if (!reply.ok) toast(`⚠ ${reply.error}`);
    await refresh();
  } finally {
    now.settingOut = false;
  }
}

function follow(action) {
  const people = now.screen.people;
  const person = people.find((each) => action.person && each.name === action.person);
  if (person) { show("messages"); choose(person.id); }
  if (action.tab) show(action.tab);
  if (action.to) travel(action.to);
  if (action.type) { show("messages"); composer.take(action.type); }
}

function toggleHappened(open) {
  $("happened").hidden = !open;
  document.body.classList.toggle("with-happened", open);
  $("show-happened").setAttribute("aria-expanded", String(open));
  if (open) refresh();
}

function wire() {
  $("tab-home").addEventListener("click", () => show("home"));
  $("tab-messages").addEventListener("click", () => show("messages"));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = now.tab === "home" ? "messages" : "home";
    show(other);
    $(`tab-${other}`).focus();
  });
  $("jump").addEventListener("submit", (event) => { event.preventDefault(); travel(`${$("day").value}T09:30:00+09:00`); });
  $("show-tour").addEventListener("click", () => tour.open());
  $("show-happened").addEventListener("click", () => toggleHappened($("happened").hidden));
  $("hide-happened").addEventListener("click", () => { toggleHappened(false); $("show-happened").focus(); });
  $("theme").addEventListener("click", nextTheme);
  setInterval(() => tick(), 10_000);
}

/** The stand-in's clock runs on by itself. */
function tick() {
  const clock = now.screen?.clock;
  if (clock && !clock.target) refresh().catch(() => {});
}

async function live() {
  for (;;) {
    try {
      const version = await changed(now.version);
      document.body.classList.remove("lost");
      if (version !== now.version) { now.version = version; await refresh(); }
    } catch {
      document.body.classList.add("lost");
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

async function begin() {
  applyTheme();
  wire();
  const scene = await look("scene");
  now.bot = scene.bot;
  $("workspace").textContent = scene.title;
  document.title = `${scene.title} – kaikaku を試す`;
  composer.commands = scene.commands;
  $("show-tour").hidden = !scene.tour.length;
  await refresh();
  if (window.matchMedia("(min-width: 1200px)").matches) toggleHappened(true);
  tour.start(scene.tour);
  document.body.dataset.ready = "yes";
  live();
}

begin();
