// The page as a whole: who you are, the conversation, the clock; it looks again whenever the sandbox says so.

import { renderBlocks } from "/blocks.js";
import { createComposer } from "/composer.js";
import { createModal } from "/modal.js";
import { dayIn, el, inZone, mrkdwn, prettyDay } from "/mrkdwn.js";

const at = (id) => document.getElementById(id);
const state = { workspace: null, me: null, seen: null, tab: "messages", clock: null, clockRead: 0, drafts: new Map(), used: null, homeOpening: false, moving: false };

const context = {
  get me() { return state.me; },
  get zone() { return person()?.tz ?? "UTC"; },
  get locale() { return person()?.locale; },
  now: () => new Date(Date.parse(state.clock.now) + (performance.now() - state.clockRead) * state.clock.speed),
  people: () => state.workspace.people.filter((one) => !one.deleted),
  nameOf: (id) => (id === state.workspace.app.bot_user ? state.workspace.app.name : state.workspace.people.find((one) => one.id === id)?.name),
};
// In what is drawn stand "Today" and "Tomorrow": another day, zone or language draws it anew.
const today = () => `${dayIn(context.now(), context.zone)} ${context.zone} ${context.locale}`;
const person = () => state.workspace?.people.find((one) => one.id === state.me);

async function ask(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, options);
  } catch {
    failed("The sandbox does not answer. Is it still running?");
    return null;
  }
  const answer = await response.json();
  if (answer.error) failed(answer.error);
  return answer.error ? null : answer;
}

async function act(what, body) {
  const outcome = await ask(what, { user: state.me, ...body });
  await refresh();
  return outcome;
}

function failed(problem) {
  for (const shown of document.querySelectorAll(".toast")) if (shown.firstChild.textContent === problem) shown.remove();
  const toast = el("div", { class: "toast" }, el("span", {}, problem),
    el("button", { type: "button", class: "icon", "aria-label": "Dismiss", onclick: () => toast.remove() }, "✕"));
  const toasts = at("toasts");
  toasts.append(toast);
  toasts.hidePopover(); // shown anew, it stands over a modal opened meanwhile
  toasts.showPopover();
  setTimeout(() => toast.remove(), 8000);
}

// What was typed or chosen and not yet sent, by place, block and element.
function draft(place, block, element) {
  const key = JSON.stringify([place, block.block_id, element.action_id]);
  return { get: () => state.drafts.get(key), set: (value) => state.drafts.set(key, value) };
}

function draftsOf(place) {
  const values = {};
  for (const [key, value] of state.drafts) {
    const [where, block, action] = JSON.parse(key);
    if (where === place) (values[block] ??= {})[action] = value;
  }
  return values;
}

function confirmed(ask_) {
  if (!ask_) return Promise.resolve(true);
  const dialog = at("confirm");
  return new Promise((resolve) => {
    const close = (answer) => { dialog.close(); resolve(answer); };
    dialog.replaceChildren(
      el("form", { method: "dialog" }, el("header", {}, el("h2", { id: "confirm-title" }, ask_.title.text)),
        el("div", { class: "body" }, ask_.text.type === "mrkdwn" ? mrkdwn(ask_.text.text, context) : ask_.text.text),
        el("footer", {},
          el("button", { type: "button", onclick: () => close(false) }, ask_.deny.text),
          el("button", { type: "button", class: ask_.style === "danger" ? "danger" : "primary", onclick: () => close(true) }, ask_.confirm.text))));
    dialog.oncancel = (event) => { event.preventDefault(); close(false); };
    dialog.showModal();
  });
}

// While one is under way, the whole row of controls waits: two quick presses are one.
async function use(where, place, element, block, value, node) {
  const row = node.closest(".block") ?? node;
  if (row.hasAttribute("aria-busy")) return;
  row.setAttribute("aria-busy", "true");
  state.used = { place, action: element.action_id };
  try {
    if (!(await confirmed(element.confirm))) {
      if ("value" in node && element.type !== "button") node.value = "";
      return;
    }
    node.classList.add("working");
    const outcome = await act("click", { ...where, action_id: element.action_id, block_id: block.block_id, value, values: draftsOf(place) });
    if (outcome?.problem) failed(outcome.problem);
  } finally {
    node.classList.remove("working");
    row.removeAttribute("aria-busy");
    refocus();
  }
}

// What was used may be gone, or drawn anew: the focus goes to what stands in its place, so the keyboard isn't lost.
function refocus() {
  const nowhere = !document.activeElement || document.activeElement === document.body;
  if (!state.used || !nowhere || document.querySelector("dialog[open]")) return;
  const place = document.querySelector(`[data-place="${CSS.escape(state.used.place)}"]`);
  if (!place) return;
  (place.querySelector(`[data-action="${CSS.escape(state.used.action)}"]`) ?? place).focus({ preventScroll: true });
}

