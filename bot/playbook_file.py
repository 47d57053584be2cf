"""The playbook as a TOML file that a company keeps in git (docs/playbook.md says how to write one)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from bot.coaching.goals.playbook_check import LooseEnd, loose_ends
from bot.coaching.playbook import Playbook
from bot.coaching.said import say, say_many
from bot.coaching.wording import whole
from bot.errors import BadInputError, ConfigurationError
from bot.file_faults import reason_of
from bot.playbook_reader import Reader
from bot.playbook_table import Fault
from bot.toml_faults import fault_of
from bot.toml_lines import Place, line_of, lines

FOLDER = Path(__file__).parent / "playbooks"
DEFAULT = FOLDER / "b2b.toml"
SHIPPED = frozenset(file.resolve() for file in FOLDER.glob("*.toml"))
"""The files that come with Cadence; a copy of one is its company's own."""

MAX_BYTES = 256 * 1024


def load(path: Path | None) -> Playbook:
    """Return the playbook of ``path``; None is the one that comes with Cadence.

    What comes with Cadence is said in each reader's language; what another file says is its company's, word by word.

    What merely hangs loose is no reason to refuse it, for a playbook grows; ``check_file`` tells. Raises BadInputError
    with a line for every key that can't be read and every reference that leads nowhere, ConfigurationError if there
    is no such file.
    """
    file = path or DEFAULT
    playbook, known = _read(file)
    _refuse_if_any(file, known, [Fault(end.place, end.sentence) for end in loose_ends(playbook) if end.broken])
    return playbook


def check_file(path: Path | None) -> tuple[str, ...]:
    """Return what hangs loose, a line each ("line 12: what: remedy") from top to bottom; empty if it holds together.

    Raises the errors of ``load`` where the file can't be read at all.
    """
    playbook, known = _read(path or DEFAULT)
    return _told(known, loose_ends(playbook))


def _told(known: dict[Place, int], faults: Iterable[Fault | LooseEnd]) -> tuple[str, ...]:
    placed = sorted(((line_of(fault.place, known), fault.sentence) for fault in faults), key=lambda told: told[0])
    told = (say("line {line}: {what}", line=line, what=sentence) for line, sentence in placed)
    return tuple(dict.fromkeys(told))


def _refuse_if_any(file: Path, known: dict[Place, int], faults: list[Fault]) -> None:
    if faults:
        told = _told(known, faults)
        summary = say_many(
            "The playbook {file} can't be used: 1 problem to mend first.",
            "The playbook {file} can't be used: {n} problems to mend first.",
            len(told),
            file=str(file),
            n=whole(len(told)),
        )
        raise BadInputError(summary, told)


def _read(file: Path) -> tuple[Playbook, dict[Place, int]]:
    text = _text(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        summary = say("The playbook {file} isn't TOML.", file=str(file))
        raise BadInputError(summary, (fault_of(str(error), text),)) from error
    except RecursionError as error:
        raise BadInputError(
            say("The playbook {file} has lists in lists without end: write plain lists.", file=str(file))
        ) from error
    known = lines(text)
    reader = Reader(ours=file.resolve() in SHIPPED)
    playbook = reader.playbook(document)
    _refuse_if_any(file, known, reader.faults)
    return playbook, known


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(
            say(
                "The playbook {file} can't be read ({why}): correct the path in CADENCE_PLAYBOOK or in the "
                "command, or leave it out to use the one that comes with Cadence.",
                file=str(file),
                why=reason_of(error),
            )
        ) from error
    if len(data) > MAX_BYTES:
        raise BadInputError(
            say(
                "The playbook {file} has more than {most} KiB: is it the right file?",
                file=str(file),
                most=MAX_BYTES // 1024,
            )
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = say("line {line}: has a character in another encoding: save the file as UTF-8", line=line)
        raise BadInputError(say("The playbook {file} isn't UTF-8.", file=str(file)), (fault,)) from error
