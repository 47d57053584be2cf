"""Every view in every state that it can show, under the name of its golden file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.choices import Choice
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, Origin
from bot.coaching.four_ps import success
from bot.coaching.four_ps.past import Factor
from bot.coaching.goals.counted import Counted
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pipeline.coverage_average import Fit
from bot.coaching.playbook import ActivityKind, Playbook, Resource, Skill, Stage, VerifierKind
from bot.coaching.pre_read import Behind, PreRead
from bot.coaching.records import Deal, DealId, DealStatus, Leave, Person, PersonId, Verifier
from bot.coaching.rhythm.market import MarketAnswer, MarketProposal, Shortening
from bot.coaching.said import say as sentence
from bot.coaching.winning.evidence import Recording, TollItem
from bot.coaching.winning.verified_stage import Standing
from bot.services.ports import TOO_LATE, GivenUp, Trouble
from bot.services.ports.checkups import Finding
from bot.slack.errors import REMEDIES
from bot.views import (
    announcement,
    approvals,
    away,
    cadence,
    calendar,
    closing,
    command_help,
    commands,
    digest,
    doctor,
    evidence,
    first_day,
    forks,
    goal_builder,
    goal_report,
    home,
    how,
    inviting,
    matching,
    moving,
    news,
    notices,
    pre_read,
    prompts,
    quiet,
    reminders,
    schedule,
    slack_account,
    troubles,
    whole_agenda,
)
from bot.views.first_day import Asked, FirstDayPage
from bot.views.goal_builder import Carried
from bot.views.home import RepPage, TeamPage
from bot.views.home_admin import AdminPage, SourceLine
from bot.views.ids import Topic
from bot.views.inviting import FirstOne
from bot.views.message import Message
from bot.views.run_of_show import Course, run_of_show
from tests.views.builders import (
    CHANGED,
    WEEK,
    a_deal,
    a_decision,
    a_goal,
    a_manager,
    a_meeting,
    a_person,
    a_pre_read,
    an_appointment,
    an_empty_pre_read,
    some_terms,
)

Shown = Message | dict[str, Any]
CLOSED = datetime(2017, 10, 3, 14, 35, tzinfo=UTC)


class Texts:
    """Says what people and CRMs wrote: sensible words, or ``instead`` everywhere."""

    def __init__(self, instead: str | None = None) -> None:
        self.instead = instead

    def __call__(self, usual: str) -> str:
        return usual if self.instead is None else self.instead

    def ours(self, usual: str) -> str:
        """Return what a company's own playbook says, which nobody fills with markup."""
        return self(usual) if (self.instead or "").isdigit() else usual

    def rep(self) -> Person:
        return a_person(name=self("Anna Snelling"))

    def manager(self) -> Person:
        return a_manager(name=self("Dustin Brinkmann"))

    def goal(self, state: GoalState = GoalState.OFFERED, **changes: Any) -> CoachingGoal:
        usual = some_terms()
        terms = replace(
            usual,
            title=self(usual.title),
            unit=self(usual.unit),
            plan=self(usual.plan),
            why=self(usual.why),
            path=tuple(self(item) for item in usual.path),
            worth=replace(usual.worth, sentence=self(usual.worth.sentence)) if usual.worth else None,
        )
        return a_goal(state, **({"terms": terms} | changes))

    def meeting(self, state: MeetingState = MeetingState.PROMPTED, **changes: Any) -> Meeting:
        return a_meeting(state=state, **changes)

    def horizon(self, row: HorizonRow) -> HorizonRow:
        return replace(row, sentence=self(row.sentence), flags=tuple(map(self, row.flags)))

    def agenda(self, **changes: Any) -> PreRead:
        """Return the usual agenda, with what the maths says of it as somebody's words, too."""
        usual = a_pre_read()
        deal = replace(a_deal(), name=self("Acme"), crm_stage=self("Approved"), verified=self("Proposal"))
        offer = self.goal().terms
        worth = offer.worth and replace(offer.worth, inputs=tuple((self(of), n) for of, n in offer.worth.inputs))
        said = replace(
            usual,
            cadence=self(usual.cadence),
            stands_on=tuple(map(self, usual.stands_on)),
            past=tuple(map(self, usual.past)),
            past_sentence=self(usual.past_sentence),
            heading=replace(usual.heading, sentence=self(usual.heading.sentence)),
            priorities=tuple(replace(one, sentence=self(one.sentence)) for one in usual.priorities),
            month=self(usual.month),
            checks=tuple(map(self, usual.checks)),
            deals=(
                replace(
                    deal,
                    unpaid=tuple(map(self, deal.unpaid)),
                    sentence=self(deal.sentence),
                    flags=tuple(map(self, deal.flags)),
                ),
            ),
            deals_sentence=self(usual.deals_sentence),
            horizons=tuple(map(self.horizon, usual.horizons)),
            aspiration=replace(usual.aspiration, sentences=tuple(map(self, usual.aspiration.sentences))),
            offers=(replace(offer, worth=worth),),
            offers_sentence=self(usual.offers_sentence),
        )
        return replace(said, **changes)

    def answers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("win", self("Acme. They owe us the closure plan.")),
            ("balance", self("Two events in November.\nAnd the partner list.")),
            ("aspiration", self("A year above a million.")),
            ("goals", self("Calls before 9 worked.")),
        )