const modal = createModal(at("modal"), {
  context, failed,
  use: (view, ...rest) => use({ view_id: view.id }, view.id, ...rest),
  draft: (view, block, element) => draft(view.id, block, element),
  values: (view) => onScreen(view.blocks, draftsOf(view.id)),
  send: act,
});

// Only what the view still has: an update may have taken inputs away.
function onScreen(blocks, values) {
  const here = new Set(blocks.flatMap((block) => [block.accessory, block.element, ...(block.elements ?? [])]
    .filter((element) => element?.action_id).map((element) => JSON.stringify([block.block_id, element.action_id]))));
  return Object.fromEntries(Object.entries(values).map(([block, actions]) =>
    [block, Object.fromEntries(Object.entries(actions).filter(([action]) => here.has(JSON.stringify([block, action]))))]));
}

function messageNode(message) {
  const mine = message.user !== state.workspace.app.bot_user;
  const name = context.nameOf(message.user);
  const when = new Date(Number(message.ts) * 1000);
  const surface = {
    context,
    use: (...rest) => use({ channel: state.seen.channel, ts: message.ts }, message.ts, ...rest),
    draft: (block, element) => draft(message.ts, block, element),
  };
  return el("article", { class: message.is_ephemeral ? "message ephemeral" : "message", "data-place": message.ts, tabindex: "-1" },
    el("div", { class: mine ? "face" : "face bot", "aria-hidden": "true" }, initials(name)),
    el("div", { class: "said" },
      el("div", { class: "by" }, el("strong", {}, name), mine ? null : el("span", { class: "tag" }, "App"),
        el("time", { datetime: when.toISOString() }, inZone(when, context.zone, { hour: "numeric", minute: "2-digit" })),
        message.is_ephemeral ? el("span", { class: "only-you" }, "Only visible to you") : null),
      message.blocks ? renderBlocks(message.blocks, surface) : el("div", { class: "block text" }, mrkdwn(message.text, context)),
      (message.files ?? []).map((file) => el("a", { class: "file", href: file.url_private_download, download: file.name },
        el("span", { class: "kind" }, file.name.split(".").pop().toUpperCase()), el("span", {}, file.title)))));
}

// A reply stands in the thread of its message; one whose message isn't shown stands alone.
function threads(messages) {
  const shown = new Set(messages.map((one) => one.ts));
  const isReply = (one) => one.thread_ts && one.thread_ts !== one.ts && shown.has(one.thread_ts);
  const replies = new Map();
  for (const one of messages.filter(isReply)) replies.set(one.thread_ts, [...(replies.get(one.thread_ts) ?? []), one]);
  return { first: messages.filter((one) => !isReply(one)), replies };
}

const openThreads = new Set();
function withReplies(node, message, replies) {
  if (!replies.length) return node;
  const thread = el("details", { class: "thread", open: openThreads.has(message.ts) },
    el("summary", {}, replies.length === 1 ? "1 reply" : `${replies.length} replies`), replies.map(messageNode));
  thread.addEventListener("toggle", () => (thread.open ? openThreads.add(message.ts) : openThreads.delete(message.ts)));
  node.querySelector(".said").append(thread);
  return node;
}

const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
const drawn = new Map();

