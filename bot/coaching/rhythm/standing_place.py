"""Which weekly place in the manager's week a rep gets (section 1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.free_times import NoSlotError, Pairing, Place, is_reasonable, minute, starts
from bot.coaching.rhythm.wall_time import appointment, span
from bot.coaching.said import say

SAMPLE_WEEKS = range(0, 52, 4)

WEEKS_KEPT = 256
"""Pairs of zones whose common hours are kept: teams are where they are."""


_Rank = tuple[frozenset[int], tuple[tuple[Place, int], ...]]
"""Weekdays, and the places on them with their minutes of the day, by time and weekday."""


def choose_standing(
    hours: WorkingHours,
    zone: str,
    reps: Sequence[tuple[PersonId, str]],
    *,
    taken: Sequence[Pairing] = (),
    on: date,
) -> tuple[Pairing, ...]:
    """Return a weekly place for each of ``reps`` (id and the rep's own zone), in their order.

    No two of them, nor one of ``taken``, ever overlap, whatever their intervals. Within 8 to 18 of the rep's own
    clocks on a weekday, looked at through the year from ``on``, is preferred, then the emptier weekday, then the
    earlier time; reps who share few such hours with the manager's ``zone`` choose first.
    Raises NoSlotError when there are more reps than places.
    """
    held: dict[int, list[int]] = defaultdict(list)
    for pairing in taken:
        held[pairing.weekday].append(minute(pairing.at))
    per_weekday = Counter(pairing.weekday for pairing in taken)
    monday = on - timedelta(days=on.weekday())
    in_turn = reps
    if len(reps) > 1:  # one alone takes the best place without a look at all the others
        free = [place for place, start in _places(hours) if _is_free(start, held[place.weekday], hours.minutes)]
        if len(reps) > len(free):
            raise _too_few(hours, len(free), len(reps))
        fit = {rep_zone: _fit(hours, zone, rep_zone, monday) for rep_zone in {each for _, each in reps}}
        in_turn = sorted(reps, key=lambda pair: sum(fit[pair[1]][place] for place in free))
    chosen: dict[PersonId, Pairing] = {}
    for rep, rep_zone in in_turn:
        best = _best(_ranked(hours, zone, rep_zone, monday), held, per_weekday, hours.minutes)
        if best is None:
            raise _too_few(hours, 0, 1)
        held[best.weekday].append(minute(best.at))
        per_weekday[best.weekday] += 1
        chosen[rep] = Pairing(rep, best.weekday, best.at)
    return tuple(chosen[rep] for rep, _ in reps)


def is_taken(place: Pairing, taken: Sequence[Pairing], minutes: int) -> bool:
    """Return whether a weekly place overlaps one of ``taken`` when 1:1s are so many ``minutes`` long."""
    return not _is_free(minute(place.at), [minute(one.at) for one in taken if one.weekday == place.weekday], minutes)


def _best(
    ranked: Sequence[_Rank],
    held: Mapping[int, Sequence[int]],
    per_weekday: Mapping[int, int],
    minutes: int,
) -> Place | None:
    """Return the free place in the emptiest weekday, the earliest there, of the first rank that has a free one."""
    for weekdays, places in ranked:
        emptiest = min([per_weekday[weekday] for weekday in weekdays])
        best: Place | None = None
        for place, start in places:
            if best is not None and per_weekday[place.weekday] >= per_weekday[best.weekday]:
                continue
            if _is_free(start, held[place.weekday], minutes):
                best = place
                if per_weekday[best.weekday] == emptiest:
                    break
        if best is not None:
            return best
    return None


def _is_free(start: int, others: Sequence[int], minutes: int) -> bool:
    return not others or all(abs(start - other) >= minutes for other in others)


def _too_few(hours: WorkingHours, room: int, reps: int) -> NoSlotError:
    return NoSlotError(
        say(
            "The manager's 1:1 hours have room for {free} more and {reps} reps need a place: add a weekday, open "
            "longer hours or make 1:1s shorter than {minutes} minutes.",
            free=room,
            reps=reps,
            minutes=hours.minutes,
        ),
    )


@lru_cache(maxsize=WEEKS_KEPT)
def _places(hours: WorkingHours) -> tuple[tuple[Place, int], ...]:
    """Return each place with its minute of the day, by time and weekday."""
    return tuple((Place(weekday, at), minute(at)) for at in starts(hours) for weekday in sorted(set(hours.weekdays)))


@lru_cache(maxsize=WEEKS_KEPT)
def _ranked(hours: WorkingHours, zone: str, rep_zone: str, monday: date) -> tuple[_Rank, ...]:
    """Return the places in ranks, those at reasonable hours in most weeks first, and in each by time and weekday."""
    fit = _fit(hours, zone, rep_zone, monday)
    ranks: dict[int, list[tuple[Place, int]]] = defaultdict(list)
    for place, start in _places(hours):
        ranks[fit[place]].append((place, start))
    return tuple(
        (frozenset(place.weekday for place, _ in ranks[weeks]), tuple(ranks[weeks]))
        for weeks in sorted(ranks, reverse=True)
    )


@lru_cache(maxsize=WEEKS_KEPT)
def _fit(hours: WorkingHours, zone: str, rep_zone: str, monday: date) -> Mapping[Place, int]:
    """Return in how many sampled weeks of the year from ``monday`` each place is at a reasonable hour for the rep."""
    return {
        place: sum(
            is_reasonable(
                span(appointment(monday + timedelta(weeks=week, days=place.weekday), place.at, zone, hours.minutes)),
                rep_zone,
            )
            for week in SAMPLE_WEEKS
        )
        for place, _ in _places(hours)
    }
