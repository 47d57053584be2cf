"""Two weeks of the whole demo organisation hold what is promised of them, line by line."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import databases
import pytest

from bot.coaching.records import PersonId
from bot.demo.organisation import START, records

Line = dict[str, Any]
SAID = {"at": str, "local": str, "to": str, "method": str, "kind": str, "key": str, "text": str, "blocks": list}
DONE = {"at": str, "local": str, "by": str, "act": str, "about": str}
OUR_IDS = re.compile(r"\b[mg][0-9a-f]{12}\b")
INSTANT = re.compile(r"<!date\^(\d+)\^")


@dataclass(frozen=True)
class Played:
    """``lines`` of two weeks and the ``summary`` printed; ``again`` are the lines of a second run of the same."""

    lines: list[Line]
    again: list[Line]
    summary: str

    @property
    def said(self) -> list[Line]:
        return [line for line in self.lines if "to" in line]

    @property
    def done(self) -> list[Line]:
        return [line for line in self.lines if "by" in line]

    @property
    def posted(self) -> list[Line]:
        return [line for line in self.said if line["method"] == "chat.postMessage"]

    def clicks(self, action: str) -> list[Line]:
        return [line for line in self.done if line.get("action_id") == action]

    def forms(self, callback: str) -> list[Line]:
        return [line for line in self.done if line.get("callback_id") == callback]

    def count(self, what: str) -> int:
        """Return the number that the summary says of ``what``."""
        (found,) = re.findall(rf"^ +{what} +(\d+)", self.summary, re.MULTILINE)
        return int(found)


@pytest.fixture(scope="module")
def played() -> Played:
    """Play once for all of xdist's workers, in processes of their own as a person would."""
    folder = Path(os.environ[databases.FOLDER]) / "played"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "summary").exists():
            running = [_play(folder / f"{run}.jsonl") for run in ("lines", "again")]
            (summary, complaints), (_, more) = [process.communicate() for process in running]
            assert [process.returncode for process in running] == [0, 0], complaints + more
            assert complaints + more == "", "it ends without a word of complaint"
            (folder / "summary").write_text(summary)
    return Played(_lines(folder / "lines.jsonl"), _lines(folder / "again.jsonl"), (folder / "summary").read_text())


