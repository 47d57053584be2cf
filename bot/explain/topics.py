"""A page's second part: what a 1:1 is about (specification, sections 2 to 7)."""

from __future__ import annotations

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.basis.ground import Ground
from bot.coaching.four_ps.trajectory import Point
from bot.coaching.numbers import Numbers
from bot.coaching.pipeline.balance import Balance
from bot.coaching.pipeline.outlook import market_spread
from bot.coaching.pipeline.periods import Target
from bot.coaching.pre_read import PreRead
from bot.coaching.winning.hit import usual_pace
from bot.coaching.winning.must_win import DealOutlook, deal_sentence
from bot.coaching.wording import count, units
from bot.explain.lines import Chapter, Line, figure_line, number, said, shown
from bot.explain.rep import Explained


def winnable(numbers: Numbers) -> Chapter:
    topic, ground = numbers.winnable, numbers.ground
    deals, new, spread = len(topic.likeliest), len(usual_pace(ground, topic.days)), ground.settings.spread
    both = f"{count(deals, 'open deal')} as below and {count(new, 'new one')} of {number(ground.deal_size)}"
    markets = f"every chance is {number(1 - spread)}, 1 and {number(1 + spread)} times as large"
    of = f"{both} at the usual pace; mean of three markets, where {markets}"
    return Chapter(
        "Win what's winnable (3)",
        (
            *_target(topic.target, ground.settings.currency),
            Line("last day of the period", topic.ends, f"in {topic.days} days"),
            Line(
                "chance of the goal",
                topic.hit,
                "",
                "" if topic.hit is None else of,
                topic.sentence,
                deals,
                topic.flags,
            ),
            *(
                Line(
                    f"swing of {one.deal.deal.id}",
                    one.swing,
                    "",
                    "chance if it is won - chance if it is lost",
                    sentence,
                )
                for one, sentence in ((one, deal_sentence(one, topic.target, topic.flags)) for one in topic.must_wins)
            ),
        ),
        _deals(topic.likeliest, ground, topic.days),
    )


def _target(target: Target | None, currency: str) -> tuple[Line, ...]:
    if target is None:
        return (Line("goal", None),)
    share = ", a share of a longer goal by working days" if target.is_share else ""
    return (
        Line("goal", target.goal, currency, f"for {target.start.isoformat()} to {target.end.isoformat()}{share}"),
        Line("won of it so far", target.won, currency),
        Line("remaining", target.remaining, currency, "goal - won"),
    )


def _deals(deals: tuple[DealOutlook, ...], ground: Ground, days: int) -> tuple[tuple[str, ...], ...]:
    """Return the open deals with what their chance comes from: (F(a+h) - F(a)) / (1 - F(a) - L(a))."""
    if not deals:
        return ()
    return (
        ("deal", "age a", "amount", "F(a)", "L(a)", f"F(a+{days})", "chance", "expected", "swing", "read as"),
        *(_deal(one, ground, days) for one in deals),
    )


def _deal(one: DealOutlook, ground: Ground, days: int) -> tuple[str, ...]:
    known = one.deal
    curve, age = (ground.curve, known.age) if known.stage_curve is None else (known.stage_curve, known.stage_age)
    return (
        known.deal.id,
        str(age),
        number(known.amount),
        *(f"{share:.6f}" for share in (curve.F(age), curve.L(age), curve.F(age + days), one.chance)),
        number(one.expected),
        "" if one.swing is None else f"{one.swing:.6f}",
        ", ".join(known.flags),
    )


def balance(ground: Ground, one: Balance) -> Chapter:
    money, z = ground.settings.currency, ground.settings.z_80
    sd = f"sqrt(sum of chance x (1 - chance) x amount^2 + ({number(market_spread(ground.settings))} Y)^2)"
    tenth = "last day - the day by which 10% of all wins are in"
    lines = [
        said(one.sentence, one.flags),
        Line("last day", one.ends, f"in h = {one.days} days"),
        *_target(one.target, money),
        Line("Y, expected from open deals", one.expected, money, "sum of chance x amount", records=one.records),
        Line("80% range", (one.low, one.high), money, f"Y +- {z} x {sd}"),
        Line("live pipeline", one.live, money, "amounts of open deals that aren't stale"),
        Line("f, new starts won in time", one.f, "share", f"(F(1) + ... + F({one.days})) / {one.days}"),
        Line("usual pace", one.pace, "starts", f"lambda x {one.days} / 7"),
        Line("last useful day to start", one.last_useful_start, "", tenth),
    ]
    if one.target is not None:
        lines += _against_goal(ground, one)
    return Chapter(f"Pipeline balance: {one.name} (4)", tuple(lines))


