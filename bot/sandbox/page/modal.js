// The modal in front: drawn from its view, kept while its hash stays, errors under the inputs.

import { renderBlocks, text } from "/blocks.js";
import { el } from "/mrkdwn.js";

export function createModal(dialog, { context, use, draft, values, send, failed }) {
  let shown = null;

  function draw(view) {
    if (!view) {
      shown = null;
      if (dialog.open) dialog.close();
      return;
    }
    const key = `${view.id}/${view.hash}`;
    if (shown?.key === key) return;
    const focused = dialog.contains(document.activeElement) ? document.activeElement.closest("[data-block]")?.dataset.block : null;
    shown = { key, view };
    const surface = {
      context,
      use: (element, block, value, node) => use(view, element, block, value, node),
      draft: (block, element) => draft(view, block, element),
    };
    const body = el("div", { class: "body", "data-place": view.id }, renderBlocks(view.blocks, surface));
    dialog.replaceChildren(
      el("form", { novalidate: true, onsubmit: submit },
        el("header", {}, el("h2", { id: "modal-title" }, text(view.title, context)),
          el("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => leave(true) }, "✕")),
        body,
        el("footer", {},
          el("p", { class: "error general", role: "alert", hidden: true }),
          el("button", { type: "button", onclick: () => leave(false) }, view.close?.text ?? "Cancel"),
          view.submit ? el("button", { class: "primary" }, view.submit.text) : null)),
    );
    if (!dialog.open) dialog.showModal();
    const place = focused ? dialog.querySelector(`[data-block="${CSS.escape(focused)}"]`) : dialog.querySelector(".body");
    place?.querySelector("input, textarea, select, button")?.focus({ preventScroll: !focused }); // it opens at its top
  }

  async function submit(event) {
    event.preventDefault();
    const { view } = shown;
    const footer = dialog.querySelector("footer");
    if (footer.hasAttribute("aria-busy")) return;
    const button = footer.querySelector(".primary");
    footer.setAttribute("aria-busy", "true"); // and not disabled, which would drop the focus
    button.classList.add("working");
    errors({});
    const outcome = await send("submit", { view_id: view.id, values: values(view) });
    button.classList.remove("working");
    footer.removeAttribute("aria-busy");
    if (outcome?.problem) general(outcome.problem);
    else if (outcome) errors(outcome.errors);
  }

  function general(problem) {
    const place = dialog.querySelector(".general");
    if (!place) return failed(problem);
    place.textContent = problem;
    place.hidden = !problem;
  }

  function errors(byBlock) {
    general("");
    let first = null;
    for (const place of dialog.querySelectorAll("[data-block]")) {
      const problem = byBlock[place.dataset.block];
      const said = place.querySelector(".error");
      said.textContent = problem ?? "";
      said.hidden = !problem;
      place.classList.toggle("wrong", Boolean(problem));
      const control = place.querySelector("input, textarea, select");
      if (problem) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
      first ??= problem ? control : null;
    }
    first?.focus();
  }

  async function leave(all) {
    if (shown) await send("close", { view_id: shown.view.id, all });
  }

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(true);
  });
  return { draw };
}
