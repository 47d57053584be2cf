// Blocks and their elements as DOM nodes. `surface` says what using an element does:
// {context, use(element, block, value, node), draft(block, element) -> {get, set}}

import { el, emoji, formatDate, mention, mrkdwn, safeLink } from "/mrkdwn.js";

export function text(object, context) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, context);
  const parts = object.text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name)).split("\n");
  return parts.flatMap((part, index) => (index ? [el("br"), part] : [part]));
}

export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type];
    return draw ? draw(block, surface) : el("p", { class: "unknown" }, `A block of type ${block.type} is not shown here.`);
  });
}

const BLOCKS = {
  section: (block, surface) =>
    el("div", { class: "block section" },
      el("div", { class: "grow" },
        block.text ? el("div", { class: "text" }, text(block.text, surface.context)) : null,
        block.fields
          ? el("div", { class: "fields" }, block.fields.map((field) => el("div", {}, text(field, surface.context))))
          : null),
      block.accessory ? el("div", { class: "accessory" }, renderElement(block.accessory, block, surface)) : null),
  header: (block, surface) => el("h3", { class: "block header" }, text(block.text, surface.context)),
  divider: () => el("hr", { class: "block" }),
  context: (block, surface) =>
    el("div", { class: "block context" },
      block.elements.map((part) => (part.type === "image" ? image(part) : el("span", {}, text(part, surface.context))))),
  actions: (block, surface) =>
    el("div", { class: "block actions" }, block.elements.map((element) => renderElement(element, block, surface))),
  input: (block, surface) => input(block, surface),
  image: (block, surface) =>
    el("figure", { class: "block" }, block.title ? el("figcaption", {}, text(block.title, surface.context)) : null, image(block)),
  rich_text: (block, surface) => el("div", { class: "block rich" }, block.elements.map((part) => rich(part, surface.context))),
  markdown: (block) => el("div", { class: "block text markdown" }, block.text),
  alert: (block, surface) =>
    el("div", { class: `block alert ${block.level ?? "default"}`, role: "note" }, text(block.text, surface.context)),
  table: (block, surface) => table(block.rows, block.column_settings ?? [], surface.context),
  data_table: (block, surface) => table(block.rows, [], surface.context),
  data_visualization: (block) => chart(block),
  card: (block, surface) =>
    el("div", { class: "block card" },
      ["title", "subtitle", "body", "subtext"].filter((part) => block[part]).map((part) =>
        el("div", { class: part }, text(block[part], surface.context))),
      block.actions ? BLOCKS.actions({ ...block, elements: block.actions }, surface) : null),
  container: (block, surface) =>
    el("div", { class: "block card" },
      ["title", "subtitle"].filter((part) => block[part]).map((part) => el("div", { class: part }, text(block[part], surface.context))),
      renderBlocks(block.child_blocks, surface)),
  carousel: (block, surface) => el("div", { class: "block carousel" }, renderBlocks(block.elements, surface)),
};

const address = (part) =>
  part.slack_file ? `/sandbox/file/${encodeURIComponent(part.slack_file.id)}` : safeLink(part.image_url ?? "");

const image = (part) => el("img", { src: address(part), alt: part.alt_text, loading: "lazy" });

function table(rows, columns, context) {
  const cell = (item, index, tag) => {
    const align = columns[index]?.align ?? (item?.type === "raw_number" ? "right" : "left");
    const shown = item?.type === "rich_text" ? item.elements.map((part) => rich(part, context)) : String(item?.text ?? item?.value ?? "");
    return el(tag, { class: `to-${align}`, scope: tag === "th" ? "col" : null }, shown);
  };
  const [head, ...body] = rows;
  return el("div", { class: "block table", tabindex: "0", role: "group", "aria-label": "Table" },
    el("table", {},
      el("thead", {}, el("tr", {}, head.map((item, index) => cell(item, index, "th")))),
      el("tbody", {}, body.map((row) => el("tr", {}, row.map((item, index) => cell(item, index, "td")))))));
}

