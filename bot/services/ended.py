"""Says of a 1:1 that is closed how it ended."""

from __future__ import annotations

from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingState
from bot.coaching.said import Said, say
from bot.errors import StaleError

ENDED = {
    MeetingState.HELD: say("This 1:1 is closed already (held). /1on1 shows the next one."),
    MeetingState.EXCUSED: say("This 1:1 is closed already (excused). /1on1 shows the next one."),
    MeetingState.MOVED: say("This 1:1 is closed already (moved). /1on1 shows the next one."),
    MeetingState.MISSED: say("This 1:1 is closed already (missed). /1on1 shows the next one."),
}


def still_open(meeting: Meeting) -> Meeting:
    """Return a 1:1 that is open. Raises StaleError, which says how it ended, for one that is closed."""
    if meeting.state in OPEN_STATES:
        return meeting
    raise StaleError(_with_why(meeting) if meeting.closing_words else ENDED[meeting.state])


def _with_why(meeting: Meeting) -> Said:
    why = meeting.closing_words
    match meeting.state:
        case MeetingState.EXCUSED:
            return say("This 1:1 is closed already (excused: {why}). /1on1 shows the next one.", why=why)
        case MeetingState.MOVED:
            return say("This 1:1 is closed already (moved: {why}). /1on1 shows the next one.", why=why)
        case MeetingState.MISSED:
            return say("This 1:1 is closed already (missed: {why}). /1on1 shows the next one.", why=why)
        case _:
            return say("This 1:1 is closed already (held: {why}). /1on1 shows the next one.", why=why)