def cases(instead: str | None = None, many: int = 1) -> dict[str, Shown]:
    """Return every case; ``instead`` replaces every text of a person or a CRM, ``many`` repeats what can repeat."""
    say = Texts(instead)
    return {
        **_prompts(say, many),
        **_pre_reads(say, many),
        **_forks(say, many),
        **_approvals(say),
        **_reminders(say, many),
        **_courses(say, many),
        **_closings(say),
        **_moves(say),
        **_aways(say, many),
        **_quiet(say, many),
        **_commands(say, many),
        **_cadences(say, many),
        **_matchings(say, many),
        **_homes(say, many),
        **_invitations(say, many),
        **_first_days(say, many),
        **_evidence(say, many),
        "calendar_new": calendar.new_address("https://cadence.example.com/ics/Zm9yLXJ1dGgtYWxvbmU.ics"),
        "calendar_there": calendar.has_address(CHANGED, say.manager().timezone),
        "calendar_ended": calendar.ended(),
        "calendar_file": calendar.file_coming(say("Dustin Brinkmann"), CHANGED, say.manager().timezone),
        "calendar_file_refused": calendar.file_refused(say("Slack didn't take the file. Please try once more.")),
        **_troubles(say, many),
        "notice_problem": notices.problem("Settled already", say("Ben said yes to this at 10:12. Open /goals.")),
        "notice_refused": notices.refused(say("You already hold two goals.")),
        "notice_error": notices.error("7f3a"),
        "notice_error_modal": notices.error_modal("7f3a"),
    }


def _troubles(say: Texts, many: int) -> dict[str, Shown]:
    rep, zone = say.rep(), say.manager().timezone
    lasts = Trouble("refused:token_revoked", CHANGED)
    over = replace(lasts, over_at=CHANGED + timedelta(hours=3))
    lost = [GivenUp("prompt:m1:ruth", rep.id, "prompt", "restricted_action", CHANGED)] * (1 + many)
    late = [replace(lost[0], kind="new_kind", error=TOO_LATE)]
    remedy = REMEDIES["messages_tab_disabled"]
    return {
        "trouble_refused": troubles.refused(lasts, "token_revoked", remedy, zone),
        "trouble_refused_over": troubles.refused(over, "token_revoked", remedy, zone),
        "trouble_deaf": troubles.deaf(lasts, zone),
        "trouble_deaf_over": troubles.deaf(over, zone),
        "trouble_people_unknown": troubles.people_unknown(lasts, zone),
        "trouble_people_unknown_over": troubles.people_unknown(over, zone),
        "trouble_undelivered": troubles.undelivered(lost, {rep.id: rep}, "restricted_action", remedy),
        "trouble_too_late": troubles.undelivered(late, {rep.id: rep}, TOO_LATE, remedy),
        "trouble_not_reached": troubles.not_reached(lost, rep),
    }


