"""The playbook as a TOML file that a company keeps in git (docs/playbook.md says how to write one)."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.coaching.goals.playbook_check import KINDS, LooseEnd, loose_ends
from bot.coaching.playbook import DRIVERS, ActivityKind, EvidenceField, Playbook, Resource, Skill, Stage, VerifierKind
from bot.coaching.said import listed_or, say, say_many
from bot.coaching.wording import whole
from bot.errors import BadInputError, ConfigurationError
from bot.file_faults import reason_of
from bot.toml_faults import fault_of
from bot.toml_lines import Place, line_of, lines

DEFAULT = Path(__file__).parent / "playbooks" / "b2b.toml"
MAX_BYTES = 256 * 1024
MAX_TEXT = 200
MAX_DAYS = 3650
MAX_KEY = 60
"""Slack's menus hand back no more: 75 characters, with a day beside the key."""
VERIFIER_KEY = re.compile(r"[a-z0-9][a-z0-9_]*")

KEYS: dict[str, tuple[str, ...]] = {
    "playbook": ("name", "outcomes", "stage", "activity", "skill", "resource"),
    "stage": ("name", "outcome", "crm", "probability", "toll"),
    "verifier": ("key", "name", "role", "expires_after_days", "field"),
    "field": ("name", "one_of", "by", "on", "link", "until"),
    "activity": ("name", "unit", "stage", "earns", "finds", "key", "types", "per_start"),
    "skill": ("name", "activities", "driver", "practice", "unit", "needs"),
    "resource": ("name", "skills", "link"),
}
"""The keys that each kind of table may have; docs/playbook.md explains every one."""

_NAMED = {**KINDS, "playbook": say("playbook"), "field": say("field")}
_A = {
    "playbook": say("the playbook"),
    "stage": say("a stage"),
    "verifier": say("a verifier"),
    "field": say("a field"),
    "activity": say("an activity"),
    "skill": say("a skill"),
    "resource": say("a resource"),
}


@dataclass(frozen=True, slots=True)
class _Fault:
    place: Place
    sentence: str


def load(path: Path | None) -> Playbook:
    """Return the playbook of ``path``; None is the one that comes with Cadence.

    What merely hangs loose is no reason to refuse it, for a playbook grows; ``check_file`` tells. Raises BadInputError
    with a line for every key that can't be read and every reference that leads nowhere, ConfigurationError if there
    is no such file.
    """
    file = path or DEFAULT
    playbook, known = _read(file)
    _refuse_if_any(file, known, [_Fault(end.place, end.sentence) for end in loose_ends(playbook) if end.broken])
    return playbook


def check_file(path: Path | None) -> tuple[str, ...]:
    """Return what hangs loose, a line each ("line 12: what: remedy") from top to bottom; empty if it holds together.

    Raises the errors of ``load`` where the file can't be read at all.
    """
    playbook, known = _read(path or DEFAULT)
    return _told(known, loose_ends(playbook))


def _told(known: dict[Place, int], faults: Iterable[_Fault | LooseEnd]) -> tuple[str, ...]:
    placed = sorted(((line_of(fault.place, known), fault.sentence) for fault in faults), key=lambda told: told[0])
    told = (say("line {line}: {what}", line=line, what=sentence) for line, sentence in placed)
    return tuple(dict.fromkeys(told))


def _refuse_if_any(file: Path, known: dict[Place, int], faults: list[_Fault]) -> None:
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
    reader = _Reader()
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


class _Table:
    """One table's values by key. A value that can't be read becomes a fault and comes back blank."""

    def __init__(self, kind: str, values: Mapping[str, Any], place: Place, faults: list[_Fault]) -> None:
        self._kind = kind
        self._values = values
        self._faults = faults
        self.place = place
        for key in values:
            if key not in KEYS[kind]:
                fault = say(
                    "{key} isn't a key of {table}: {remedy}",
                    key=repr(key),
                    table=_A[kind],
                    remedy=_nearest(key, KEYS[kind]),
                )
                self.refuse(key, fault)

    def refuse(self, key: str | None, sentence: str) -> None:
        self._faults.append(_Fault(self.place if key is None else (*self.place, key), sentence))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text on one line; without a default it must be there."""
        value = self._value(key, needed=default is None, example=f'{key} = "..."')
        if value is None:
            return default or ""
        return self._words(value, (*self.place, key), key)

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self._value(key, needed=needed, example=f'{key} = ["..."]')
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse(key, say('{key} is a list: write {key} = ["..."]', key=key))
            return ()
        if needed and not value:
            self.refuse(key, say('{key} is empty: name at least one, as in {key} = ["..."]', key=key))
        return tuple(self._words(item, (*self.place, key, number), key) for number, item in enumerate(value))

    def flag(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            fault = say("{key} is true or false, without quotes: write {key} = true, or leave it out", key=key)
            self.refuse(key, fault)
        return value is True

    def number(self, key: str, most: float, fault: str) -> float | None:
        """Return a number above 0 and up to ``most``, None if it isn't given; ``fault`` is said of anything else."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most or math.isinf(value):
            self.refuse(key, fault)
            return None
        return float(value)

    def days(self, key: str) -> int | None:
        value = self._values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_DAYS):
            return value
        fault = say(
            "{key} is a whole number of days from 1 to {most}: write {key} = 90, or leave it out",
            key=key,
            most=MAX_DAYS,
        )
        self.refuse(key, fault)
        return None

    def tables(self, key: str, kind: str, header: str) -> tuple[_Table, ...]:
        """Return the tables under a key, in their order."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            fault = say("{key} holds one table per {kind}: write {header}", key=key, kind=_NAMED[kind], header=header)
            self.refuse(key, fault)
            return ()
        return tuple(_Table(kind, item, (*self.place, key, number), self._faults) for number, item in enumerate(value))

    def table(self, key: str, kind: str, example: str) -> _Table | None:
        """Return the one table under a key, None if it isn't given."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, say("{key} is one table: write {example}", key=key, example=example))
            return None
        return _Table(kind, value, (*self.place, key), self._faults)

    def _value(self, key: str, *, needed: bool, example: str) -> object:
        value = self._values.get(key)
        if value is None and needed:
            fault = say("the {kind} has no {key}: add {example}", kind=_NAMED[self._kind], key=key, example=example)
            self.refuse(None, fault)
        return value

    def _words(self, value: object, place: Place, key: str) -> str:
        if not isinstance(value, str):
            fault = say('{key} is text: put it in quotes, as in "{value}"', key=key, value=str(value))
            self._faults.append(_Fault(place, fault))
            return ""
        words = " ".join(value.split())
        if not any(letter.isalnum() for letter in words):
            fault = say("{key} has no letter in it: fill it in, or leave it out if it may be", key=key)
            self._faults.append(_Fault(place, fault))
        if len(words) > MAX_TEXT:
            self._faults.append(_Fault(place, _too_long(key, len(words), MAX_TEXT)))
        return words