def _play(transcript: Path) -> subprocess.Popen[str]:
    arguments = ["demo", "--headless", "--weeks", "2", "--transcript", str(transcript)]
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _lines(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _local(line: Line) -> datetime:
    return datetime.fromisoformat(line["local"].partition("[")[0])


def test_every_line_has_what_is_promised(played: Played) -> None:
    for line in played.lines:
        assert ("to" in line) != ("by" in line)
        for name, kind in (SAID if "to" in line else DONE).items():
            assert isinstance(line[name], kind), (name, line)
            assert line[name] or name in {"text", "blocks"}, f"{name} is empty: {line}"
    assert all(line["text"] and line["blocks"] for line in played.said), "everything shown can be read"


def test_times_are_in_utc_and_on_the_persons_own_clock(played: Played) -> None:
    zones = {person.name: person.timezone for person in records().people}
    for line in played.lines:
        at = datetime.fromisoformat(line["at"])
        zone = zones[line.get("to") or line["by"]]
        assert at.utcoffset() == timedelta(0)
        assert line["local"] == f"{at.astimezone(ZoneInfo(zone)).isoformat()}[{zone}]"


def test_time_never_goes_back(played: Played) -> None:
    assert all(one["at"] <= other["at"] for one, other in pairwise(played.lines))
    assert datetime.fromisoformat(played.lines[0]["at"]) >= START
    assert datetime.fromisoformat(played.lines[-1]["at"]) < START + timedelta(weeks=2)


def test_each_key_is_posted_once_and_rewritten_afterwards(played: Played) -> None:
    posted = Counter((line["to"], line["key"]) for line in played.posted)
    assert set(posted.values()) == {1}
    known = set()
    for line in played.said:
        place = (line["to"], line["key"])
        if line["method"] == "chat.postMessage":
            known.add(place)
        elif line["method"] == "chat.update":
            assert place in known, f"rewritten before it was posted: {place}"


def test_nobody_hears_from_the_bot_outside_their_working_day(played: Played) -> None:
    acted = {(line["by"], line["at"]) for line in played.done}
    for line in played.posted:
        local = _local(line)
        awake = time(8) <= local.time() <= time(18) and local.weekday() < 5
        assert awake or (line["to"], line["at"]) in acted, f"{line['kind']} to {line['to']} at {line['local']}"


def test_few_messages_come_to_anybody_in_a_week(played: Played) -> None:
    team = Counter(person.manager_id for person in records().people if person.manager_id)
    at_most = {person.name: 10 + 3 * team[person.id] for person in records().people}
    weekly = Counter((line["to"], _local(line).isocalendar().week) for line in played.posted)
    # Each move of a 1:1 is somebody's choice and brings a notice, the questions and the agenda of the new time.
    moves = Counter((line["to"], _local(line).isocalendar().week) for line in played.posted if line["kind"] == "moved")
    for (person, week), count in weekly.items():
        assert count <= at_most[person] + 3 * moves[person, week], f"{person} got {count} messages in week {week}"
    managers = {person.name for person in records().people if team[person.id]}
    of_reps = [count for (person, _), count in weekly.items() if person not in managers]
    assert sum(of_reps) / len(of_reps) < 6


def test_people_do_what_people_do(played: Played) -> None:
    assert played.clicks("fork_yes"), "some say yes"
    assert played.forms("fork_change"), "some change it"
    assert played.forms("fork_decline"), "some say not now"
    assert played.clicks("goal_approve")
    assert played.forms("send_back")
    assert played.clicks("meeting_held")
    assert played.forms("meeting_move")
    assert played.forms("meeting_excuse")
    assert played.clicks("report_done")
    assert played.forms("report_number"), "some are partly there"
    assert played.clicks("report_not_yet")
    asked = {line["key"] for line in played.posted if line["kind"] == "prompt"}
    answered = {line["about"] for line in played.clicks("prompt_open")}
    assert answered < asked, "some don't answer"


def test_a_second_click_is_a_second_click_and_no_second_goal(played: Played) -> None:
    pressed = Counter((line["by"], line["at"], line["value"]) for line in played.clicks("fork_yes"))
    twice = {value.partition(":")[0] for (_, _, value), count in pressed.items() if count == 2}
    assert twice, "some click twice"
    asked_of_managers = Counter(line["key"] for line in played.posted if line["kind"] == "approval")
    for goal in twice:
        assert sum(count for key, count in asked_of_managers.items() if f":{goal}:" in key) <= 1


def test_one_manager_forgets_to_close_and_is_asked_again(played: Played) -> None:
    asked_again = [line for line in played.posted if line["kind"] == "still_open"]
    assert asked_again
    assert all("still open" in line["text"] for line in asked_again)
    missed = [line for line in played.said if line["kind"] == "still_open" and "did not take place" in line["text"]]
    assert missed, "what nobody closed is never taken for held"


def test_a_one_to_one_follows_the_one_before_within_seven_to_thirty_one_days(played: Played) -> None:
    zones = {person.name: ZoneInfo(person.timezone) for person in records().people}
    dates: dict[str, list[datetime]] = defaultdict(list)
    for line in played.said:
        rep = line["key"].split(":")[1]
        if line["kind"] == "scheduled" and line["key"] == f"next:{rep}:{rep}":
            dates[rep].append(_first_instant(line).astimezone(zones[line["to"]]))
    names = {person.id: person.name for person in records().people}
    held = {
        (line["text"].removeprefix("You held the 1:1 with ").partition(" of ")[0], _first_instant(line))
        for line in played.said
        if line["kind"] == "closing" and line["text"].startswith("You held")
    }
    gaps = [
        (after.date() - before.date()).days
        for rep, starts in dates.items()
        for before, after in pairwise(starts)
        if (names[PersonId(rep)], before.astimezone(UTC)) in held
    ]
    assert len(gaps) >= 20
    assert all(7 <= gap <= 31 for gap in gaps), gaps


def _first_instant(line: Line) -> datetime:
    (first, *_) = INSTANT.findall(line["text"])
    return datetime.fromtimestamp(int(first), UTC)


def test_the_same_seed_plays_the_same_weeks(played: Played) -> None:
    assert _story(played.lines) == _story(played.again)


def _story(lines: Iterable[Line]) -> Counter[str]:
    """Return what was said and done without random ids; at one instant the order is the network's."""
    names = ("at", "to", "method", "kind", "key", "text", "by", "act", "about", "label")
    return Counter(OUR_IDS.sub("", str([line.get(name) for name in names])) for line in lines)


def test_the_summarys_numbers_add_up(played: Played) -> None:
    count = played.count
    assert count("1:1s due") == sum(map(count, ("held", "excused", "not held", "not closed yet")))
    assert count("goals offered") == sum(map(count, ("accepted", "not now", "withdrawn", "not answered")))
    assert count("accepted") == count("goals accepted")
    assert count("goals accepted") == sum(map(count, ("approved", "not approved yet", "sent back", "given up")))
    assert count("approved") == count("goals approved")
    ends = ("kept", "partly kept", "missed", "no longer relevant", "under way")
    assert count("goals approved") == sum(map(count, ends))


def test_the_summary_says_what_the_transcript_shows(played: Played) -> None:
    assert played.summary.startswith("2 weeks from 2 October 2017: 35 reps and 6 managers")
    assert played.count("goals offered") == sum(
        str(line["blocks"]).count("'fork_yes'") for line in played.posted if line["kind"] == "course"
    )
    assert played.count("held") == len({line["value"] for line in played.clicks("meeting_held")})
    assert played.count("moved") == sum(line["kind"] == "moved" for line in played.posted)
    assert played.count("approved") == len({line["value"] for line in played.clicks("goal_approve")})
    assert played.count("kept") > 0
    assert played.count("messages") == len(played.posted)


def test_the_summary_names_nobody(played: Played) -> None:
    names = {word for person in records().people for word in person.name.split()}
    assert not names & set(re.findall(r"\w+", played.summary))