function drawMessages() {
  const log = at("log");
  const pane = at("messages");
  const atEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
  const wanted = [];
  let day = "";
  const { first, replies } = threads(state.seen.messages);
  for (const message of first) {
    const when = new Date(Number(message.ts) * 1000);
    const long = inZone(when, context.zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
    if (long !== day) wanted.push(el("div", { class: "day" }, el("span", {}, prettyDay(when, context, long))));
    day = long;
    const said = replies.get(message.ts) ?? [];
    const key = JSON.stringify([state.me, today(), message, said]);
    const kept = drawn.get(message.ts);
    if (kept?.key !== key) drawn.set(message.ts, { key, node: withReplies(messageNode(message), message, said) });
    wanted.push(drawn.get(message.ts).node);
  }
  if (!state.seen.messages.length) wanted.push(el("p", { class: "empty" }, `Nothing yet. ${state.workspace.app.name} writes here when something is due: try “${state.seen.coming.any ? "My next event" : "Next event"}”, or type a command.`));
  // Moving a node drops the focus in it, so nodes that stand right are left alone.
  wanted.forEach((node, index) => { if (log.childNodes[index] !== node) log.insertBefore(node, log.childNodes[index] ?? null); });
  while (log.childNodes.length > wanted.length) log.lastChild.remove();
  if (atEnd) pane.scrollTop = pane.scrollHeight;
}

let homeKey = "";
function drawHome() {
  const pane = at("home");
  const view = state.seen.home;
  const key = view ? `${view.id}/${view.hash}/${today()}` : `none/${state.homeOpening}`;
  if (key === homeKey) return;
  homeKey = key;
  if (!view) {
    pane.replaceChildren(state.homeOpening
      ? el("p", { class: "empty", role: "status" }, "Loading…")
      : el("p", { class: "empty" }, "The app has not shown anything here yet."));
    return;
  }
  const surface = {
    context,
    use: (...rest) => use({ view_id: view.id }, view.id, ...rest),
    draft: (block, element) => draft(view.id, block, element),
  };
  pane.dataset.place = view.id;
  pane.replaceChildren(...renderBlocks(view.blocks, surface));
}

// A row is drawn once and then changed: a press must find at its end the button it began on.
const rows = new Map();
function rowOf(one) {
  if (!rows.has(one.id)) {
    const button = el("button", { type: "button", "data-person": one.id, onclick: () => { location.hash = one.id; showPeople(false); } });
    rows.set(one.id, { button, item: el("li", {}, button), key: "" });
  }
  const row = rows.get(one.id);
  const key = JSON.stringify([one, one.id === state.me]);
  if (row.key === key) return row.item;
  row.key = key;
  row.button.disabled = one.deleted;
  row.button.classList.toggle("unread", one.unread > 0);
  if (one.id === state.me) row.button.setAttribute("aria-current", "true");
  else row.button.removeAttribute("aria-current");
  row.button.replaceChildren(
    el("span", { class: "face", "aria-hidden": "true" }, initials(one.name)),
    el("span", { class: "who" }, one.name, one.title || one.deleted ? el("small", {}, one.deleted ? "deactivated" : one.title) : null),
    ...(one.unread ? [el("span", { class: "badge", "aria-label": `${one.unread} unread` }, String(one.unread))] : []));
  return row.item;
}

let shownMe = null;
function drawPeople() {
  const wanted = at("find").value.trim().toLowerCase();
  const shown = state.workspace.people.filter((one) => `${one.name} ${one.title}`.toLowerCase().includes(wanted)).map(rowOf);
  const list = at("list");
  shown.forEach((item, index) => { if (list.childNodes[index] !== item) list.insertBefore(item, list.childNodes[index] ?? null); });
  while (list.childNodes.length > shown.length) list.lastChild.remove();
  if (shownMe !== state.me) rows.get(state.me)?.item.scrollIntoView({ block: "center" });
  shownMe = state.me;
}

function showPeople(open) {
  at("people").classList.toggle("open", open);
  at("scrim").hidden = !open;
  at("menu").setAttribute("aria-expanded", String(open));
  if (open) at("find").focus();
  else if (at("people").contains(document.activeElement) && at("menu").offsetParent) at("menu").focus();
}

function drawClock() {
  if (!state.clock) return;
  const options = { weekday: "short", year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  const now = context.now();
  at("now").textContent = inZone(now, context.zone, options);
  at("now").dateTime = now.toISOString();
  at("zone").textContent = context.zone.replaceAll("_", " ");
  const { mine, any } = state.seen?.coming ?? {};
  const due = state.clock.next_due;
  at("mine").hidden = !any;
  at("mine").disabled = !mine;
  at("next").disabled = !due;
  at("next").classList.toggle("primary", !any);
  const said = [];
  if (state.moving && !state.clock.idle) said.push(`${state.workspace.app.name} is doing what fell due…`);
  else if (any) {
    said.push(mine ? `For you: ${shortly(mine.at)}, ${mine.what}` : "Nothing is coming for you");
    said.push(due && due !== any.at ? `Next: ${shortly(due)}` : `Next: ${shortly(any.at)}, ${any.what}${whose(any.who)}`);
  } else said.push(due ? `Next: ${inZone(new Date(due), context.zone, options)}` : "Waiting to hear from the app");
  const key = said.join("\n");
  if (at("due").dataset.said === key) return;
  at("due").dataset.said = key;
  at("due").replaceChildren(...said.map((line) => el("span", { title: line }, line)));
}

const shortly = (instant) => inZone(new Date(instant), context.zone, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
function whose(people) {
  const [first] = people.filter((one) => one !== state.me).map(context.nameOf);
  if (people.includes(state.me)) return ", for you";
  return first ? `, for ${first}` : "";
}

function drawAll() {
  at("team").textContent = state.workspace.team;
  at("app-name").textContent = state.workspace.app.name;
  document.title = `${person()?.name ?? ""} · ${state.workspace.app.name} sandbox`;
  at("typed").placeholder = `Message ${state.workspace.app.name}, or / for commands`;
  drawPeople();
  drawClock();
  drawMessages();
  drawHome();
  modal.draw(state.seen.modal);
  refocus();
}

let running = null;
let again = false;
function refresh() {
  if (running) { again = true; return running; }
  running = (async () => {
    do {
      again = false;
      await look();
    } while (again);
    running = null;
  })();
  return running;
}

async function look() {
  const workspace = await ask("workspace");
  if (!workspace) return;
  state.workspace = workspace;
  const me = decodeURIComponent(location.hash.slice(1).split("/")[0]);
  const fallback = workspace.people.find((one) => !one.deleted)?.id;
  state.me = workspace.people.some((one) => one.id === me && !one.deleted) ? me : fallback;
  const seen = await ask(`person/${state.me}`);
  if (!seen) return;
  state.seen = seen;
  state.clock = seen.clock;
  state.clockRead = performance.now();
  if (person().unread && state.tab === "messages" && document.visibilityState === "visible") {
    await ask("read", { user: state.me });
    person().unread = 0;
  }
  drawAll();
}

function showTab(tab) {
  state.tab = tab;
  for (const name of ["messages", "home"]) {
    at(name).hidden = name !== tab;
    at(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
    at(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
  }
  at("composer").hidden = tab === "home";
}

const HOME_MS = 5000; // so long an empty Home tab may still be on its way
async function openHome() {
  showTab("home");
  state.homeOpening = true;
  drawHome();
  const outcome = await act("home", {});
  if (outcome?.problem) failed(outcome.problem);
  setTimeout(() => { state.homeOpening = false; drawHome(); }, HOME_MS);
}

async function chosen() {
  if (!location.hash.startsWith(`#${state.me}`)) at("typed").value = "";
  drawn.clear();
  homeKey = "";
  at("log").replaceChildren();
  await refresh();
  at("messages").scrollTop = at("messages").scrollHeight;
  if (location.hash.endsWith("/home")) await openHome();
  else showTab("messages");
}

createComposer(at("composer"), at("typed"), at("suggestions"), {
  commands: () => state.workspace.commands,
  people: context.people,
  send: async (typed) => {
    const [word, ...rest] = typed.split(" ");
    const command = word.startsWith("/");
    const outcome = command ? await act("command", { command: word, text: rest.join(" ").trim() }) : await act("say", { text: typed });
    if (outcome?.problem && command) failed(outcome.problem);
    at("messages").scrollTop = at("messages").scrollHeight;
    return Boolean(outcome);
  },
});

at("tab-home").addEventListener("click", () => { location.hash = `${state.me}/home`; });
at("tab-messages").addEventListener("click", () => { location.hash = state.me; });
for (const [from, to] of [["tab-messages", "tab-home"], ["tab-home", "tab-messages"]]) {
  at(from).addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") { at(to).focus(); at(to).click(); }
  });
}
at("find").addEventListener("input", drawPeople);
at("menu").addEventListener("click", () => showPeople(!at("people").classList.contains("open")));
at("scrim").addEventListener("click", () => showPeople(false));
at("people").addEventListener("keydown", (event) => { if (event.key === "Escape") showPeople(false); });
document.addEventListener("pointerdown", (event) => { if (!event.target.closest("dialog, [data-place] .block")) state.used = null; });

// A move has ended when the app rests again: only then is everything said that it brings.
const REST_MS = 90_000;
async function rested() {
  const until = performance.now() + REST_MS;
  while (!state.clock.idle && performance.now() < until) {
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    await refresh();
  }
}
const moves = [...document.querySelectorAll("[data-to]")];
for (const button of moves) {
  button.addEventListener("click", async () => {
    if (moves.some((one) => one.hasAttribute("aria-busy"))) return;
    for (const one of moves) one.setAttribute("aria-busy", "true");
    button.classList.add("working");
    state.moving = true;
    const moved = await ask("clock", { to: button.dataset.to, ...("mine" in button.dataset ? { user: state.me } : {}) });
    await refresh();
    if (moved && state.seen?.coming?.any) await rested();
    state.moving = false;
    button.classList.remove("working");
    for (const one of moves) one.removeAttribute("aria-busy");
    drawClock();
  });
}
addEventListener("hashchange", chosen);
setInterval(drawClock, 1000);

let soon = null;
function lookSoon() {
  soon ??= setTimeout(() => { soon = null; refresh(); }, 80);
}
const events = new EventSource("/sandbox/events");
events.onmessage = lookSoon;
events.onopen = () => { document.body.classList.remove("offline"); lookSoon(); };
events.onerror = () => document.body.classList.add("offline");
document.addEventListener("visibilitychange", lookSoon);
chosen();