function chart({ title, chart: drawn }) {
  const series = drawn.series ?? [{ name: "", data: drawn.segments ?? [] }];
  const most = Math.max(...series.flatMap((one) => one.data.map((point) => Math.abs(point.value))), 1);
  const labels = series[0]?.data.map((point) => point.label) ?? [];
  const rows = labels.flatMap((label, index) => series.map((one) => {
    const value = one.data[index]?.value ?? 0;
    return el("tr", {},
      el("th", { scope: "row" }, one.name ? `${label} · ${one.name}` : label),
      el("td", {}, el("meter", { min: 0, max: most, value: Math.abs(value), "aria-hidden": "true" })),
      el("td", { class: "to-right" }, value.toLocaleString("en-US")));
  }));
  return el("figure", { class: "block chart" }, el("figcaption", {}, title), el("table", {}, el("tbody", {}, rows)));
}

function rich(part, context) {
  const inner = () => part.elements.map((one) => (one.elements ? rich(one, context) : richLeaf(one, context)));
  switch (part.type) {
    case "rich_text_list":
      return el(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((one) => el("li", {}, rich(one, context))));
    case "rich_text_quote": return el("blockquote", {}, inner());
    case "rich_text_preformatted": return el("pre", {}, inner());
    default: return el("div", {}, inner());
  }
}

function richLeaf(leaf, context) {
  let node;
  switch (leaf.type) {
    case "text": node = document.createTextNode(leaf.text); break;
    case "link": node = safeLink(leaf.url)
      ? el("a", { href: leaf.url, target: "_blank", rel: "noopener noreferrer" }, leaf.text ?? leaf.url)
      : document.createTextNode(leaf.text ?? leaf.url); break;
    case "user": node = mention(leaf.user_id, context); break;
    case "emoji": node = document.createTextNode(emoji(leaf.name)); break;
    case "date": node = document.createTextNode(formatDate(new Date(leaf.timestamp * 1000), leaf.format, context)); break;
    case "broadcast": node = el("span", { class: "mention" }, `@${leaf.range}`); break;
    default: node = document.createTextNode(leaf.text ?? "");
  }
  for (const [style, tag] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]]) {
    if (leaf.style?.[style]) node = el(tag, {}, node);
  }
  return node;
}

let counter = 0;

function input(block, surface) {
  const id = `input-${(counter += 1)}`;
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const label = text(block.label, surface.context);
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  const hint = block.hint ? el("p", { class: "hint", id: `${id}-hint` }, text(block.hint, surface.context)) : null;
  const described = `${hint ? `${id}-hint ` : ""}${id}-error`;
  const control = renderElement(block.element, block, surface, { id, "aria-describedby": described });
  const error = el("p", { class: "error", id: `${id}-error`, hidden: true });
  const named = group ? el("legend", {}, label, optional) : el("label", { for: id }, label, optional);
  return el(group ? "fieldset" : "div", { class: "block input", "data-block": block.block_id }, named, control, error, hint);
}

export function renderElement(element, block, surface, attributes = null) {
  const draw = ELEMENTS[element.type];
  if (!draw) return el("span", { class: "unknown" }, `${element.type} is not shown here.`);
  return draw(element, block, surface, attributes);
}

// A control in an input block keeps its value as a draft; any other tells the app at once.
function changed(element, block, surface, attributes, node, read) {
  const draft = surface.draft(block, element);
  const tells = !attributes || block.dispatch_action;
  node.addEventListener("input", () => draft.set(read()));
  node.addEventListener("change", () => {
    draft.set(read());
    if (tells) surface.use(element, block, read(), node);
  });
  return node;
}

function typing(type, initialKey, more = () => ({})) {
  return (element, block, surface, attributes) => {
    const multiline = element.multiline;
    const value = surface.draft(block, element).get() ?? element[initialKey] ?? "";
    const node = el(multiline ? "textarea" : "input", {
      type: multiline ? null : type, placeholder: element.placeholder?.text, maxlength: element.max_length,
      rows: multiline ? 4 : null, autofocus: element.focus_on_load,
      "aria-label": attributes ? null : element.placeholder?.text ?? element.action_id, ...more(element), ...attributes,
    });
    node.value = value;
    return changed(element, block, surface, attributes, node, () => node.value);
  };
}

