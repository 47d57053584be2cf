// The box at the bottom: messages and commands, with suggestions for / and @ by mouse and keyboard.

import { el } from "/mrkdwn.js";

export function createComposer(form, field, list, { commands, people, send }) {
  let offered = [];
  let marked = -1;

  function offer() {
    const before = field.value.slice(0, field.selectionStart);
    const command = /^\/\S*$/.exec(before);
    const name = /(?:^|\s)@([\w.-]*)$/.exec(before);
    if (command) offered = commands().filter((one) => one.startsWith(command[0])).map((one) => ({ label: one, start: 0, text: `${one} ` }));
    else if (name) {
      const start = before.length - name[1].length - 1;
      offered = people().filter((one) => `${one.handle} ${one.name}`.toLowerCase().includes(name[1].toLowerCase()))
        .slice(0, 8).map((one) => ({ label: `${one.name} (@${one.handle})`, start, text: `@${one.handle} ` }));
    } else offered = [];
    marked = offered.length ? 0 : -1;
    draw();
  }

  function draw() {
    list.hidden = !offered.length;
    field.setAttribute("aria-expanded", String(Boolean(offered.length)));
    list.replaceChildren(...offered.map((one, index) =>
      el("li", { role: "option", id: `suggestion-${index}`, "aria-selected": String(index === marked),
        onmousedown: (event) => { event.preventDefault(); take(index); } }, one.label)));
    if (marked >= 0) field.setAttribute("aria-activedescendant", `suggestion-${marked}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function take(index) {
    const one = offered[index];
    const rest = field.value.slice(field.selectionStart);
    field.value = field.value.slice(0, one.start) + one.text + rest;
    const caret = one.start + one.text.length;
    field.setSelectionRange(caret, caret);
    offer();
    field.focus();
  }

  field.addEventListener("input", offer);
  field.addEventListener("blur", () => { offered = []; draw(); });
  field.addEventListener("keydown", (event) => {
    if (!offered.length) return;
    const exact = offered.length === 1 && offered[0].text.trim() === field.value.trim();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      marked = (marked + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      draw();
    } else if (event.key === "Tab" || (event.key === "Enter" && !exact)) take(marked);
    else if (event.key === "Escape") { offered = []; draw(); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = field.value.trim();
    if (!typed || field.readOnly) return;
    field.readOnly = true;
    form.setAttribute("aria-busy", "true");
    const sent = await send(typed);
    field.readOnly = false;
    form.removeAttribute("aria-busy");
    if (sent) field.value = "";
    field.focus();
  });
}
