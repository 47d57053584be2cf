"""Moving a planned 1:1 to another free time."""

from __future__ import annotations

from bot.coaching.meeting import Appointment, Meeting
from bot.coaching.records import Person
from bot.views.blocks import Block, View, field, form, message, plain, read_field, section, text_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, esc, name, quote, wall

MOST_SLOTS = 10
"""Radio buttons take no more; the use case offers three."""


def move_modal(meeting: Meeting, slots: tuple[Appointment, ...], reader: Person, *, taken: bool = False) -> View:
    """Return the form with the free times, or say that there is none; an option carries the start.

    ``reader`` is the one of the two who picks. ``taken`` says that the time picked before is no longer free.
    """
    is_manager = reader.id == meeting.manager
    if not slots:
        line = "There is no other free time within the cadence. Hold it as planned"
        said = f"{line}, or excuse it with a reason." if is_manager else f"{line}."
        return form(CallbackId.MEETING_MOVE, "Move the 1:1", [section(said)], close="Close", metadata=meeting.id)
    radio: Block = {
        "type": "radio_buttons",
        "action_id": ActionId.SLOT.value,
        "options": [
            {
                "text": plain(f"{wall(slot.starts_at, reader.timezone)} ({slot.minutes} min)", 75),
                "value": slot.starts_at.isoformat(),
            }
            for slot in slots[:MOST_SLOTS]
        ],
    }
    now = appointment(meeting.appointment.starts_at, reader.timezone)
    opening = f"Now set for {now}. These times are free for both of you and keep the cadence:"
    if taken:
        opening = f"*That time was taken meanwhile; nothing was moved.* {opening}"
    return form(
        CallbackId.MEETING_MOVE,
        "Move the 1:1",
        [
            section(opening),
            field(BlockId.SLOT, "New time", radio, hint=f"Times in {reader.timezone}"),
            field(
                BlockId.WORDS,
                "A word to your rep" if is_manager else "A word to your manager",
                text_input(placeholder="I'm with a customer that day"),
                optional=True,
            ),
        ],
        submit="Move 1:1",
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
    line = f"*Your 1:1 with {name(other)} has moved* from {old} to {new}. Open items move with it; nothing to do now."
    return message(line, section(line, _words(meeting_old)))


def change(meeting_old: Meeting, by: Person | None, reader: Person) -> str:
    """Return where a 1:1 was before and why it moved, for the message with its date; ``by`` None is the bot."""
    old = appointment(meeting_old.appointment.starts_at, reader.timezone)
    who = "" if by is None else f" by {'you' if by.id == reader.id else name(by)}"
    words = _words(meeting_old)
    return f"Moved{who} from {old}:\n{words}" if words else f"Moved{who} from {old}."


def _words(meeting: Meeting) -> str:
    return quote(meeting.closing_words) if meeting.closing_words.strip() else ""


def clocks_changed(meeting: Meeting) -> str:
    """Say why a 1:1 begins at another instant though nobody moved it."""
    at = meeting.appointment
    return f"The clocks of {esc(at.zone)} have new rules: it stays at {at.at:%H:%M} there."
