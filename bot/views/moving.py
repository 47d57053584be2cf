"""Moving a planned 1:1 to another free time."""

from __future__ import annotations

from bot.coaching.meeting import Appointment, Meeting
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import Block, View, field, form, message, plain, read_field, section, text_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, esc, name, quote, wall
from bot.views.speaking import shown, tr

TAKEN = say("That time was taken meanwhile; nothing was moved.")

MOST_SLOTS = 10
"""Radio buttons take no more; the use case offers three."""


def move_modal(meeting: Meeting, slots: tuple[Appointment, ...], reader: Person, *, taken: bool = False) -> View:
    """Return the form with the free times, or say that there is none; an option carries the start.

    ``reader`` is the one of the two who picks. ``taken`` says that the time picked before is no longer free.
    """
    is_manager = reader.id == meeting.manager
    if not slots:
        said = tr("There is no other free time within the cadence. Hold it as planned.")
        if is_manager:
            said = tr("There is no other free time within the cadence. Hold it as planned, or excuse it with a reason.")
        return form(
            CallbackId.MEETING_MOVE, tr("Move the 1:1"), [section(said)], close=tr("Close"), metadata=meeting.id
        )
    radio: Block = {
        "type": "radio_buttons",
        "action_id": ActionId.SLOT.value,
        "options": [
            {
                "text": plain(tr("{time} ({n} min)", time=wall(slot.starts_at, reader.timezone), n=slot.minutes), 75),
                "value": slot.starts_at.isoformat(),
            }
            for slot in slots[:MOST_SLOTS]
        ],
    }
    now = appointment(meeting.appointment.starts_at, reader.timezone)
    opening = tr("Now set for {now}. These times are free for both of you and keep the cadence:", now=now)
    if taken:
        opening = f"*{shown(TAKEN)}* {opening}"
    return form(
        CallbackId.MEETING_MOVE,
        tr("Move the 1:1"),
        [
            section(opening),
            field(BlockId.SLOT, tr("New time"), radio, hint=tr("Times in {zone}", zone=reader.timezone)),
            field(
                BlockId.WORDS,
                tr("A word to your rep") if is_manager else tr("A word to your manager"),
                text_input(placeholder=tr("I'm with a customer that day")),
                optional=True,
            ),
        ],
        submit=tr("Move 1:1"),
        metadata=meeting.id,
    )


def parse_move(view: View) -> tuple[str, str]:
    """Return the start of the slot picked (ISO 8601, aware; "" when none was) and the words typed.

    The start still names the slot when the list of free ones has changed meanwhile; an index would not.
    """
    held = view.get("state", {}).get("values", {}).get(BlockId.SLOT.value, {}).get(ActionId.SLOT.value, {})
    return (held.get("selected_option") or {}).get("value", ""), read_field(view, BlockId.WORDS, ActionId.TEXT)


def moved(meeting_old: Meeting, meeting_new: Meeting, reader: Person, other: Person) -> Message:
    """Tell ``reader`` that the 1:1 with ``other`` has another time."""
    old = appointment(meeting_old.appointment.starts_at, reader.timezone)
    new = appointment(meeting_new.appointment.starts_at, reader.timezone)
    line = tr(
        "*Your 1:1 with {other} has moved* from {old} to {new}. Open items move with it; nothing to do now.",
        other=name(other),
        old=old,
        new=new,
    )
    return message(line, section(line, _words(meeting_old)))


def change(meeting_old: Meeting, by: Person | None, reader: Person) -> str:
    """Return where a 1:1 was before and why it moved, for the message with its date; ``by`` None is the bot."""
    old = appointment(meeting_old.appointment.starts_at, reader.timezone)
    words = _words(meeting_old)
    if by is None:
        line = tr("Moved from {old}:", old=old) if words else tr("Moved from {old}.", old=old)
    elif by.id == reader.id:
        line = tr("Moved by you from {old}:", old=old) if words else tr("Moved by you from {old}.", old=old)
    else:
        who = name(by)
        moved_by = tr("Moved by {who} from {old}:", who=who, old=old)
        line = moved_by if words else tr("Moved by {who} from {old}.", who=who, old=old)
    return f"{line}\n{words}" if words else line


def _words(meeting: Meeting) -> str:
    return quote(meeting.closing_words) if meeting.closing_words.strip() else ""


def clocks_changed(meeting: Meeting) -> str:
    """Say why a 1:1 begins at another instant though nobody moved it."""
    at = meeting.appointment
    return tr(
        "The clocks of {zone} have new rules: it stays at {time} there.", zone=esc(at.zone), time=f"{at.at:%H:%M}"
    )
