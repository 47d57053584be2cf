"""The forms in which a rep makes a goal, or a manager proposes one: what, how many, by when, where and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from bot.coaching.choices import Choice
from bot.coaching.commitment import MAX_ACTIVE, CoachingGoal, Fork, GoalId, GoalState, GoalTerms, Origin
from bot.coaching.playbook import Playbook
from bot.coaching.records import Person, PersonId
from bot.coaching.wording import units
from bot.errors import BadInputError
from bot.views.blocks import (
    Block,
    View,
    context,
    date_input,
    field,
    form,
    grouped_menu,
    number_input,
    packed,
    radio,
    read_choice,
    read_day,
    read_field,
    section,
    text_input,
    unmarked,
)
from bot.views.goal_words import TOPIC, dollars, dollars_reason, path, progress, title, what
from bot.views.ids import UNREADABLE, ActionId, BlockId, CallbackId
from bot.views.mrkdwn import clip, day, esc, link, money, name, plural

LONGEST_TITLE = 200
LONGEST_OPTION = 75
PLAN_HINT = "A time and a place make it easier to keep: “if it is Tuesday 9:00, then I …”"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a form carries: the goal it is to become, whose (None for the own), what was chosen, and in which words."""

    goal: GoalId
    rep: PersonId | None = None
    choice: str = ""
    title: str = ""

    def write(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Shaped:
    """What was filled in; None for a number or day that can't be read."""

    number: int | None
    due: date | None
    plan: str


def read_carried(view: View) -> Carried:
    """Read what a form carries. Raises BadInputError for anything else."""
    try:
        held = json.loads(view.get("private_metadata") or "")
        rep = held["rep"]
        whose = None if rep is None else PersonId(str(rep))
        return Carried(GoalId(str(held["goal"])), whose, str(held["choice"]), str(held["title"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BadInputError(UNREADABLE) from error


def start(
    carried: Carried, choices: Sequence[Choice], rep: Person, held: Sequence[CoachingGoal], words: str = ""
) -> View:
    """Return the first form: something of the company's playbook that serves the rep now, or words of one's own."""
    own = carried.rep is None
    options = [(one.terms.fork, (one.terms.title, one.key, _size(one.terms))) for one in choices]
    groups = [(TOPIC[fork], [option for of, option in options if of is fork]) for fork in Fork]
    intro = "A goal is what you do yourself, how often and by when: only you have to say yes to it."
    holds = f"You hold {len(held)} of {MAX_ACTIVE}."
    if len(held) >= MAX_ACTIVE:
        holds = f"You hold {MAX_ACTIVE} already: I'll ask which one makes room."
    if not own:
        intro = f"You propose, {name(rep)} decides: only {name(rep)}'s yes makes it a goal."
        holds = f"{name(rep)} holds {len(held)} of {MAX_ACTIVE}."
    return form(
        CallbackId.GOAL_NEW,
        "New goal" if own else "Propose a goal",
        [
            section(intro, holds),
            *packed((progress(goal) for goal in held), sections=1),
            field(
                BlockId.CHOICE,
                "What do you want to work on?" if own else "What would you propose?",
                grouped_menu("Choose from the playbook", [group for group in groups if group[1]]),
                hint="Each of these serves a deal, a gap or a driver right now.",
                optional=True,
            ),
            field(
                BlockId.WORDS,
                "Or in your own words",
                text_input(words, multiline=False, placeholder="20 calls by Friday") | {"max_length": LONGEST_TITLE},
                hint="If it depends on a customer, I show what leads there.",
                optional=True,
            ),
        ],
        submit="Next",
        metadata=carried.write(),
    )


def _size(terms: GoalTerms) -> str:
    worth = f", about {money(terms.worth.expected)}" if terms.worth else ""
    return unmarked(f"{units(terms.number, clip(terms.unit, 30))} by {day(terms.due)}{worth}")


def parse_start(view: View) -> tuple[str, str]:
    """Return the key of what was chosen and the words typed, "" where there is none."""
    return read_choice(view, BlockId.CHOICE), " ".join(read_field(view, BlockId.WORDS, ActionId.TEXT).split())


def shape(carried: Carried, terms: GoalTerms, playbook: Playbook, rep: Person, plan: str) -> View:
    """Return the second form: how many, by when, and the plan; filled in so that one tap takes it."""
    own = carried.rep is None
    fields = [
        field(
            BlockId.NUMBER,
            "How many?",
            number_input(str(terms.number), least="1", decimal=False),
            hint=f"Counted in {unmarked(clip(terms.unit, 60))}.",
        ),
        field(BlockId.DUE, "By which day?", date_input(terms.due)),
    ]
    if own:
        fields.append(field(BlockId.PLAN, "When and where will you do it?", text_input(plan), hint=PLAN_HINT))
    return form(
        CallbackId.GOAL_SHAPE,
        "New goal" if own else "Propose a goal",
        [
            section(title(terms), esc(terms.why, 600)),
            *([] if own else [context(f"The sentences speak to {name(rep)}, who says when and where.")]),
            *fields,
            context(dollars(terms), dollars_reason(terms), path(terms)),
            *_helps(terms, playbook),
        ],
        submit="Say yes to this" if own else "Propose it",
        metadata=carried.write(),
    )


def _helps(terms: GoalTerms, playbook: Playbook) -> list[Block]:
    """Return the skills behind an activity, and the resources that help to build them."""
    skills = [skill for skill in playbook.skills if terms.item in (skill.name, *skill.activities)]
    lines = []
    for skill in skills[:3]:
        resources = [link(one.link, one.name) for one in playbook.resources if skill.name in one.skills]
        behind = "" if skill.name == terms.item else f"The skill behind it: {esc(skill.name, 120)}. "
        helped = f"What helps: {', '.join(resources[:3])}." if resources else ""
        lines.append(f"{behind}{helped}".strip())
    return [context(*lines)] if any(lines) else []


def parse_shape(view: View) -> Shaped:
    """Return number, due day and plan."""
    typed = read_field(view, BlockId.NUMBER, ActionId.NUMBER)
    return Shaped(
        int(typed) if typed.isascii() and typed.isdigit() else None,
        read_day(view, BlockId.DUE),
        read_field(view, BlockId.PLAN, ActionId.TEXT),
    )


def nearest(carried: Carried, reason: str, choices: Sequence[Choice], rep: Person, plan: str) -> View:
    """Return the form with the nearest goals that only need a yes, the first of them chosen: one tap takes it."""
    own = carried.rep is None
    options = [(_option(choice.terms), _value(choice), _size(choice.terms)) for choice in choices]
    shown = [section(what(one.terms), esc(one.terms.why, 400), dollars(one.terms)) for one in choices]
    fields = [field(BlockId.CHOICE, "Which one?", radio(options, chosen=options[0][1]))]
    if own:
        fields.append(field(BlockId.PLAN, "When and where will you do it?", text_input(plan), hint=PLAN_HINT))
    whose = "your" if own else f"{name(rep)}'s"
    lead = "These are near to it and only need" if len(choices) > 1 else "This is near to it and only needs"
    return form(
        CallbackId.GOAL_NEAREST,
        "The nearest goal",
        [section(f"{esc(reason, 500)}\n*{lead} {whose} yes:*"), *fields, *shown],
        submit="Take this goal" if own else "Propose it",
        metadata=carried.write(),
    )


def _option(terms: GoalTerms) -> str:
    return esc(terms.title, LONGEST_OPTION) or "(no name)"


def _value(choice: Choice) -> str:
    return f"{choice.key} {choice.terms.number} {choice.terms.due.isoformat()}"


def parse_nearest(view: View) -> tuple[str, Shaped]:
    """Return the key of the goal taken, with its number, day and the plan. Raises BadInputError for another value."""
    try:
        key, number, due = read_choice(view, BlockId.CHOICE).split(" ")
        return key, Shaped(int(number), date.fromisoformat(due), read_field(view, BlockId.PLAN, ActionId.TEXT))
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error


def made(goal: CoachingGoal, rep: Person, manager: Person) -> View:
    """Say what was kept, and whose answer comes next."""
    if goal.state is GoalState.OFFERED and goal.terms.origin is Origin.MANAGER:
        after = f"{name(rep)} reads it in working hours, and only {name(rep)}'s yes makes it a goal."
    elif goal.state is GoalState.ACCEPTED:
        after = (
            f"{name(manager)} is asked to approve it. I'll ask how it goes on Mondays; `/goals report` says it sooner."
        )
    else:
        after = "Its message shows how it stands."
    head = "Proposed" if goal.terms.origin is Origin.MANAGER else "You said yes"
    return form(CallbackId.GOAL_MADE, head, [section(what(goal.terms), after)], close="Close")


def nothing(rep: Person, *, own: bool) -> str:
    """Say why there is nothing to choose from, and what would change it."""
    who = "your" if own else f"{rep.name}'s"
    return (
        f"There is nothing to make a goal of yet: {who} records show no open deal, no gap and no driver with room. "
        "It comes with the first deals; your admin can also add activities and skills to the playbook."
    )


def room_taken(rep: Person, held: Sequence[CoachingGoal]) -> str:
    """Say to a manager that a rep's places are taken."""
    return (
        f"{rep.name} has {plural(len(held), 'goal')} to work on or to answer, and more than {MAX_ACTIVE} don't get "
        "done. Propose it once there is room, or bring it up in your 1:1."
    )
