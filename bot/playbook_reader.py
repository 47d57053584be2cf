"""A playbook made of its document, part by part."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from bot.coaching.playbook import (
    DRIVERS,
    SESSIONS,
    ActivityKind,
    EvidenceField,
    Playbook,
    Resource,
    Skill,
    Stage,
    VerifierKind,
)
from bot.coaching.said import counted, listed_or, named, say
from bot.coaching.wording import singular
from bot.playbook_table import Fault, Table, too_long

MAX_KEY = 60
"""Slack's menus hand back no more: 75 characters, with a day beside the key."""
VERIFIER_KEY = re.compile(r"[a-z0-9][a-z0-9_]*")


class Reader:
    """Builds a Playbook and gathers every fault on the way.

    What ``ours`` says, a playbook that comes with Cadence, is told in each reader's language; a company's own words
    stay as they are.
    """

    def __init__(self, *, ours: bool) -> None:
        self.faults: list[Fault] = []
        self._ours = ours

    def playbook(self, document: Mapping[str, Any]) -> Playbook:
        table = Table("playbook", document, (), self.faults)
        stages = table.tables("stage", "stage", say("[[stage]] above each"))
        if not stages and "stage" not in document:
            table.refuse(None, say("the playbook has no stage: add a [[stage]] with name and outcome"))
        return Playbook(
            name=self._name(table.text("name")),
            outcomes=self._names(table.texts("outcomes", needed=True)),
            stages=tuple(self._stage(stage) for stage in stages),
            activities=tuple(
                self._activity(item) for item in table.tables("activity", "activity", say("[[activity]] above each"))
            ),
            skills=tuple(self._skill(item) for item in table.tables("skill", "skill", say("[[skill]] above each"))),
            resources=tuple(
                self._resource(item) for item in table.tables("resource", "resource", say("[[resource]] above each"))
            ),
        )

    def _stage(self, table: Table) -> Stage:
        return Stage(
            name=self._name(table.text("name")),
            outcome=self._name(table.text("outcome")),
            toll=tuple(
                self._verifier(item)
                for item in table.tables("toll", "verifier", 'toll = [{ key = "...", name = "..." }]')
            ),
            crm=table.texts("crm"),
            probability=table.number(
                "probability", 1, say("probability is a share above 0 and up to 1: write 0.25 for 25%")
            ),
        )

    def _verifier(self, table: Table) -> VerifierKind:
        key = table.text("key")
        if key and not VERIFIER_KEY.fullmatch(key):
            fault = say(
                "key {key} is the verifier's name in records: use small letters, digits and _, as in closure_plan",
                key=repr(key),
            )
            table.refuse("key", fault)
        if len(key) > MAX_KEY:
            table.refuse("key", too_long("key", len(key), MAX_KEY))
        return VerifierKind(
            key=key,
            name=self._name(table.text("name")),
            role=self._name(table.text("role", default="")),
            expires_after_days=table.days("expires_after_days"),
            field=self._field(table.table("field", "field", 'field = { name = "..." }')),
        )

    def _field(self, table: Table | None) -> EvidenceField | None:
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

    def _activity(self, table: Table) -> ActivityKind:
        return ActivityKind(
            name=self._name(table.text("name")),
            unit=self._unit(table.text("unit")),
            stage=self._name(table.text("stage")),
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

    def _skill(self, table: Table) -> Skill:
        driver = table.text("driver")
        if driver and driver not in DRIVERS:
            fault = say("{driver} isn't a driver: write {drivers}", driver=repr(driver), drivers=listed_or(DRIVERS))
            table.refuse("driver", fault)
        return Skill(
            name=self._name(table.text("name")),
            activities=self._names(table.texts("activities", needed=True)),
            driver=driver,
            practice=self._name(table.text("practice")),
            unit=self._unit(table.text("unit", default="")) or SESSIONS,
            needs=self._names(table.texts("needs")),
        )

    def _resource(self, table: Table) -> Resource:
        link = table.text("link", default="")
        if link and not link.startswith(("https://", "http://")):
            fault = say("link {link} isn't a web address: begin it with https://, or leave it out", link=repr(link))
            table.refuse("link", fault)
        return Resource(
            name=self._name(table.text("name")),
            skills=self._names(table.texts("skills", needed=True)),
            link=link,
        )

    def _name(self, text: str) -> str:
        return named(text) if self._ours else text

    def _names(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._name, texts))

    def _unit(self, plural: str) -> str:
        return counted(singular(plural), plural) if self._ours and plural else plural
