"""What the doctor finds of people and their accounts in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coaching.said import say
from bot.config import Settings
from bot.doctor.naming import some
from bot.services.ports.checkups import Finding
from bot.slack import directory
from bot.storage.engine import connect

NOBODY = say("nobody is imported yet: run cadence import DIR")


async def people(settings: Settings, users: Sequence[directory.SlackUser]) -> Finding:
    """Say who of the active people is found among the ``users`` of Slack."""
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            everybody = tuple(person for person in await tx.people.all() if person.active)
            accounts = await tx.people.accounts()
    finally:
        await database.dispose()
    imported = [one for one in everybody if one.email.lower() not in (settings.admins or ())]
    if not any(one.manager_id for one in everybody):
        said = say("nobody has a manager: fill manager_email in people.csv and import it again") if imported else NOBODY
        return Finding(say("people"), good=False, sentence=said)
    if not settings.admins and not any(one.is_admin for one in everybody):
        said = say(
            "nobody is an admin, so nobody in Slack is shown how all is: set CADENCE_ADMINS to an e-mail address"
        )
        return Finding(say("people"), good=False, sentence=said)
    there = {user.id for user in users if not user.deleted}
    known = {account.person for account in accounts if account.user in there}  # whatever the address is by now
    unmatched = [person for person in directory.match(everybody, users)[1] if person.id not in known]
    if unmatched:
        return Finding(
            say("people"),
            good=False,
            sentence=say(
                "{n} of {all} without a Slack account of the same e-mail address: {names}. Correct the address in "
                "people.csv and import again, invite them to Slack, or let an admin say on the home tab which account "
                "is whose",
                n=len(unmatched),
                all=len(everybody),
                names=some([f"{person.name} <{person.email}>" for person in unmatched]),
            ),
        )
    return Finding(say("people"), good=True, sentence=say("all {n} are found in Slack", n=len(everybody)))
