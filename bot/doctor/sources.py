"""What the doctor finds of connected sources."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.coaching.said import joined, say
from bot.coaching.wording import stamp, whole
from bot.config import Settings
from bot.doctor.naming import NAMED_AT_MOST, some
from bot.errors import CadenceError
from bot.services.data_age import title_of
from bot.services.ports.checkups import Finding
from bot.services.syncing import Syncing
from bot.storage.engine import connect
from bot.surroundings import office, syncing
from bot.vault import Vault


async def sources(settings: Settings) -> list[Finding]:
    """Say of each source how it does, who of it is nobody of ours and which stages the playbook doesn't place."""
    try:
        Vault(settings.vault_keys())
    except CadenceError as error:
        return [Finding(say("sources"), good=False, sentence=str(error))]
    database = connect(settings.database_url)
    try:
        try:
            reading = syncing(settings, office(settings, database, SystemClock()))
        except CadenceError:  # the playbook can't be read, which has been said
            return []
        return [finding for one in await reading.connections() for finding in await _source(reading, one.name)]
    finally:
        await database.dispose()


async def _source(reading: Syncing, name: str) -> list[Finding]:
    title, state = title_of(name), await reading.state(name)
    findings = []
    if state.failed:
        when = say("never read yet")
        if state.good_at is not None:
            when = say("last read well on {when} UTC", when=stamp(state.good_at))
        said = say("can't be read ({when}): {why}", when=when, why=state.failed)
        findings.append(Finding(title, good=False, sentence=said))
    elif state.good_at is None:
        findings.append(
            Finding(title, good=False, sentence=say("was never read yet: run cadence sync, or cadence run"))
        )
    else:
        well = say("read well on {when} UTC", when=stamp(state.good_at))
        findings.append(Finding(title, good=True, sentence=well))
    findings += [Finding(title, good=False, sentence=note) for note in state.notes[:NAMED_AT_MOST]]
    if state.problems > NAMED_AT_MOST:
        findings.append(
            Finding(title, good=False, sentence=say("{n} values couldn't be read in all", n=whole(state.problems)))
        )
    nobody = await reading.unmatched(name)
    if nobody:
        named = [
            say("{name} (id {id})", name=one.who.name, id=joined((one.who.id, one.who.email), ", ")) for one in nobody
        ]
        findings.append(
            Finding(
                say("{source} people", source=title),
                good=False,
                sentence=say(
                    "these own deals or goals and aren't matched to anybody in Slack, so what they own is in nobody's "
                    "1:1: {names}. Say who they are: cadence match {source} ID EMAIL",
                    names=some(named),
                    source=name,
                ),
            )
        )
    unplaced = await reading.unplaced_stages(name)
    if unplaced:
        stages = ", ".join(shown for _, shown in unplaced[:NAMED_AT_MOST])
        findings.append(
            Finding(
                say("{source} stages", source=title),
                good=False,
                sentence=say(
                    "in no stage of the playbook: {stages}. Add each to crm of one in the playbook, or leave it out as "
                    "long as customers have given nothing there",
                    stages=stages,
                ),
            )
        )
    return findings
