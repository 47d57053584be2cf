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
from bot.coaching.said import say, say_many
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
from bot.views.mrkdwn import clip, day, esc, link, money, name
from bot.views.speaking import tr, tr_many

LONGEST_TITLE = 200
LONGEST_OPTION = 75
PLAN_HINT = say("A time and a place make it easier to keep: “if it is Tuesday 9:00, then I …”")


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
    return form(
        CallbackId.GOAL_NEW,
        tr("New goal") if own else tr("Propose a goal"),
        [
            section(*_opening(name(rep), len(held), own=own)),
            *packed((progress(goal) for goal in held), sections=1),
            field(
                BlockId.CHOICE,
                tr("What do you want to work on?") if own else tr("What would you propose?"),
                grouped_menu(tr("Choose from the playbook"), [group for group in groups if group[1]]),
                hint=tr("Each of these serves a deal, a gap or a driver right now."),
                optional=True,
            ),
            field(
                BlockId.WORDS,
                tr("Or in your own words"),
                text_input(words, multiline=False, placeholder=tr("20 calls by Friday"))
                | {"max_length": LONGEST_TITLE},
                hint=tr("If it depends on a customer, I show what leads there."),
                optional=True,
            ),
        ],
        submit=tr("Next"),
        metadata=carried.write(),
    )


def _opening(rep: str, held: int, *, own: bool) -> tuple[str, str]:
    """Return what a goal is and whose word makes it one, and how many there are already."""
    if not own:
        return (
            tr("You propose, {rep} decides: only {rep}'s yes makes it a goal.", rep=rep),
            tr("{rep} holds {n} of {most}.", rep=rep, n=held, most=MAX_ACTIVE),
        )
    holds = tr("You hold {n} of {most}.", n=held, most=MAX_ACTIVE)
    if held >= MAX_ACTIVE:
        holds = tr("You hold {n} already: I'll ask which one makes room.", n=MAX_ACTIVE)
    return tr("A goal is what you do yourself, how often and by when: only you have to say yes to it."), holds


def _size(terms: GoalTerms) -> str:
    amount = clip(units(terms.number, terms.unit), 40)
    if terms.worth is None:
        return unmarked(tr("{amount} by {day}", amount=amount, day=day(terms.due)))
    worth = money(terms.worth.expected)
    return unmarked(tr("{amount} by {day}, about {worth}", amount=amount, day=day(terms.due), worth=worth))


def parse_start(view: View) -> tuple[str, str]:
    """Return the key of what was chosen and the words typed, "" where there is none."""
    return read_choice(view, BlockId.CHOICE), " ".join(read_field(view, BlockId.WORDS, ActionId.TEXT).split())


def shape(carried: Carried, terms: GoalTerms, playbook: Playbook, rep: Person, plan: str) -> View:
    """Return the second form: how many, by when, and the plan; filled in so that one tap takes it."""
    own = carried.rep is None
    fields = [
        field(
            BlockId.NUMBER,
            tr("How many?"),
            number_input(str(terms.number), least="1", decimal=False),
            hint=tr("Counted in {unit}.", unit=unmarked(clip(terms.unit, 60))),
        ),
        field(BlockId.DUE, tr("By which day?"), date_input(terms.due)),
    ]
    if own:
        fields.append(field(BlockId.PLAN, tr("When and where will you do it?"), text_input(plan), hint=PLAN_HINT))
    theirs = tr("The sentences speak to {rep}, who says when and where.", rep=name(rep))
    return form(
        CallbackId.GOAL_SHAPE,
        tr("New goal") if own else tr("Propose a goal"),
        [
            section(title(terms), esc(terms.why, 600)),
            *([] if own else [context(theirs)]),
            *fields,
            context(dollars(terms), dollars_reason(terms), path(terms)),
            *_helps(terms, playbook),
        ],
        submit=tr("Say yes to this") if own else tr("Propose it"),
        metadata=carried.write(),
    )


def _helps(terms: GoalTerms, playbook: Playbook) -> list[Block]:
    """Return the skills behind an activity, and the resources that help to build them."""
    skills = [skill for skill in playbook.skills if terms.item in (skill.name, *skill.activities)]
    lines = []
    for skill in skills[:3]:
        resources = [link(one.link, one.name) for one in playbook.resources if skill.name in one.skills]
        behind = "" if skill.name == terms.item else tr("The skill behind it: {skill}.", skill=esc(skill.name, 120))
        helped = tr("What helps: {resources}.", resources=", ".join(resources[:3])) if resources else ""
        lines.append(f"{behind} {helped}".strip())
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
    fields = [field(BlockId.CHOICE, tr("Which one?"), radio(options, chosen=options[0][1]))]
    if own:
        fields.append(field(BlockId.PLAN, tr("When and where will you do it?"), text_input(plan), hint=PLAN_HINT))
    lead = tr_many(
        "*This is near to it and only needs your yes:*", "*These are near to it and only need your yes:*", len(choices)
    )
    if not own:
        lead = tr_many(
            "*This is near to it and only needs {rep}'s yes:*",
            "*These are near to it and only need {rep}'s yes:*",
            len(choices),
            rep=name(rep),
        )
    return form(
        CallbackId.GOAL_NEAREST,
        tr("The nearest goal"),
        [section(esc(reason, 500), lead), *fields, *shown],
        submit=tr("Take this goal") if own else tr("Propose it"),
        metadata=carried.write(),
    )


def _option(terms: GoalTerms) -> str:
    return esc(terms.title, LONGEST_OPTION) or tr("(no name)")


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
        after = tr("{rep} reads it in working hours, and only {rep}'s yes makes it a goal.", rep=name(rep))
    elif goal.state is GoalState.ACCEPTED:
        after = tr(
            "{manager} is asked to approve it. I'll ask how it goes on Mondays; `/goals report` says it sooner.",
            manager=name(manager),
        )
    else:
        after = tr("Its message shows how it stands.")
    head = tr("Proposed") if goal.terms.origin is Origin.MANAGER else tr("You said yes")
    return form(CallbackId.GOAL_MADE, head, [section(what(goal.terms), after)], close=tr("Close"))


def nothing(rep: Person, *, own: bool) -> str:
    """Say why there is nothing to choose from, and what would change it."""
    if own:
        return say(
            "There is nothing to make a goal of yet: your records show no open deal, no gap and no driver with room. "
            "It comes with the first deals; your admin can also add activities and skills to the playbook."
        )
    return say(
        "There is nothing to make a goal of yet: {rep}'s records show no open deal, no gap and no driver with room. It "
        "comes with the first deals; your admin can also add activities and skills to the playbook.",
        rep=rep.name,
    )


def room_taken(rep: Person, held: Sequence[CoachingGoal]) -> str:
    """Say to a manager that a rep's places are taken."""
    return say_many(
        "{rep} has {n} goal to work on or to answer, and more than {most} don't get done. Propose it once there is "
        "room, or bring it up in your 1:1.",
        "{rep} has {n} goals to work on or to answer, and more than {most} don't get done. Propose it once there is "
        "room, or bring it up in your 1:1.",
        len(held),
        rep=rep.name,
        most=MAX_ACTIVE,
    )
