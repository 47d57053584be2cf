"""Which weekly place in the manager's week a rep gets (section 1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.free_times import NoSlotError, Pairing, Place, is_reasonable, minute, starts
from bot.coaching.rhythm.wall_time import appointment, span

SAMPLE_WEEKS = range(0, 52, 4)

WEEKS_KEPT = 256
"""Pairs of zones whose common hours are kept: teams are where they are."""


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
    free = [
        place
        for place, start in _places(hours)
        if all(abs(start - other) >= hours.minutes for other in held.get(place.weekday, ()))
    ]
    if len(reps) > len(free):
        raise NoSlotError(
            f"The manager's 1:1 hours have room for {len(free)} more and {len(reps)} reps need a place: add a weekday, "
            f"open longer hours or make 1:1s shorter than {hours.minutes} minutes.",
        )
    monday = on - timedelta(days=on.weekday())
    fit = {rep_zone: _fit(hours, zone, rep_zone, monday) for rep_zone in {each for _, each in reps}}
    per_weekday = Counter(pairing.weekday for pairing in taken)
    chosen: dict[PersonId, Pairing] = {}
    for rep, rep_zone in sorted(reps, key=lambda pair: sum(fit[pair[1]][place] for place in free)):
        good = fit[rep_zone]
        best = min(free, key=lambda place: (-good[place], per_weekday[place.weekday], place.at, place.weekday))
        free.remove(best)
        per_weekday[best.weekday] += 1
        chosen[rep] = Pairing(rep, best.weekday, best.at)
    return tuple(chosen[rep] for rep, _ in reps)


@lru_cache(maxsize=WEEKS_KEPT)
def _places(hours: WorkingHours) -> tuple[tuple[Place, int], ...]:
    """Return each place with its minute of the day."""
    return tuple((Place(weekday, at), minute(at)) for at in starts(hours) for weekday in sorted(set(hours.weekdays)))


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
