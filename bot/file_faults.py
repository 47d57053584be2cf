"""Why a file can't be read, in words that each reader's language has."""

from __future__ import annotations

import errno

from bot.coaching.said import say

_REASONS = {
    errno.ENOENT: say("No such file or directory"),
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EIO: say("Input/output error"),
    errno.ENAMETOOLONG: say("File name too long"),
}
"""What machines say in English of the usual reasons; of a rarer one the machine's own words are shown."""


def reason_of(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, str(error.strerror))
