"""Answers to slash commands; each is shown only to the one who asked."""

from __future__ import annotations

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.commitment import CoachingGoal, Fork
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.goals.skill_path import path_to
from bot.coaching.playbook import Playbook
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.coaching.wording import dated_day
from bot.views.blocks import Block, actions, context, header, message, packed, section
from bot.views.command_help import HOW_TO_SET
from bot.views.goal_words import TOPIC, progress
from bot.views.how import how_button
from bot.views.ids import ActionId
from bot.views.message import Message
from bot.views.mrkdwn import esc, link, name
from bot.views.pipeline import aspirations, balance, deals, more_deals
from bot.views.speaking import tr, tr_many

MOST_DEALS = 10
MOST_WAYS = 4
MORE_OF_AWESOME = say("`/awesome path` shows which skills and activities lead there.")


def pipeline(rep: Person, pre: PreRead, *, own: bool = False) -> Message:
    """Show one rep's deals and balance; "you" in the sentences is the rep, who can record evidence on ``own`` deals."""
    as_of = dated_day(pre.as_of)
    line = tr("*Your pipeline*, as of {day}.", day=as_of)
    if not own:
        line = tr("*Pipeline of {rep}*, as of {day}. The sentences speak to {rep}.", rep=name(rep), day=as_of)
    return message(
        line,
        section(line),
        header(TOPIC[Fork.VERIFIER]),
        *deals(pre, MOST_DEALS, own=own),
        *more_deals(pre, MOST_DEALS, own=own),
        header(TOPIC[Fork.GAP]),
        *balance(pre.horizons, pre.coverage, pre.plan),
        actions(how_button(rep.id, action=ActionId.PIPELINE_HOW)),
    )


def goals(goals: tuple[CoachingGoal, ...], rep: Person, record: tuple[str, ...] = (), *, own: bool = False) -> Message:
    """Show a rep's goals as given, newest first, and what became of those before.

    Each sentence of the ``record`` stands on a line of its own: what was kept and what came are never added up.
    """
    kept = [words for sentence in record if (words := esc(sentence, 600))]
    speaks = [] if own or not kept else [tr("The sentences speak to {rep}.", rep=name(rep))]
    after = [section(*kept), *map(context, speaks)] if kept else []
    if not goals:
        some_before = len(record) > 1
        if own:
            whose = tr("*You have no goals now.*") if some_before else tr("*You have no goals yet.*")
        elif some_before:
            whose = tr("*{rep} has no goals now.*", rep=name(rep))
        else:
            whose = tr("*{rep} has no goals yet.*", rep=name(rep))
        line = f"{whose} {tr('They come from the choices at a 1:1, and only a yes makes one.')}"
        return message(line, section(line), *after)
    if own:
        line = tr_many("*Your goals*: {n} goal.", "*Your goals*: {n} goals.", len(goals))
    else:
        line = tr_many("*Goals of {rep}*: {n} goal.", "*Goals of {rep}*: {n} goals.", len(goals), rep=name(rep))
    return message(line, section(line), *packed((progress(goal) for goal in goals), sections=10), *after)


def awesome(aspiration: Aspiration, rep: Person, *, own: bool = False) -> Message:
    """Show the rep's own figure and what it takes."""
    line = tr("*Awesome, as you see it*") if own else tr("*Awesome, as {rep} sees it*", rep=name(rep))
    return message(line, section(line), *aspirations(aspiration), context(HOW_TO_SET, MORE_OF_AWESOME))


def path(pre: PreRead, playbook: Playbook, rep: Person, *, own: bool = False) -> Message:
    """Show which drivers bring the rep's own figure closer, and by which activities and skills of the playbook."""
    line = tr("*The way to awesome, as you see it*")
    if not own:
        line = tr("*The way to awesome, as {rep} sees it*", rep=name(rep))
    drivers = [_driver(priority, playbook) for priority in pre.priorities]
    speaks = [] if own else [context(tr("The sentences speak to {rep}.", rep=name(rep)))]
    return message(
        line,
        section(line),
        *aspirations(pre.aspiration),
        *(drivers or [section(tr("Which driver has room can't be said from the records yet."))]),
        context(
            tr("`/goals new` makes one of these a goal.") if own else tr("`/goals new @rep` proposes one of these.")
        ),
        *speaks,
    )


def _driver(priority: Priority, playbook: Playbook) -> Block:
    ways = [
        way
        for skill in playbook.skills
        if skill.driver == priority.driver and (way := path_to(playbook, skill.name)) is not None
    ]
    lines = [f"• {' ← '.join(esc(item, 80) for item in way)}{_helped(way[-1], playbook)}" for way in ways[:MOST_WAYS]]
    return section(esc(priority.sentence, 600), *(lines or [tr("No skill in the playbook works on it yet.")]))


def _helped(skill: str, playbook: Playbook) -> str:
    """Return the resources that help to build a skill."""
    found = [resource for resource in playbook.resources if skill in resource.skills]
    shown_ones = ", ".join(link(resource.link, resource.name) for resource in found[:3])
    return f" {tr('(with {resources})', resources=shown_ones)}" if found else ""


def refused(sentence: str) -> Message:
    """Say no with the reason and what to do instead."""
    said = esc(sentence, 2500) or tr("This can't be shown to you.")
    return message(said, section(said))
