// What the bot sends, drawn by the code that draws the sandbox.

import { renderBlocks, text } from "/blocks.js";
import { el, mrkdwn } from "/mrkdwn.js";

const NAMES = { U01: "Anna Snelling", U02: "Dustin Brinkmann" };
const context = { me: "U01", zone: "America/New_York", now: () => new Date("2017-10-02T13:00:00Z"),
  people: () => Object.entries(NAMES).map(([id, name]) => ({ id, name })), nameOf: (id) => NAMES[id] ?? id };
const surface = { context, use: () => {}, draft: () => ({ get: () => undefined, set: () => {} }) };

const message = (one) => el("article", { class: "message" }, el("div", { class: "face bot", "aria-hidden": "true" }, "C"),
  el("div", { class: "said" }, el("div", { class: "by" }, el("strong", {}, "Cadence"), el("span", { class: "tag" }, "App")),
    one.blocks?.length ? renderBlocks(one.blocks, surface) : el("div", { class: "block text" }, mrkdwn(one.text, context))));
const modal = (one) => el("dialog", { open: true, "aria-label": one.title.text }, el("form", {},
  el("header", {}, el("h2", {}, text(one.title, context))), el("div", { class: "body" }, renderBlocks(one.blocks, surface)),
  el("footer", {}, el("button", { type: "button" }, one.close?.text ?? "Cancel"),
    one.submit ? el("button", { type: "button", class: "primary" }, one.submit.text) : null)));
const home = (one) => el("div", { class: "home" }, renderBlocks(one.blocks, surface));
const BY_TYPE = { modal, home };

export const drawn = (one) => (BY_TYPE[one.type] ?? message)(one);
