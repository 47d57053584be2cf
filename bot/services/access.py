"""Who may see and do what: a rep the own, a manager the own reports, an admin no notes."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal, GoalId
from bot.coaching.meeting import Meeting, MeetingId
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.market import MarketProposal
from bot.coaching.said import say
from bot.errors import NotAllowedError, StaleError, UserError
from bot.services.ports import Transaction
from bot.views.speaking import speak_with


async def known(tx: Transaction, user: str) -> Person:
    """Return the person behind a Slack user id, and speak this person's language in all that is answered from here on.

    Raises NotAllowedError for somebody who isn't in the organisation's records, has left, or is deactivated in Slack.
    """
    person = await tx.people.by_slack(user)
    if person is None or not person.active or not await is_reachable(tx, person):
        raise NotAllowedError(
            say(
                "I don't find you among the people of this organisation. Ask your admin to add your e-mail address "
                "to people.csv and to import it again."
            )
        )
    speak_with(person)
    return person


async def is_reachable(tx: Transaction, person: Person) -> bool:
    """Return whether the person has an account in Slack that isn't deactivated."""
    account = await tx.people.account_of(person.id)
    return account is not None and not account.deleted


async def live(tx: Transaction) -> frozenset[PersonId]:
    """Return who has an account in Slack that isn't deactivated."""
    return frozenset(account.person for account in await tx.people.accounts() if not account.deleted)


async def admins(tx: Transaction) -> tuple[Person, ...]:
    """Return the admins who can be written to, by name."""
    return tuple([one for one in await tx.people.all() if one.is_admin and one.active and await is_reachable(tx, one)])


async def admin(tx: Transaction, user: str) -> Person:
    """Return the admin behind a Slack user id. Raises NotAllowedError for anybody else."""
    person = await known(tx, user)
    if not person.is_admin:
        raise NotAllowedError(say("Only an admin can do this; people.csv or CADENCE_ADMINS says who that is."))
    return person


async def person_or_refuse(tx: Transaction, person: PersonId) -> Person:
    found = await tx.people.get(person)
    if found is None:
        raise UserError(say("That person is no longer in the records. Ask your admin to import people.csv again."))
    return found


async def mentioned(tx: Transaction, user: str) -> Person:
    """Return the person behind a Slack user id that somebody mentioned in a command; it says nothing of permission."""
    found = await tx.people.by_slack(user)
    if found is None:
        raise UserError(say("I don't find that person. Mention somebody of your team after the command, like @name."))
    return found


async def rep_for(tx: Transaction, asker: Person, rep: PersonId) -> Person:
    """Return the rep if the asker may see the rep's numbers: the rep, or the rep's manager."""
    found = await tx.people.get(rep)
    if found is not None and asker.id in (found.id, found.manager_id):
        return found
    raise NotAllowedError(say("You can see your own numbers and those of the people who report to you; nobody else's."))


async def own_or_report(tx: Transaction, user: str, about: PersonId | None) -> Person:
    """Return the asker, or the rep ``about`` whom the asker asks; who only manages has to say whom."""
    asker = await known(tx, user)
    if about is not None and about != asker.id:
        return await rep_for(tx, asker, about)
    if asker.manager_id is None and await tx.people.reports_of(asker.id):
        raise UserError(
            say("You carry no pipeline of your own: mention one of your reps after the command, like @name.")
        )
    return asker


async def managed_rep(tx: Transaction, asker: Person, rep: PersonId) -> Person:
    """Return the rep if the asker is the rep's manager, who alone decides how often the two meet."""
    found = await tx.people.get(rep)
    if found is not None and found.manager_id == asker.id:
        return found
    raise NotAllowedError(
        say("Only a rep's own manager can fix or free how often they meet. /cadence why says why it is.")
    )


async def own_goal(tx: Transaction, asker: Person, goal: GoalId) -> CoachingGoal:
    found = await tx.goals.get(goal)
    if found is None:
        raise StaleError(say("That goal is no longer there. /goals shows the ones you have."))
    if found.rep != asker.id:
        raise NotAllowedError(say("Only the rep whose goal this is can answer for it."))
    return found


async def managed_goal(tx: Transaction, asker: Person, goal: GoalId) -> CoachingGoal:
    found = await tx.goals.get(goal)
    if found is None:
        raise StaleError(say("That goal is no longer there. /goals @rep shows the ones there are."))
    if found.manager != asker.id:
        raise NotAllowedError(say("Only the rep's manager can approve this goal or send it back."))
    return found


async def own_meeting(tx: Transaction, asker: Person, meeting: MeetingId) -> Meeting:
    found = await tx.meetings.get(meeting, lock=True)
    if found is None:
        raise StaleError(say("That 1:1 is no longer there. /1on1 shows your next one."))
    if found.rep != asker.id:
        raise NotAllowedError(say("Only the rep can answer the questions before this 1:1."))
    return found


async def managed_meeting(tx: Transaction, asker: Person, meeting: MeetingId) -> Meeting:
    found = await tx.meetings.get(meeting, lock=True)
    if found is None:
        raise StaleError(say("That 1:1 is no longer there. /1on1 shows the ones you have."))
    if found.manager != asker.id:
        raise NotAllowedError(say("Only the manager who holds this 1:1 can close it."))
    return found


async def shared_meeting(tx: Transaction, asker: Person, meeting: MeetingId, *, lock: bool = False) -> Meeting:
    """Return a meeting that the asker takes part in."""
    found = await tx.meetings.get(meeting, lock=lock)
    if found is None:
        raise StaleError(say("That 1:1 is no longer there. /1on1 shows your next one."))
    if asker.id not in (found.rep, found.manager):
        raise NotAllowedError(say("A 1:1 and its agenda are for the two who hold it."))
    return found


async def own_proposal(tx: Transaction, asker: Person, proposal: str) -> MarketProposal:
    found = await tx.market_proposals.get(proposal)
    if found is None:
        raise StaleError(say("That question is no longer there. /cadence team shows how often you meet whom."))
    if found.manager != asker.id:
        raise NotAllowedError(say("Only the manager who was asked can answer this."))
    return found