def _against_goal(ground: Ground, one: Balance) -> tuple[Line, ...]:
    money = ground.settings.currency
    need = f"{number(one.live)} live / {number(one.live_expected)} expected of it" if one.live else "1 / F(h)"
    shut = "new starts can't be counted on in this window, and the sentence says why"
    return (
        Line("need", one.need, "x", need),
        Line("have", one.have, "x", "live / remaining"),
        Line("gap", one.gap, money, "remaining - Y, not below 0"),
        Line("new pipeline", one.new_pipeline, money, "gap / f"),
        Line("starts that close the gap", one.starts, "", shut if one.shut else "gap / (A x f), rounded up"),
        Line("starts that make it 75% sure", one.starts_safe, "", shut if one.shut else _safe(ground)),
        Line("extra starts to find", one.extra, "", "starts - usual pace, rounded up, not below 0"),
        Line("activities for them", one.activities, "", "extra / starts per finding activity"),
    )


def _safe(ground: Ground) -> str:
    settings = ground.settings
    at_least = f"M - {settings.safe_z} sqrt(var + N u + ({number(market_spread(settings))} M)^2) >= remaining"
    parts = "M = Y + N A f, u = (A^2 + v) f - (A f)^2 and var is the sum in the range above"
    return f"fewest N with {at_least}, where {parts}"


def aspiration(one: Explained) -> Chapter:
    known, drivers, money = one.numbers, one.drivers, one.numbers.ground.settings.currency
    first, *others = known.aspiration.sentences
    if drivers is None:  # what is known then is the team's, and somebody else's number isn't shown
        lines = [said(first, known.run_rate.flags)]
    else:
        starts = f"run-rate / {number(drivers.starts_per_year)} starts a year"
        lines = [
            figure_line("run-rate", known.run_rate, "won in the last 91 days x 365 / 91"),
            Line("a point of win rate", drivers.win_point_worth(), f"{money} a year", "run-rate / win rate x 0.01"),
            Line("a start", drivers.start_worth(), money, starts),
        ]
    lines.append(Line("awesome, the rep's own figure", known.aspiration.awesome, f"{money} a year"))
    if one.path is not None:
        lines.append(Line("path", one.path.quarters, "quarters", "the fewest whose steps every driver has room for"))
        lines += [Line(f"step of {step.driver.value}", step.change, "share per quarter") for step in one.path.steps]
    return Chapter("Performance aspirations (5)", (*lines, *(said(sentence) for sentence in others)))


def past(numbers: Numbers) -> Chapter:
    money = numbers.ground.settings.currency
    return Chapter(
        "Past and priorities (7.1, 7.2)",
        (
            figure_line("won, against the 91 days before", numbers.past.figure),
            *(
                Line(f"part of {part.factor}", part.dollars, money, f"from {number(part.before)} to {number(part.now)}")
                for part in numbers.past.parts
            ),
            *(Line(f"room of {driver.value}", room, "share") for driver, room in numbers.caps.items()),
            *(
                Line(
                    f"impact of {one.driver.value}",
                    one.impact,
                    f"{money} {'once' if one.driver is Driver.CYCLE else 'a quarter'}",
                    "",
                    one.sentence,
                )
                for one in numbers.priorities
            ),
            *(said(sentence) for sentence in numbers.efficiency.sentences),
        ),
    )


def trajectory(one: Explained) -> Chapter:
    heads = one.agenda.heading
    return Chapter(
        "Trajectory (7.1)",
        (
            _point("progress to goal", heads.progress, "(won + Y + expected from the usual pace) / goal"),
            _point("process to requirement", heads.process, "the mean of what is met of each requirement"),
            Line("required starts", one.numbers.required_starts, "a week", "what closes the gap, or sustains the goal"),
            _point("willingness to change", heads.willingness, "the kept rate of commitments"),
            Line("status", heads.status, "", "", heads.sentence),
            Line("direction", heads.direction),
        ),
    )


def _point(name: str, point: Point, of: str) -> Line:
    return Line(name, point.level if point.value is None else f"{number(point.value)}, {point.level}", "", of)


def choices(agenda: PreRead) -> Chapter:
    shared = agenda.minutes
    minutes = f"{shared.past} + {shared.win} / {shared.balance} / {shared.aspiration}"
    lines = [Line("minutes", minutes, "", "past + win what's winnable / balance / aspirations", agenda.offers_sentence)]
    for terms in agenda.offers:
        lines.append(Line(terms.title, f"{units(terms.number, terms.unit)}, due {terms.due}", "", "", terms.why))
        if terms.worth is not None:
            inputs = ", ".join(f"{name} {shown(value)}" for name, value in terms.worth.inputs)
            lines.append(Line("expected worth", terms.worth.expected, "", inputs, terms.worth.sentence))
    return Chapter("Agenda and forks (2, 6)", tuple(lines))
