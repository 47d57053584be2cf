"""What more of each key activity goes with in a rep's own weeks (specification, section 7.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce

from bot.coaching.basis.cleaning import match_name
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.four_ps import predict
from bot.coaching.four_ps.predict import GRADES, NOTHING, WERE_GIVEN, Did, Effect, Grade, Split, Weeks, Wording
from bot.coaching.playbook import ActivityKind, Playbook
from bot.coaching.records import Activity, Deal, DealId, PersonId, Records
from bot.coaching.said import say
from bot.coaching.settings import Settings

SAID = 2
"""An agenda says at most so much of what goes with what."""

Event = tuple[DealId, date]
Members = Sequence[PersonId]


@dataclass(frozen=True, slots=True)
class Prediction:
    """An activity of the playbook, what it is to bring ``delay`` weeks later, and whether the rep's weeks show it."""

    activity: str
    outcomes: str
    delay: int
    effect: Effect
    sentence: str


class PredictBook:
    """Everybody's weekly key activities with their next outcomes over a year, counted once so that each rep is cheap.

    The next outcome of an activity that finds is a start. Of one that earns verifiers it is a verifier given, or an
    entry into their stage where nobody records verifiers. Without a key activity on record it is empty.
    """

    def __init__(
        self,
        records: Records,
        deals: Sequence[Deal],
        playbook: Playbook,
        as_of: date,
        settings: Settings,
        entries: Mapping[tuple[DealId, int], date],
        own: Container[str],
        *,
        has_verifiers: bool,
    ) -> None:
        """``deals`` are the cleaned opportunities of ``records``.

        ``entries`` are the first ones into each stage by its position (``first_entries``), ``own`` our people's names;
        ``has_verifiers`` says whether anybody ever recorded one.
        """
        self._records = records
        self._deals = deals
        self._playbook = playbook
        self._as_of = as_of
        self._settings = settings
        self._entries = entries
        self._own = own
        self._has_verifiers = has_verifiers
        self._number = settings.year_days // DAYS_PER_WEEK
        self._teams: dict[tuple[str, Members], tuple[int, Split]] = {}

    def of(self, rep: PersonId, team: Members) -> tuple[Prediction, ...]:
        """Return what the rep's weeks show of each key activity; ``team`` are the rep's team with the rep.

        The rep's own ratio is drawn to that of the team without the rep.
        """
        return tuple(self._prediction(link, rep, team) for link in self._links if rep in link.weeks)

    def _prediction(self, link: _Link, rep: PersonId, team: Members) -> Prediction:
        delay, whole = self._team(link, team)
        mine = predict.split(link.weeks[rep], delay)
        others = whole - mine if rep in team else NOTHING
        known = predict.own_effect(
            predict.effect_of(mine, self._settings), predict.effect_of(others, self._settings), self._settings
        )
        said = predict.sentence(known, link.words, delay)
        return Prediction(link.activity, link.words.outcomes, delay, known, said)

    def _team(self, link: _Link, team: Members) -> tuple[int, Split]:
        """Return the team's usual delay in weeks, none where no activity names its deal, and its sums."""
        key = (link.activity, team)
        if key not in self._teams:
            delay = predict.delay_weeks(days for rep in team for days in link.delays.get(rep, ())) or 0
            parts = (predict.split(link.weeks[rep], delay) for rep in team if rep in link.weeks)
            self._teams[key] = delay, sum(parts, NOTHING)
        return self._teams[key]

    @cached_property
    def _links(self) -> tuple[_Link, ...]:
        kinds = [kind for kind in self._playbook.activities if kind.key and (kind.finds or kind.earns)]
        kind_of = {
            logged: next((kind for kind in kinds if match_name(logged, kind.types or (kind.name,)) is not None), None)
            for logged in {activity.type for activity in self._records.activities}
            if match_name(logged, self._settings.bulk_types) is None
        }
        done: dict[str, list[Activity]] = defaultdict(list)
        first: dict[PersonId, int] = {}
        for activity in self._records.activities:
            kind, week = kind_of.get(activity.type), self._week(activity.on)
            if kind is not None and week is not None:
                done[kind.name].append(activity)
                first[activity.rep] = min(week, first.get(activity.rep, week))
        units = Counter(kind.unit for kind in self._playbook.activities)
        return tuple(
            self._link(kind, done[kind.name], first, units[kind.unit] > 1) for kind in kinds if done[kind.name]
        )

    def _link(self, kind: ActivityKind, done: Sequence[Activity], first: Mapping[PersonId, int], shared: bool) -> _Link:  # noqa: FBT001
        owners = self._owners
        did, outcomes, events = self._outcomes(kind)
        known = [(deal, day) for deal, day in events if deal in owners]
        acts, came = (
            self._weekly((one.rep, one.on, max(0, one.count)) for one in done),
            self._weekly((owners[deal], day, 1) for deal, day in known),
        )
        none = [0] * self._number
        return _Link(
            kind.name,
            Wording(say("{unit} (“{name}”)", unit=kind.unit, name=kind.name) if shared else kind.unit, did, outcomes),
            {rep: Weeks(acts[rep][since:], came.get(rep, none)[since:]) for rep, since in first.items() if rep in acts},
            _delays([one for one in done if one.deal is not None and owners.get(one.deal) == one.rep], known),
        )

    @cached_property
    def _owners(self) -> Mapping[DealId, PersonId]:
        return {deal.id: deal.owner for deal in self._deals}

    def _outcomes(self, kind: ActivityKind) -> tuple[Did, str, Sequence[Event]]:
        """Return what "you" did, to what, and each time it was done: the activity's next outcome."""
        if kind.finds:
            return "started", say("deals"), [(deal.id, deal.start) for deal in self._deals if deal.start is not None]
        stages = {
            place: stage.name
            for place, stage in enumerate(self._playbook.stages, start=1)
            if any(verifier.key in kind.earns for verifier in stage.toll)
        }
        names = _either(list(stages.values()))
        if self._has_verifiers:
            given = [
                (one.deal, one.given_on)
                for one in self._records.verifiers
                if one.key in kind.earns and one.given_by.strip() and one.given_by.strip().casefold() not in self._own
            ]
            return WERE_GIVEN, say("verifiers of {stages}", stages=names), given
        moved = [(deal, entered) for (deal, place), entered in self._entries.items() if place in stages]
        return "moved", say("deals into {stages}", stages=names), moved

    def _week(self, day: date) -> int | None:
        """Return the place of a day's week, oldest first; None outside the year."""
        ago = (self._as_of - day).days
        return self._number - 1 - ago // DAYS_PER_WEEK if 0 <= ago < self._number * DAYS_PER_WEEK else None

    def _weekly(self, dated: Iterable[tuple[PersonId, date, int]]) -> dict[PersonId, list[int]]:
        counts: dict[PersonId, list[int]] = {}
        for rep, day, number in dated:
            week = self._week(day)
            if week is not None:
                counts.setdefault(rep, [0] * self._number)[week] += number
        return counts


