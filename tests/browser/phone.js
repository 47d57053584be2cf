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

// What is followed step by step begins each with its number: the topics of a 1:1 that goes on.
const numbered = (block) => /^[1-4]\. .* · \d+ min/i.test(block.innerText);

// Shows the message as one sees it who opens it, and gives how many pixels of what must be read are below the edge: all
// of it down to a line across or a chart, or to its end where there is neither; of a 1:1's topics each by itself.
window.show = (name) => {
  at("log").replaceChildren(drawn(goldens[name]));
  at("messages").scrollTop = 0;
  const [article] = at("log").children;
  const blocks = [...article.querySelectorAll(".said > *")];
  const line = blocks.findIndex((block) => block.matches("hr, .chart"));
  const read = line < 0 ? blocks : blocks.slice(0, line);
  const screen = at("messages").getBoundingClientRect();
  const starts = [0, ...read.flatMap((block, index) => (numbered(block) ? [index] : [])), read.length];
  const parts = starts.slice(1).map((next, index) => [read[starts[index]], read[next - 1]]);
  return Math.ceil(Math.max(...parts.map(([first, last]) => {
    const top = first === read[0] ? screen.top : first.getBoundingClientRect().top;
    return last.getBoundingClientRect().bottom - top - screen.height;
  })));
};
document.body.dataset.drawn = Object.keys(goldens).length;