class _Reader:
    """Builds a Playbook and gathers every fault on the way."""

    def __init__(self) -> None:
        self.faults: list[_Fault] = []

    def playbook(self, document: Mapping[str, Any]) -> Playbook:
        table = _Table("playbook", document, (), self.faults)
        stages = table.tables("stage", "stage", say("[[stage]] above each"))
        if not stages and "stage" not in document:
            table.refuse(None, say("the playbook has no stage: add a [[stage]] with name and outcome"))
        return Playbook(
            name=table.text("name"),
            outcomes=table.texts("outcomes", needed=True),
            stages=tuple(self._stage(stage) for stage in stages),
            activities=tuple(
                self._activity(item) for item in table.tables("activity", "activity", say("[[activity]] above each"))
            ),
            skills=tuple(self._skill(item) for item in table.tables("skill", "skill", say("[[skill]] above each"))),
            resources=tuple(
                self._resource(item) for item in table.tables("resource", "resource", say("[[resource]] above each"))
            ),
        )

    def _stage(self, table: _Table) -> Stage:
        return Stage(
            name=table.text("name"),
            outcome=table.text("outcome"),
            toll=tuple(
                self._verifier(item)
                for item in table.tables("toll", "verifier", 'toll = [{ key = "...", name = "..." }]')
            ),
            crm=table.texts("crm"),
            probability=table.number(
                "probability", 1, say("probability is a share above 0 and up to 1: write 0.25 for 25%")
            ),
        )

    def _verifier(self, table: _Table) -> VerifierKind:
        key = table.text("key")
        if key and not VERIFIER_KEY.fullmatch(key):
            fault = say(
                "key {key} is the verifier's name in records: use small letters, digits and _, as in closure_plan",
                key=repr(key),
            )
            table.refuse("key", fault)
        if len(key) > MAX_KEY:
            table.refuse("key", _too_long("key", len(key), MAX_KEY))
        return VerifierKind(
            key=key,
            name=table.text("name"),
            role=table.text("role", default=""),
            expires_after_days=table.days("expires_after_days"),
            field=self._field(table.table("field", "field", 'field = { name = "..." }')),
        )

    def _field(self, table: _Table | None) -> EvidenceField | None:
        if table is None:
            return None
        return EvidenceField(
            name=table.text("name"),
            one_of=table.texts("one_of"),
            by=table.text("by", default=""),
            on=table.text("on", default=""),
            link=table.text("link", default=""),
            until=table.text("until", default=""),
        )

    def _activity(self, table: _Table) -> ActivityKind:
        return ActivityKind(
            name=table.text("name"),
            unit=table.text("unit"),
            stage=table.text("stage"),
            earns=table.texts("earns"),
            finds=table.flag("finds"),
            key=table.flag("key"),
            types=table.texts("types"),
            per_start=table.number(
                "per_start",
                math.inf,
                say("per_start is starts per activity, above 0: write 0.12 for 12 in 100"),
            ),
        )

    def _skill(self, table: _Table) -> Skill:
        driver = table.text("driver")
        if driver and driver not in DRIVERS:
            fault = say("{driver} isn't a driver: write {drivers}", driver=repr(driver), drivers=listed_or(DRIVERS))
            table.refuse("driver", fault)
        return Skill(
            name=table.text("name"),
            activities=table.texts("activities", needed=True),
            driver=driver,
            practice=table.text("practice"),
            unit=table.text("unit", default="sessions"),
            needs=table.texts("needs"),
        )

    def _resource(self, table: _Table) -> Resource:
        link = table.text("link", default="")
        if link and not link.startswith(("https://", "http://")):
            fault = say("link {link} isn't a web address: begin it with https://, or leave it out", link=repr(link))
            table.refuse("link", fault)
        return Resource(name=table.text("name"), skills=table.texts("skills", needed=True), link=link)


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key.casefold(), known, n=1)
    if near:
        return say("did you mean {name}?", name=near[0])
    return say("remove it, or use one of {names}", names=", ".join(known))


def _too_long(key: str, length: int, most: int) -> str:
    return say("{key} has {n} characters: shorten it to {most}", key=key, n=whole(length), most=most)
