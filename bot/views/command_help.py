"""What can be typed, command by command."""

from __future__ import annotations

from bot.coaching.said import say
from bot.views.blocks import context, message, section
from bot.views.message import Message
from bot.views.speaking import tr

HOW_TO_SET = say("`/awesome set 250000` sets it; it is yours, not a quota.")

HELP = {
    "/pipeline": (
        say("`/pipeline` shows your deals worth talking about and your balance over three horizons."),
        say("`/pipeline @rep` shows a manager the same for one of their reps."),
    ),
    "/1on1": (
        say("`/1on1` shows your next 1:1 and why you meet that often; a manager sees their reps by name."),
        say("`/1on1 why` says what the date came from, `/1on1 agenda` shows what it will be about."),
        say("`/1on1 move` offers other times that keep your rhythm."),
        say(
            "`/1on1 away 3 Dec - 12 Dec` says when you're away, and 1:1s keep out of it; `/1on1 away` shows and "
            "withdraws."
        ),
        say("`/1on1 quiet` says how many messages you got this week, and when I write none."),
        say("`/1on1 calendar` gives an address with which your calendar shows your 1:1s."),
        say("`/1on1 calendar file` gives the next 1:1 as a file that a calendar opens."),
        say("A manager names the rep: `/1on1 agenda @rep`, `/1on1 move Ruth`."),
    ),
    "/goals": (
        say("`/goals` shows what you said yes to and how far it is."),
        say("`/goals new` makes one from the playbook, or from your own words: `/goals new 20 calls by Friday`."),
        say("`/goals report` says how one of them goes, at any time."),
        say("`/goals @rep` shows a manager the goals of one of their reps; `/goals new @rep` proposes one."),
    ),
    "/cadence": (
        say(
            "`/cadence` shows how often you meet and what that came from; `/cadence team` shows a manager all of "
            "theirs."
        ),
        say("`/cadence @rep` shows a manager the same for one of their reps."),
        say("`/cadence set @rep 14 because ...` lets a manager fix 7, 14 or 28 days with a reason that the rep reads."),
        say("`/cadence free @rep` lets the numbers choose again."),
        say(
            "For admins: `/cadence setup`, `/cadence doctor` checks everything, `/cadence invite @manager` lets one "
            "begin."
        ),
    ),
    "/awesome": (
        say("`/awesome` shows your own figure for a year, your run-rate and what gets you there."),
        HOW_TO_SET,
        say("`/awesome path` shows which driver to work on, and the skills and activities behind it."),
        say("`/awesome path @rep` shows a manager the same for one of their reps."),
    ),
}


def help(command: str) -> Message:  # noqa: A001 - the word people type
    """Explain one command, or all of them where it isn't known."""
    line = tr("*What you can type*")
    known = HELP.get(command) or tuple(text for texts in HELP.values() for text in texts)
    return message(
        line,
        section(line, *known),
        context(tr("Only you see the answers. A name will do where you would mention somebody: Ruth, or Ruth A.")),
    )
