// Slack's mrkdwn as DOM nodes. Text only ever becomes text nodes, so nothing in it can act as HTML.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", tada: "🎉", wave: "👋", calendar: "📅",
  date: "📅", memo: "📝", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  dart: "🎯", star: "⭐", thumbsup: "👍", "+1": "👍", "-1": "👎", hourglass: "⌛", hourglass_flowing_sand: "⏳",
  bulb: "💡", trophy: "🏆", moneybag: "💰", rocket: "🚀", eyes: "👀", lock: "🔒", bell: "🔔", handshake: "🤝",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", arrow_right: "➡️",
};

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;
const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all);

export function safeLink(url) {
  return /^(https?:|mailto:)/i.test(url) ? url : null;
}

// Links, mentions and dates; code; then what wraps words.
const INLINE = new RegExp(
  [
    "```([\\s\\S]+?)```", "`([^`\\n]+)`", "<([^<>\\n]+)>",
    "(?<![\\w*])\\*(?=\\S)([^*\\n]*?[^*\\s])\\*(?![\\w*])",
    "(?<![\\w])_(?=\\S)([^\\n]*?\\S)_(?![\\w])",
    "(?<![\\w~])~(?=\\S)([^~\\n]*?[^~\\s])~(?![\\w~])",
  ].join("|"),
);

export function mrkdwn(text, context) {
  const found = [];
  let quote = null;
  for (const [index, line] of splitKeepingCode(text).entries()) {
    const quoted = line.startsWith("&gt;") || (line.startsWith(">") && !line.startsWith("><"));
    if (quoted) {
      if (!quote) found.push((quote = el("blockquote")));
      else quote.append(el("br"));
      quote.append(...inline(line.replace(/^(&gt;|>) ?/, ""), context));
      continue;
    }
    const nodes = inline(line, context);
    const alone = [found.at(-1), nodes[0]].some((node) => node?.nodeName === "PRE"); // it breaks the line by itself
    if (index > 0 && !quote && !alone) found.push(el("br"));
    quote = null;
    found.push(...nodes);
  }
  return found;
}

function splitKeepingCode(text) {
  const lines = [];
  for (const [index, part] of text.split("```").entries()) {
    if (index % 2) lines[lines.length - 1] += "```" + part + "```";
    else {
      const [first, ...rest] = part.split("\n");
      if (lines.length) lines[lines.length - 1] += first;
      else lines.push(first);
      lines.push(...rest);
    }
  }
  return lines;
}

function inline(text, context) {
  const match = INLINE.exec(text);
  if (!match) return plain(text);
  const [all, block, code, special, bold, italic, strike] = match;
  let node;
  if (block !== undefined) node = el("pre", {}, decode(block.replace(/^\n|\n$/g, "")));
  else if (code !== undefined) node = el("code", {}, decode(code));
  else if (special !== undefined) node = token(special, context);
  else if (bold !== undefined) node = el("strong", {}, ...inline(bold, context));
  else if (italic !== undefined) node = el("em", {}, ...inline(italic, context));
  else node = el("s", {}, ...inline(strike, context));
  const before = text.slice(0, match.index);
  return [...plain(before), node, ...inline(text.slice(match.index + all.length), context)];
}

function plain(text) {
  return text ? [document.createTextNode(withEmoji(decode(text)))] : [];
}

function token(inside, context) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : decode(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), context, label);
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${label || target.slice(1)}`);
  if (target.startsWith("!date^")) return dateToken(target, label, context);
  if (target.startsWith("!")) return el("span", { class: "mention loud" }, `@${label || target.slice(1)}`);
  const url = safeLink(decode(target));
  if (!url) return document.createTextNode(decode(`<${inside}>`));
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

export function mention(user, context, label = "") {
  const name = context.nameOf(user) ?? (label || user);
  return el("span", { class: user === context.me ? "mention me" : "mention" }, `@${name}`);
}

function dateToken(target, fallback, context) {
  const [, seconds, format, link] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime()) || !format) return document.createTextNode(fallback);
  const text = formatDate(at, decode(format), context);
  const time = el("time", { datetime: at.toISOString(), title: fallback }, text);
  const url = link ? safeLink(decode(link)) : null;
  return url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}

export const dayIn = (at, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
export const inZone = (at, zone, options, locale = "en-US") => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(at);

export function prettyDay(at, context, otherwise) {
  const days = Math.round((Date.parse(dayIn(at, context.zone)) - Date.parse(dayIn(context.now(), context.zone))) / 864e5);
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days] ?? otherwise;
}

export function formatDate(at, format, context) {
  const show = (options) => inZone(at, context.zone, options, context.locale);
  const long = show({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
  const normal = show({ year: "numeric", month: "long", day: "numeric" });
  const short = show({ year: "numeric", month: "short", day: "numeric" });
  const ways = {
    date_num: dayIn(at, context.zone),
    date_slash: show({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: normal, date_short: short, date_long: long,
    date_pretty: prettyDay(at, context, normal),
    date_short_pretty: prettyDay(at, context, short),
    date_long_pretty: prettyDay(at, context, long),
    day_divider_pretty: prettyDay(at, context, long),
    time: show({ hour: "numeric", minute: "2-digit" }),
    time_secs: show({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: short,
  };
  return format.replace(/\{(\w+)\}/g, (all, name) => ways[name] ?? all);
}
