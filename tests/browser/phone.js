// The sandbox's page with nobody behind it: one message at a time, with the room that its bars leave on a phone.

import { drawn } from "/drawing.js";
import { el } from "/mrkdwn.js";

const at = (id) => document.getElementById(id);
at("now").textContent = "Wed, Oct 4, 2017, 9:00 AM";
at("zone").textContent = "America/New York";
at("mine").hidden = false;
at("app-name").textContent = "Cadence";
at("typed").placeholder = "Message Cadence, or / for commands";

const goldens = await (await fetch("/goldens")).json();

// Shows the message as one sees it who opens it, and gives how many pixels of what must be read are below the edge:
// all of it down to a line across, or to its end where there is none.
window.show = (name) => {
  at("log").replaceChildren(drawn(goldens[name]));
  at("messages").scrollTop = 0;
  const [article] = at("log").children;
  const line = article.querySelector("hr");
  const end = line?.previousElementSibling ?? article.querySelector(".said > :last-child");
  return Math.ceil(end.getBoundingClientRect().bottom - at("messages").getBoundingClientRect().bottom);
};
document.body.dataset.drawn = Object.keys(goldens).length;