def _prompts(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    answered = say.meeting(answers=say.answers())
    goals = (say.goal(GoalState.ACTIVE, done=5.0),) * many
    return {
        "prompt_invitation": prompts.invite(say.meeting(), rep, manager, answered=False),
        "prompt_answered": prompts.invite(answered, rep, manager, answered=True),
        "prompt_closed": prompts.invite(replace(answered, state=MeetingState.HELD), rep, manager, answered=True),
        "prompt_form": prompts.modal(say.meeting(), manager, ()),
        "prompt_form_answered": prompts.modal(answered, manager, goals),
    }


def _pre_reads(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    usual = say.agenda()
    deal = a_deal(
        name=say("Acme"),
        crm_stage=say("Approved"),
        verified=say("Proposal"),
        unpaid=(say("closure plan"),) * many,
        sentence=say(a_deal().sentence),
        flags=(say("overdue"),) * many,
    )
    full = replace(
        usual,
        past=usual.past * many,
        deals=(deal,) * many,
        coverage=say("One multiple for everybody would ask too little of you: your own number is 4.5x."),
        behind=Behind(
            (say("For the month 12 October is the last useful day to start a deal."),) * many,
            (say("5% more starts, a 5% better win rate and 5% larger deals are each worth $40k a year."),) * many,
        ),
        plan=say("Each month gets its part of what is left of the year's goal. October's part is $28k."),
        aspiration=replace(usual.aspiration, sentences=usual.aspiration.sentences[:1] * many),
        offers=tuple(replace(usual.offers[0], fork=fork) for fork in (Fork.VERIFIER, Fork.GAP)),
    )
    more = replace(full, more_deals=(replace(deal, deal=DealId("d-2"), unpaid=()),) * (1 + many))
    meeting = say.meeting(MeetingState.PUBLISHED, answers=say.answers())
    pair = (rep, manager)
    won = Deal(deal.deal, rep.id, deal.name, DealStatus.WON, amount=82_000.0, close=date(2017, 10, 2))
    overtaken = (
        news.closed(deal, won),
        news.closed(deal, replace(won, status=DealStatus.LOST, close=None)),
        news.came(deal, say("closure plan")),
        news.falls_away(full.offers[0]),
    )
    crowded = replace(
        full,
        past=(
            say("More discovery calls: 9 of 12 calls, partly done."),
            say("Role-plays of the first minute of a call: 2 of 3 recordings, under way."),
            say("Agendas sent ahead: 4 of 4 agendas, kept."),
        ),
        deals=(
            replace(
                deal, name=say("Genco Pura Olive Oil Company: GTX Plus Pro"), unpaid=(say("written decision criteria"),)
            ),
            replace(deal, name=say("Streethex: GTX Plus Pro"), verified=None),
            deal,
        ),
        aspiration=replace(
            usual.aspiration,
            sentences=(
                usual.aspiration.sentences[0],
                say(
                    "Awesome for you is $1.5M: 10% larger deals and a 9.1% shorter cycle, eight quarters in a row, get "
                    "you to $791k, if you put the time that the shorter cycle frees into new starts."
                ),
            ),
        ),
        data_age=say(
            "HubSpot couldn't be read since 30 September (2 days ago): the numbers rest on what it held then."
        ),
    )
    changes = (say("Acme was won since: $80k less to win this quarter."),) * many
    return {
        "pre_read_rep": pre_read.pre_read(full, meeting, rep, *pair, answers_shown=False),
        "pre_read_manager": pre_read.pre_read(full, meeting, manager, *pair, answers_shown=True),
        "pre_read_unanswered": pre_read.pre_read(
            full, replace(meeting, answers=()), manager, *pair, answers_shown=True
        ),
        "pre_read_changed": pre_read.pre_read(full, meeting, manager, *pair, answers_shown=True, changes=changes),
        "pre_read_overtaken": pre_read.pre_read(full, meeting, rep, *pair, answers_shown=False, changes=overtaken),
        "pre_read_no_data": pre_read.pre_read(an_empty_pre_read(), say.meeting(), manager, *pair, answers_shown=True),
        "pre_read_full": pre_read.pre_read(crowded, meeting, manager, *pair, answers_shown=True, changes=overtaken),
        "pre_read_whole_rep": whole_agenda.whole_agenda(full, meeting, rep, *pair, answers_shown=False),
        "pre_read_whole_manager": whole_agenda.whole_agenda(full, meeting, manager, *pair, answers_shown=True),
        "pre_read_whole_unanswered": whole_agenda.whole_agenda(
            full, replace(meeting, answers=()), manager, *pair, answers_shown=True
        ),
        "pre_read_whole_changed": whole_agenda.whole_agenda(
            crowded, meeting, rep, *pair, answers_shown=False, changes=(*overtaken, *changes)
        ),
        "pre_read_whole_held": whole_agenda.whole_agenda(
            full, replace(meeting, state=MeetingState.HELD), rep, *pair, answers_shown=False
        ),
        "pre_read_whole_no_data": whole_agenda.whole_agenda(
            an_empty_pre_read(), say.meeting(), manager, *pair, answers_shown=True
        ),
        "pre_read_how": how.how(full),
        "pre_read_how_no_data": how.how(an_empty_pre_read()),
        **{f"pre_read_how_{topic.name.lower()}": how.how(full, topic) for topic in Topic},
        "command_pipeline": commands.pipeline(rep, more),
        "command_pipeline_own": commands.pipeline(rep, more, own=True),
        "command_pipeline_no_data": commands.pipeline(rep, an_empty_pre_read()),
    }


def _forks(say: Texts, many: int) -> dict[str, Shown]:
    manager = say.manager()
    words = say("Could we start with six, this week?\nI'd rather see them well prepared.")
    shown: dict[str, Shown] = {
        f"fork_{state.value}": forks.offer(
            say.goal(state, words=words, done=9.0, version=1 if state is GoalState.OFFERED else 2), manager
        )
        for state in GoalState
    }
    verifier = replace(say.goal().terms, fork=Fork.VERIFIER, title=say("Earn Acme's closure plan"), worth=None, plan="")
    return shown | {
        "fork_offered_without_dollars": forks.offer(say.goal(terms=verifier), manager),
        "fork_offered_proposed": forks.offer(say.goal(terms=replace(verifier, origin=Origin.MANAGER)), manager),
        "fork_offered_own": forks.offer(say.goal(terms=replace(verifier, origin=Origin.REP)), manager),
        "fork_change_form": forks.change_modal(say.goal()),
        "fork_decline_form": forks.decline_modal(say.goal()),
        "fork_full": forks.full(say.goal(), (say.goal(GoalState.ACTIVE, done=5.0),) * (1 + many)),
        "fork_full_changed": forks.full(
            say.goal(), (say.goal(GoalState.ACTIVE, done=5.0), say.goal(GoalState.ACCEPTED, version=2)), changed=True
        ),
    }


def _approvals(say: Texts) -> dict[str, Shown]:
    words = say("Could we start with six, this week?")
    shown: dict[str, Shown] = {
        f"approval_{state.value}": approvals.request(say.goal(state, words=words, done=9.0), say.rep())
        for state in GoalState
    }
    own, proposed = (replace(say.goal().terms, origin=origin) for origin in (Origin.REP, Origin.MANAGER))
    shown |= {
        "approval_accepted_own": approvals.request(say.goal(GoalState.ACCEPTED, terms=own), say.rep()),
        "approval_accepted_proposed": approvals.request(say.goal(GoalState.ACCEPTED, terms=proposed), say.rep()),
    }
    return shown | {"approval_send_back_form": approvals.send_back_modal(say.goal(GoalState.ACCEPTED))}


def some_counts() -> dict[GoalId, Counted]:
    return {
        GoalId("g-1"): Counted(9.0, 9, date(2017, 10, 6)),
        GoalId("g-2"): Counted(13.0, 8, date(2017, 10, 6), said=5.0),
    }


def _reminders(say: Texts, many: int) -> dict[str, Shown]:
    rep = say.rep()
    fresh = say.goal(GoalState.ACTIVE)
    carried = Carried(GoalId("g-9"))
    theirs, reason = replace(carried, rep=rep.id), say("'close 3 deals' depends on the customer (close).")
    usual = say.goal().terms
    opening, proposed = say("Opening a first call"), replace(usual, origin=Origin.MANAGER)
    gap = Choice("gap-1", replace(usual, item=say("Call a new prospect")), "the gap of the quarter", 12)
    win = Choice("verifier-1", replace(usual, fork=Fork.VERIFIER, worth=None), "a verifier of Acme")
    skill = Choice("aspiration-1", replace(usual, fork=Fork.ASPIRATION, item=opening, worth=None), "starts")
    held = (say.goal(GoalState.ACTIVE, done=5.0),)
    reported = say.goal(GoalState.ACTIVE, done=5.0, reported_at=datetime(2017, 10, 9, 13, 30, tzinfo=UTC))
    return {
        "reminder_asked": reminders.weekly((fresh, replace(fresh, done=3.0)) * many, WEEK, rep),
        "reminder_one_answered": reminders.weekly((reported, fresh) * many, WEEK, rep),
        "reminder_counted": reminders.weekly(
            (fresh, replace(fresh, id=GoalId("g-2"), done=5.0)) * many, WEEK, rep, some_counts()
        ),
        "reminder_counted_number_form": reminders.number_modal(fresh, "partly", WEEK, some_counts()[fresh.id]),
        "reminder_all_answered": reminders.weekly(
            (
                reported,
                replace(reported, done=None),
                say.goal(GoalState.KEPT, done=12.0, reported_at=CHANGED),
                say.goal(GoalState.OBSOLETE, reported_at=CHANGED),
            ),
            WEEK,
            rep,
        ),
        "goal_new_form": goal_builder.start(carried, (win, gap, skill) * many, rep, ()),
        "goal_new_form_full": goal_builder.start(carried, (gap,), rep, held * 2, say("close Acme")),
        "goal_propose_form": goal_builder.start(theirs, (gap,), rep, held),
        "goal_shape_form": goal_builder.shape(carried, gap.terms, a_playbook(say), rep, say("If it is Tuesday 9:00")),
        "goal_shape_form_skill": goal_builder.shape(carried, skill.terms, a_playbook(say), rep, ""),
        "goal_shape_form_manager": goal_builder.shape(theirs, gap.terms, a_playbook(say), rep, ""),
        "goal_nearest_form": goal_builder.nearest(
            carried, reason, (gap, win, skill), rep, say("If it is Tuesday 9:00")
        ),
        "goal_nearest_form_manager": goal_builder.nearest(theirs, reason, (gap,), rep, ""),
        "goal_made": goal_builder.made(say.goal(GoalState.ACCEPTED), rep, say.manager()),
        "goal_made_proposed": goal_builder.made(say.goal(terms=proposed), rep, say.manager()),
        "goal_made_settled": goal_builder.made(say.goal(GoalState.ACTIVE), rep, say.manager()),
        "goal_report_form": goal_report.modal((reported,)),
        "goal_report_form_several": goal_report.modal(
            (reported, *(replace(fresh, id=GoalId(f"g-{number}")) for number in range(2, 2 + many)))
        ),
        "goal_report_active": goal_report.done(reported, say.manager()),
        "goal_report_kept": goal_report.done(say.goal(GoalState.KEPT, done=12.0), say.manager()),
        "goal_report_obsolete": goal_report.done(say.goal(GoalState.OBSOLETE), say.manager()),
        "reminder_number_form": reminders.number_modal(reported, "partly", WEEK),
    }


def _courses(say: Texts, many: int) -> dict[str, Shown]:
    """A 1:1 from its start to its end, for each of the two."""
    rep, manager = say.rep(), say.manager()
    usual = a_pre_read()
    deal = a_deal(name=say("Acme"), crm_stage=say("Approved"), verified=say("Proposal"), unpaid=(say("closure plan"),))
    agenda = replace(
        usual,
        past=tuple(say(line) for line in usual.past) * many,
        deals=(deal, a_deal(deal=DealId("d-2"), name=say("Beta"), unpaid=(), verified=None, crm_stage="")) * many,
        aspiration=replace(usual.aspiration, sentences=tuple(say(line) for line in usual.aspiration.sentences)),
    )
    words = say("Could we start with six, this week?")

    def goal(state: GoalState, fork: Fork, **changes: Any) -> CoachingGoal:
        given = say.goal(state, words="" if state is GoalState.OFFERED else words)
        deal = DealId("d-1") if fork is Fork.VERIFIER else None
        return replace(given, id=GoalId(f"{fork}-{state}"), terms=replace(given.terms, fork=fork, deal=deal), **changes)

    open_ = (goal(GoalState.OFFERED, Fork.VERIFIER), goal(GoalState.OFFERED, Fork.GAP))
    half = (goal(GoalState.ACCEPTED, Fork.VERIFIER), goal(GoalState.DECLINED, Fork.GAP)) * many
    over = (goal(GoalState.KEPT, Fork.GAP, done=12.0), goal(GoalState.MISSED, Fork.ASPIRATION, done=2.0))
    done = (
        goal(GoalState.ACTIVE, Fork.VERIFIER),
        goal(GoalState.ACCEPTED, Fork.GAP),
        goal(GoalState.OBSOLETE, Fork.ASPIRATION, active_since=date(2017, 10, 3)),
    )
    other = (
        goal(GoalState.SENT_BACK, Fork.VERIFIER),
        goal(GoalState.OBSOLETE, Fork.GAP),
        goal(GoalState.DECLINED, Fork.ASPIRATION),
    )
    started = Course(say.meeting(MeetingState.STARTED), agenda, rep, manager)
    held = replace(
        started,
        meeting=say.meeting(MeetingState.HELD, closed_at=CLOSED),
        following=say.meeting(MeetingState.PLANNED, appointment=an_appointment(date(2017, 10, 17))),
        cadence=say(usual.cadence),
    )
    forecasts = {done[0].id: say("With 12 calls from 3 October we expect 2 to 5 starts until 31 October.")}
    courses = {
        "started": replace(started, goals=open_),
        "answered": replace(started, goals=half),
        "returned": replace(started, goals=other),
        "review_only": started,
        "without_agenda": replace(started, agenda=None, goals=open_[:1]),
        "held": replace(held, goals=done, asked=frozenset({done[1].id}), forecasts=forecasts),
        "held_open": replace(held, goals=(*open_[:1], *other), following=None),
        "held_without_choices": replace(held, cadence=""),
        "held_long_ago": replace(held, goals=over),
        "handed_over": replace(held, goals=(replace(done[1], manager=PersonId("somebody")),)),
        "moved": replace(
            started,
            meeting=say.meeting(MeetingState.MOVED, closed_at=CLOSED, closing_words=say("I'm with a customer.")),
            moved_to=an_appointment(date(2017, 10, 4)),
        ),
        "excused": replace(
            started, meeting=say.meeting(MeetingState.EXCUSED, closed_at=CLOSED, closing_words=say("Anna is ill."))
        ),
        "missed": replace(
            started,
            meeting=say.meeting(MeetingState.MISSED, closed_at=CLOSED, closing_words=say("Nobody said whether.")),
        ),
    }
    return {
        f"course_{name}_{who}": run_of_show(course, reader)
        for name, course in courses.items()
        for who, reader in (("rep", rep), ("manager", manager))
    }


def _closings(say: Texts) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    started = say.meeting(MeetingState.STARTED)
    shown: dict[str, Shown] = {
        f"closing_still_open_{state.value}": closing.still_open(
            replace(started, state=state, closed_at=CLOSED, closing_words=words), rep
        )
        for state, words in (
            (MeetingState.HELD, ""),
            (MeetingState.MOVED, say("I'm with a customer that day.")),
            (MeetingState.EXCUSED, say("Anna is ill.")),
            (MeetingState.MISSED, say("Nobody said whether it was held.")),
        )
    }
    slots = tuple(an_appointment(date(2017, 10, 4 + index)) for index in range(3))
    moved = replace(started, state=MeetingState.MOVED, closing_words=say("I'm with a customer that day."))
    planned, why = say.meeting(MeetingState.PLANNED), say(a_pre_read().cadence)
    return shown | {
        "closing_still_open": closing.still_open(started, rep),
        "closing_excuse_form": closing.excuse_modal(started),
        "closing_still_open_moved_to": closing.still_open(moved, rep, slots[1]),
        "closing_excused_notice": closing.excused(
            replace(started, state=MeetingState.EXCUSED, closing_words=say("Ill today; get well soon.")),
            planned,
            rep,
            manager,
        ),
        "closing_scheduled": announcement.announced(announcement.announce(planned, rep, manager, why, rep)),
        "closing_scheduled_first": announcement.announced(
            announcement.announce(planned, rep, manager, why, rep, is_first=True)
        ),
        "closing_scheduled_manager": announcement.announced(announcement.announce(planned, rep, manager, why, manager)),
        "closing_scheduled_moved": announcement.announced(
            announcement.announce(planned, rep, manager, why, manager), moving.change(moved, rep, manager)
        ),
        "closing_scheduled_then_held": announcement.over(say.meeting(MeetingState.HELD), rep, manager, rep),
    }


def _moves(say: Texts) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    planned = say.meeting(MeetingState.PLANNED)
    slots = tuple(an_appointment(date(2017, 10, 4 + index)) for index in range(3))
    moved = replace(planned, state=MeetingState.MOVED, closing_words=say("I'm with a customer that day."))
    return {
        "move_form": moving.move_modal(planned, slots, manager),
        "move_form_rep": moving.move_modal(planned, slots, rep),
        "move_form_taken": moving.move_modal(planned, slots, manager, taken=True),
        "move_form_without_slots": moving.move_modal(planned, (), manager),
        "move_form_without_slots_rep": moving.move_modal(planned, (), rep),
        "move_notice": moving.moved(moved, replace(planned, appointment=slots[1]), rep, manager),
    }


def _aways(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    leave = Leave(rep.id, date(2017, 12, 3), date(2018, 1, 5), say("Surgery"))
    one_day = Leave(rep.id, date(2017, 10, 4), date(2017, 10, 4))
    leaves = (one_day, leave) * many
    return {
        "away_noted": away.noted(one_day, leaves, ()),
        "away_noted_over_a_meeting": away.noted(leave, leaves, (manager,)),
        "away_noted_by_a_manager": away.noted(leave, leaves, (rep, manager) * (1 + 5 * many)),
        "away_listed": away.listed(leaves),
        "away_listed_none": away.listed(()),
        "away_withdrawn": away.withdrawn(leave.first, leave.last, (one_day,) * many),
        "away_proposed": away.proposed(leave, say.meeting(), rep),
        "away_endless": away.endless(say.meeting(), rep),
        "away_withdrawn_last": away.withdrawn(leave.first, leave.last, ()),
    }


def a_playbook(say: Texts) -> Playbook:
    """Return a company's model with one skill that starts deals."""
    call, opening = say("Call a new prospect"), say("Opening a first call")
    return Playbook(
        name="ours",
        outcomes=(say("Win new customers"),),
        stages=(Stage(say("Discovery"), say("Win new customers")),),
        activities=(ActivityKind(call, "calls", say("Discovery"), finds=True),),
        skills=(Skill(opening, (call,), "starts", say("Record a role-play")),),
        resources=(Resource(say.ours("see it"), (opening,), "https://mail.example/1"),),
    )


def _quiet(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    zane = a_person(id=PersonId("b"), name=say("Zane Levy"))
    changed = cadence.freed(a_decision(sentence=say("We meet every 2 weeks.")), manager, rep, an_appointment())
    full = quiet.gathered(None, "cadence:2017-10-02", changed)
    for number in range(9 + 3 * many):
        full = quiet.gathered(full, f"digest:{number}", changed)
    accepted, kept = say.goal(GoalState.ACCEPTED), say.goal(GoalState.KEPT, done=12.0)
    steady = say("We've held 8 of 9 on time, 5 in a row.")
    return {
        "quiet_week": quiet.quiet(3, 7, time(8), time(18), rep.timezone),
        "quiet_gathered": quiet.gathered(None, "cadence:2017-10-02", changed),
        "quiet_gathered_many": full,
        "digest": digest.digest(
            manager,
            WEEK,
            steady,
            ((zane, accepted), (rep, accepted)) * many,
            ((zane, kept), (rep, kept)) * many,
            ((rep, say.meeting()), (zane, say.meeting())) * many,
        ),
        "digest_of_eight": digest.digest(
            manager,
            WEEK,
            steady,
            ((zane, accepted), (rep, accepted)) * 2,
            ((zane, kept), (rep, kept)) * 2,
            ((rep, say.meeting()), (zane, say.meeting())) * 4,
        ),
        "digest_congratulate": digest.digest(manager, WEEK, steady, (), ((rep, kept),), ()),
        "digest_whole": digest.whole_week(
            manager,
            steady,
            ((zane, accepted), (rep, accepted)) * many,
            ((zane, kept), (rep, kept)) * many,
            ((rep, say.meeting()), (zane, say.meeting())) * 4,
        ),
        "digest_whole_nothing_left": digest.whole_week(manager, steady, (), (), ()),
        "digest_meetings_only": digest.digest(manager, WEEK, steady, (), (), ((rep, say.meeting()),)),
    }


def _team(say: Texts, many: int) -> tuple[tuple[Person, Meeting | None, str], ...]:
    return (
        (a_person(id=PersonId("b"), name=say("Zane Levy")), None, ""),
        (say.rep(), say.meeting(), say("1 goal for your approval")),
    ) * many


def _figures() -> tuple[str, ...]:
    fits: dict[Fit, int] = {"too much": 2, "right": 3, "not enough": 1}
    return cadence.hours_line(3.5, 8.0), schedule.fits_line(3.32, fits), schedule.fits_line(None, {}), _success()


def _success() -> str:
    shares: dict[Factor, float] = {"starts": 0.54, "closing": -0.02, "win rate": 0.01, "size": 0.47}
    return schedule.success_line(success.sentence(success.Success(shares, 118)))


def _commands(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    goals = (say.goal(GoalState.ACTIVE, done=5.0), say.goal(GoalState.ACCEPTED)) * many
    record = (
        say("You kept 3 of your 4 commitments, and 1 partly."),
        say("In the last 91 days: what you kept was worth about $18k when you committed to it."),
        say("In the same days customers gave 2 verifiers, you started 9 deals and won $40k."),
    )
    aspiration = Aspiration(1_000_000.0, 800_000.0, (say(a_pre_read().aspiration.sentences[0]),) * many)
    sentence = say(a_pre_read().cadence)
    decided = a_decision(sentence=say(a_decision().sentence))
    held, moved = say.meeting(MeetingState.HELD), say.meeting(due=date(2017, 10, 2))
    why = (say("A typical win takes about 64 days over 4 stages: one 1:1 a stage is one every 16 days."),) * many
    return {
        "command_1on1": schedule.one_on_one(say.meeting(), rep, manager, sentence, say("5 of 6 held when due.")),
        "command_1on1_own": schedule.one_on_one(say.meeting(), rep, manager, sentence, None, own=True),
        "command_1on1_none": schedule.one_on_one(None, rep, None, "", None),
        "command_team": schedule.team(manager, _team(say, many), _figures()),
        "command_team_empty": schedule.team(manager, ()),
        "command_goals": commands.goals(goals, rep, record),
        "command_goals_own": commands.goals(goals, rep, record, own=True),
        "command_goals_none": commands.goals((), rep, record[:1]),
        "command_goals_none_now": commands.goals((), rep, record, own=True),
        "command_goals_none_own": commands.goals((), rep, own=True),
        "command_1on1_why": schedule.why(say.meeting(), held, rep, manager, a_decision(sentence=sentence), why),
        "command_1on1_why_own": schedule.why(moved, held, rep, manager, decided, why, own=True),
        "command_1on1_why_first": schedule.why(say.meeting(), None, rep, manager, decided, why, own=True),
        "command_1on1_why_unplanned": schedule.why(None, None, rep, None, None, (), own=True),
        "command_1on1_agenda": schedule.coming_agenda(say.agenda(), say.meeting(), manager, rep, manager, CLOSED),
        "command_awesome_path": commands.path(say.agenda(), a_playbook(say), rep, own=True),
        "command_awesome_path_of": commands.path(an_empty_pre_read(), a_playbook(say), rep),
        "command_awesome": commands.awesome(aspiration, rep),
        "command_awesome_unset": commands.awesome(Aspiration(None, None, ()), rep, own=True),
        "command_help": command_help.help("/awesome"),
        "command_help_unknown": command_help.help("/nothing"),
        "command_refused": commands.refused(say("You may see your own pipeline only. Type /pipeline.")),
    }


def _cadences(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    decided = a_decision(sentence=say(a_decision().sentence))
    fixed = replace(
        decided, interval=7, fixed_by_manager=True, reason=say("The new product needs practice"), sentence=say("Fixed.")
    )
    sentences = (say("A typical win takes about 64 days over 4 stages: one 1:1 a stage is one every 16 days."),) * many
    other = a_person(id=PersonId("b"), name=say("Zane Levy"))
    rows = ((other, None), (rep, decided)) * many
    early, late = an_appointment(), an_appointment(date(2017, 10, 10))
    asked = MarketProposal(
        "k-1", manager.id, date(2017, 10, 2), 2, 3, (Shortening(rep.id, 14, 7), Shortening(other.id, 28, 14)) * many
    )
    reps = {rep.id: rep, other.id: other}
    said = replace(asked, answer=MarketAnswer.MORE_OFTEN, version=2, answered_at=CHANGED)
    return {
        "cadence_why": cadence.why(rep, decided, sentences, own=False),
        "cadence_why_own": cadence.why(rep, decided, sentences, own=True),
        "cadence_why_undecided": cadence.why(rep, None, (), own=True),
        "cadence_team": cadence.team(manager, rows, 4.25, 8.0),
        "cadence_team_over": cadence.team(manager, rows, 8.05, 8.0),
        "cadence_team_empty": cadence.team(manager, (), 0.0, 8.0),
        "cadence_fixed": cadence.changed(fixed, manager, rep, early, late),
        "cadence_fixed_stays": cadence.changed(fixed, manager, rep, early, None),
        "cadence_more_often": cadence.changed(decided, manager, rep, None, None),
        "cadence_freed": cadence.freed(decided, manager, rep, early),
        "cadence_settled_fixed": cadence.settled(rep, fixed, early, late, manager.timezone),
        "cadence_settled_freed": cadence.settled(rep, decided, early, None, manager.timezone),
        "market_asked": cadence.market(asked, reps, manager.timezone),
        "market_more_often": cadence.market(said, reps, manager.timezone),
        "market_left": cadence.market(replace(said, answer=MarketAnswer.LEFT), reps, manager.timezone),
    }


def _evidence(say: Texts, many: int) -> dict[str, Shown]:
    deal = Deal(DealId("d-1"), PersonId("anna"), say("Acme"), DealStatus.OPEN, stage=say("Approved"))
    role = say.ours("decision-maker")
    meeting = VerifierKind("decision_maker", say.ours("a meeting that the decision-maker attended"), role)
    plan = VerifierKind("closure_plan", say.ours("a closure plan"), role, 60)
    stages = (Stage(say("Proposal"), "Win", (meeting,)), Stage(say("Approved"), "Win", (plan,)))
    stands = Standing(verified=1, crm=2, stages=stages, next_toll=(plan,) * many, unpaid=(plan,))
    given = Verifier(deal.id, meeting.key, say("Jane Doe, CFO"), date(2017, 9, 20), "https://mail.example/1")
    other = replace(given, key=plan.key, given_by=say("Carla Customer"), link="", expires_on=date(2017, 10, 9))
    withdrawn = replace(given, key=plan.key, withdrawn_on=date(2017, 9, 30))
    holds = (TollItem(meeting, say("Proposal"), (given,), None),) * many
    missing = (TollItem(plan, say("Approved"), (), None),) * many
    lapsed = replace(missing[0], lapsed=withdrawn), replace(missing[0], lapsed=other)
    paid = replace(stands, verified=2, next_toll=(), unpaid=())
    none = replace(stands, verified=0, crm=None)
    today = date(2017, 10, 3)
    told = (
        Recording(other, PersonId("anna"), CHANGED),
        Recording(replace(other, withdrawn_on=today), PersonId("anna"), CHANGED),
    )
    since = tuple(news.change(one, deal.name, plan.name) for one in told * many)
    pair = (say.rep(), say.manager())
    read = {given: evidence.Read(say("HubSpot"), say("met_decider")), other: evidence.Read(say("HubSpot"), "")}
    return {
        "evidence_form": evidence.modal(deal, stands, (*holds, *missing), today),
        "evidence_form_new": evidence.modal(replace(deal, stage=""), none, missing, today),
        "evidence_form_lapsed": evidence.modal(deal, stands, (*holds, *lapsed), today),
        "evidence_form_paid": evidence.modal(deal, paid, holds, today),
        "evidence_form_expiring": evidence.modal(deal, paid, (replace(missing[0], counting=(other,) * many),), today),
        "evidence_form_read": evidence.modal(deal, paid, (replace(holds[0], counting=(given, other)),), today, read),
        "evidence_form_without_tolls": evidence.modal(deal, paid, (), today),
        "evidence_done": evidence.done(deal, stands),
        "evidence_done_none_verified": evidence.done(deal, none),
        "evidence_done_all_given": evidence.done(deal, paid),
        "evidence_done_in_agenda": evidence.done(deal, stands, in_agenda=True),
        "evidence_form_in_agenda": evidence.modal(deal, stands, (*holds, *missing), today, agenda=MeetingId("m-1")),
        "pre_read_evidence_since": pre_read.pre_read(
            say.agenda(), say.meeting(MeetingState.PUBLISHED), pair[0], *pair, answers_shown=False, changes=since
        ),
    }


def _matchings(say: Texts, many: int) -> dict[str, Shown]:
    nobody = [
        matching.Theirs(f"{7 + number}", say("Pat Owner"), email)
        for number in range(0, 2 * many, 2)
        for email in ("", say("pat@elsewhere.example"))
    ]
    said = [matching.Theirs(f"4{number}", say("Kim Seller"), ours=say("Anna Meyer")) for number in range(many)]
    return {
        "matching_form": matching.modal("hubspot", say("HubSpot"), nobody, ()),
        "matching_form_one": matching.modal("hubspot", say("HubSpot"), nobody[:1], said),
        "slack_account_form": slack_account.modal((say.rep(), say.manager()) * many),
        "slack_account_kept": slack_account.done(say.rep(), meets=True),
        "slack_account_kept_alone": slack_account.done(say.rep(), meets=False),
        "matching_form_none_left": matching.modal("hubspot", say("HubSpot"), (), said),
        "matching_done": matching.done(say("HubSpot"), (say("Pat Owner"), say.rep()), None),
        "matching_done_forgotten": matching.done(say("HubSpot"), None, say("Kim Seller")),
        "matching_done_both": matching.done(say("HubSpot"), (say("Pat Owner"), say.rep()), say("Kim Seller")),
    }


def _invitations(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    other = a_person(id=PersonId("c"), name=say("Cy Ott"))
    first = (
        FirstOne(rep, an_appointment(), 14, say(a_decision().sentence)),
        FirstOne(other, None, None, say("An admin has to find their account in Slack first.")),
    ) * many
    weekly = (FirstOne(rep, an_appointment(), 7, say(a_decision().sentence)),)
    nobody = (FirstOne(other, None, None, say("No day is free.")),)
    return {
        "invitation": inviting.proposal(manager, rep, 1, first),
        "invitation_of_eight": inviting.proposal(manager, rep, 1, first[:1] * 8),
        "invitation_by_nobody": inviting.proposal(manager, None, 1, ()),
        "invitation_without_times": inviting.proposal(manager, rep, 1, nobody),
        "invitation_begun": inviting.begun(manager, CHANGED, first),
        "invitation_begun_with_one": inviting.begun(manager, CHANGED, weekly),
        "invitation_not_now": inviting.ended(manager, CHANGED, manager),
        "invitation_stopped": inviting.ended(manager, CHANGED, rep),
        "invitation_stopped_by_nobody": inviting.ended(manager, CHANGED, None),
        "invitation_why": inviting.why(first, manager),
        "invite_form": inviting.invite_form(((manager, 8),) * many),
        "invite_done": inviting.invited(manager, CHANGED, rep),
        "invite_notice": inviting.invited_notice(manager, CHANGED, rep),
        "stop_form": inviting.stop_form(((manager, 1),) * many),
        "stop_done": inviting.stopped(manager),
    }


def _first_days(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    people = FirstDayPage(manager, people=12, managers=3, unmatched=(rep,) * many)
    ready = replace(people, unmatched=(), deals=1203)
    asked = (Asked(manager, has_begun=False, since=CHANGED), Asked(rep, has_begun=False, since=CLOSED)) * many
    well = (Finding(sentence("clocks"), good=True, sentence=sentence("agree")),)
    ill = (Finding("Slack", good=False, sentence=say("scopes are missing: im:history.")),) * 4 * many
    began = (Asked(manager, has_begun=True, since=CHANGED),) * many
    return {
        "first_day": first_day.first_day(FirstDayPage(manager)),
        "first_day_without_managers": first_day.first_day(FirstDayPage(manager, people=1)),
        "first_day_people": first_day.first_day(people),
        "first_day_unread": first_day.first_day(replace(people, sources=(say("HubSpot"),), unread=(say("HubSpot"),))),
        "first_day_ready": first_day.first_day(replace(ready, sources=(say("HubSpot"),))),
        "first_day_well": first_day.first_day(replace(ready, findings=well)),
        "first_day_ill": first_day.first_day(replace(ready, findings=(*well, *ill))),
        "doctor_looking": doctor.looking(),
        "doctor_well": doctor.found(well, CHANGED, manager.timezone),
        "doctor_ill": doctor.found((*well, *ill), CHANGED, manager.timezone),
        "doctor_one": doctor.found((*well, ill[0]), CHANGED, manager.timezone),
        "first_day_invited": first_day.first_day(replace(ready, invited=asked)),
        "first_day_begun": first_day.first_day(replace(ready, invited=(*began, *asked))),
        "first_day_everybody": first_day.first_day(replace(ready, everybody=True)),
        "first_day_sources": first_day.sources_form(first_day.WAYS),
    }


def _homes(say: Texts, many: int) -> dict[str, Shown]:
    rep, manager = say.rep(), say.manager()
    deals = (a_deal(name=say("Acme"), unpaid=(say("closure plan"),) * many), a_deal(unpaid=())) * many
    theirs = RepPage(
        rep,
        manager,
        say.meeting(MeetingState.PUBLISHED, published_at=CHANGED),
        say(a_pre_read().cadence),
        asked=(say.goal(), say.goal(GoalState.SENT_BACK)) * many,
        goals=(say.goal(GoalState.ACTIVE, done=5.0), say.goal(GoalState.ACCEPTED)) * many,
        deals=deals,
        awesome=say(a_pre_read().aspiration.sentences[1]),
    )
    answered = replace(theirs, meeting=say.meeting(answers=say.answers()), asked=(), goals=(), deals=(), awesome="")
    over = say.meeting(MeetingState.STARTED, appointment=an_appointment(date(2017, 10, 2)))
    out = say.meeting(MeetingState.PUBLISHED, appointment=an_appointment(date(2017, 10, 5)))
    team = TeamPage(
        manager,
        date(2017, 10, 3),
        say("We've held 5 of 6 on time."),
        (*_team(say, many), (a_person(id=PersonId("c"), name=say("Cy Ott")), over, ""), (rep, out, "")),
        (say.goal(GoalState.ACCEPTED),) * many,
        cadence.hours_line(3.5, 8.0),
    )
    good = (Finding(sentence("clocks"), good=True, sentence=sentence("agree")),)
    bad = Finding(sentence("people"), good=False, sentence=say("2 of 12 without an account: Ann."))
    fine = AdminPage(CLOSED, manager.timezone, 0, 0, imported_at=CHANGED, people=12, findings=good, checked_at=CHANGED)
    ill = AdminPage(
        CLOSED,
        manager.timezone,
        3,
        2,
        failing=(sentence("the agendas of 2 1:1s can't be sent"),),
        imported_at=CHANGED,
        sources=(
            SourceLine(say("HubSpot"), CHANGED, say("HubSpot refuses the key: put in a new one")),
            SourceLine(say("Files of the west"), None),
            SourceLine(say("Pipedrive"), CHANGED, "", "pipedrive", (say("Pat Owner (id 7)"),) * 8 * many),
            SourceLine(say("Salesforce"), CHANGED, "", "salesforce", said=2),
        )
        * many,
        people=12,
        unmatched=(rep, manager) * many,
        loose=(say("stage 'Proposal': no activity earns 'closure plan': add one"),) * many,
        findings=(bad,) * 8 * many,
        checked_at=CHANGED,
    )
    return {
        "home_rep": home.home(theirs, None, None),
        "home_rep_answered": home.home(replace(answered, rep=replace(rep, awesome=1_000_000.0)), None, None),
        "home_rep_new": home.home(RepPage(rep, None, None, ""), None, None),
        "home_manager": home.home(None, team, None),
        "home_manager_new": home.home(None, TeamPage(manager, date(2017, 10, 3), "", ()), None),
        "home_admin": home.home(None, None, fine),
        "home_admin_ill": home.home(None, None, ill),
        "home_admin_first_day": home.home(None, None, AdminPage(CLOSED, manager.timezone, 0, 0, everybody=False)),
        "home_admin_by_manager": home.home(
            None,
            None,
            replace(
                fine,
                everybody=False,
                begun=(manager,) * many,
                invited=(say.rep(),) * many,
                stopped=(manager,) * many,
                managers=8,
            ),
        ),
        "home_all_three": home.home(answered, team, fine),
        "home_nobody": home.home(None, None, None),
    }