const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

function select(many, people = false) {
  return (element, block, surface, attributes) => {
    const draft = surface.draft(block, element).get();
    const first = many ? element.initial_options?.map((o) => o.value) ?? [] : element.initial_option?.value ?? element.initial_user;
    const chosen = new Set([draft ?? first].flat().filter(Boolean));
    const option = (one) => el("option", { value: one.value, selected: chosen.has(one.value) },
      one.description ? `${one.text.text} · ${one.description.text}` : one.text.text);
    const groups = element.option_groups?.map((group) => el("optgroup", { label: group.label.text }, group.options.map(option)));
    const all = people
      ? surface.context.people().map((person) => option({ value: person.id, text: { text: person.name } }))
      : groups ?? (element.options ?? []).map(option);
    const ask = many ? null : el("option", { value: "" }, element.placeholder?.text ?? "Choose…");
    const node = el("select", {
      multiple: many, size: many ? Math.min(optionsOf(element).length, 6) : null,
      "aria-label": attributes ? null : element.placeholder?.text ?? "Choose", ...attributes,
    }, ask, all);
    const read = () => (many ? [...node.selectedOptions].map((one) => one.value) : node.value || null);
    return changed(element, block, surface, attributes, node, read);
  };
}

function choices(type) {
  return (element, block, surface, attributes) => {
    const draft = surface.draft(block, element).get();
    const first = type === "radio" ? element.initial_option?.value : element.initial_options?.map((o) => o.value);
    const chosen = new Set([draft ?? first].flat().filter(Boolean));
    const name = `choice-${(counter += 1)}`;
    const items = element.options.map((option) =>
      el("label", { class: "choice" },
        el("input", { type, name, value: option.value, checked: chosen.has(option.value) }),
        el("span", {}, text(option.text, surface.context),
          option.description ? el("small", {}, text(option.description, surface.context)) : null)));
    const node = el("div", { class: "choices", ...attributes }, items);
    const read = () => {
      const values = [...node.querySelectorAll("input:checked")].map((box) => box.value);
      return type === "radio" ? values[0] ?? null : values;
    };
    return changed(element, block, surface, attributes, node, read);
  };
}

function overflow(element, block, surface) {
  const menu = el("details", { class: "overflow" }, el("summary", { "aria-label": "More actions" }, "⋯"));
  const items = element.options.map((option) =>
    el("button", { type: "button", onclick: () => {
      menu.open = false;
      const url = option.url && safeLink(option.url);
      if (url) window.open(url, "_blank", "noopener");
      surface.use(element, block, option.value, menu.querySelector("summary"));
    } }, text(option.text, surface.context)));
  menu.append(el("div", { class: "menu" }, items));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; event.stopPropagation(); menu.firstChild.focus(); }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

const ELEMENTS = {
  button: (element, block, surface) => {
    const url = element.url && safeLink(element.url);
    const node = el("button", { type: "button", class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label,
      "data-action": element.action_id }, text(element.text, surface.context));
    node.addEventListener("click", () => {
      if (url) window.open(url, "_blank", "noopener");
      surface.use(element, block, element.value ?? null, node);
    });
    return node;
  },
  image, overflow,
  static_select: select(false), multi_static_select: select(true), users_select: select(false, true),
  radio_buttons: choices("radio"), checkboxes: choices("checkbox"),
  plain_text_input: typing("text", "initial_value"),
  email_text_input: typing("email", "initial_value"),
  url_text_input: typing("url", "initial_value"),
  // inputmode and not type=number: the browser would hide what was typed wrong, Slack names it.
  number_input: typing("text", "initial_value", (element) => ({ inputmode: element.is_decimal_allowed ? "decimal" : "numeric" })),
  datepicker: typing("date", "initial_date"),
  timepicker: typing("time", "initial_time"),
};
