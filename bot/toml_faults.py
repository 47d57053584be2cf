"""What a file that isn't TOML has wrong, with its place and remedy."""

from __future__ import annotations

import re

from bot.coaching.said import Said, say

_REASONS: dict[str, Said] = {  # no words: by the parser's own
    "Cannot overwrite a value": say("cannot overwrite a value"),
    "Expected '=' after a key in a key/value pair": say("expected '=' after a key in a key/value pair"),
    "Expected ']' at the end of a table declaration": say("expected ']' at the end of a table declaration"),
    "Expected ']]' at the end of an array declaration": say("expected ']]' at the end of an array declaration"),
    "Expected newline or end of document after a statement": say(
        "expected newline or end of document after a statement"
    ),
    "Invalid date or datetime": say("invalid date or datetime"),
    "Invalid initial character for a key part": say("invalid initial character for a key part"),
    "Invalid statement": say("invalid statement"),
    "Invalid value": say("invalid value"),
    "Unclosed array": say("unclosed array"),
    "Unclosed inline table": say("unclosed inline table"),
    "Unescaped '\\' in a string": say("unescaped '\\' in a string"),
    "Unterminated string": say("unterminated string"),
}
"""What the parser says of the usual slips; of the rarer ones its own words are shown."""

_PLACED = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def fault_of(message: str, text: str) -> Said:
    """Return what the parser's ``message`` about ``text`` means, such as "line 3: column 7: invalid value: ..."."""
    found = _PLACED.fullmatch(message)
    reason, line, column = found.groups() if found else (message, None, None)
    why = _REASONS.get(reason, f"{reason[:1].lower()}{reason[1:]}")
    if line and column:
        return say(
            'line {line}: column {column}: {why}: text stands in "quotes", lists in [brackets], true and false in '
            "small letters, each key once in its table",
            line=int(line),
            column=int(column),
            why=why,
        )
    return say(
        'line {line}: {why}: text stands in "quotes", lists in [brackets], true and false in small letters, each key '
        "once in its table",
        line=text.count("\n", 0, len(text.rstrip())) + 1,
        why=why,
    )