@dataclass(frozen=True, slots=True)
class _Link:
    """An activity and its next outcome: each rep's ``weeks``, and the ``delays`` in days between the two."""

    activity: str
    words: Wording
    weeks: Mapping[PersonId, Weeks]
    delays: Mapping[PersonId, Sequence[int]]


def said(predictions: Iterable[Prediction]) -> tuple[str, ...]:
    """Return the sentences an agenda has room for: only of what is shown, the surest and largest first."""
    shown = [one for one in predictions if one.effect.ratio is not None and one.effect.grade is not Grade.NOT_SHOWN]
    shown.sort(key=lambda one: (-GRADES.index(one.effect.grade), -(one.effect.ratio or 0.0)))
    return tuple(one.sentence for one in shown[:SAID])


def _either(names: Sequence[str]) -> str:
    """Return "a or b or c"; "" of none."""
    return reduce(lambda most, last: say("{most} or {last}", most=most, last=last), names) if names else ""


def _delays(done: Sequence[Activity], events: Sequence[Event]) -> dict[PersonId, list[int]]:
    """Return the days from each activity that names a deal of the rep's to that deal's next outcome, by rep."""
    came: dict[DealId, list[date]] = defaultdict(list)
    for deal, day in events:
        came[deal].append(day)
    found: dict[PersonId, list[int]] = defaultdict(list)
    for rep, days in _waits(done, came):
        found[rep].append(days)
    return found


def _waits(done: Sequence[Activity], came: Mapping[DealId, Sequence[date]]) -> Iterator[tuple[PersonId, int]]:
    for one in done:
        if one.deal is not None:
            following = min((day for day in came.get(one.deal, ()) if day >= one.on), default=None)
            if following is not None:
                yield one.rep, (following - one.on).days
