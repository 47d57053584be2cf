"""What the doctor finds of connected sources."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import CadenceError
from bot.finding import Finding
from bot.services.data_age import title_of
from bot.services.syncing import Syncing
from bot.storage.engine import connect
from bot.surroundings import office, syncing
from bot.vault import Vault

NAMED_AT_MOST = 20


async def sources(settings: Settings) -> list[Finding]:
    """Say of each source how it does, who of it is nobody of ours and which stages the playbook doesn't place."""
    try:
        Vault(settings.vault_keys())
    except CadenceError as error:
        return [Finding("sources", good=False, sentence=str(error))]
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
        when = "never read yet" if state.good_at is None else f"last read well on {state.good_at:%Y-%m-%d %H:%M} UTC"
        findings.append(Finding(title, good=False, sentence=f"can't be read ({when}): {state.failed}"))
    elif state.good_at is None:
        findings.append(Finding(title, good=False, sentence="was never read yet: run cadence sync, or cadence run"))
    else:
        findings.append(Finding(title, good=True, sentence=f"read well on {state.good_at:%Y-%m-%d %H:%M} UTC"))
    findings += [Finding(title, good=False, sentence=note) for note in state.notes[:NAMED_AT_MOST]]
    if state.problems > NAMED_AT_MOST:
        findings.append(Finding(title, good=False, sentence=f"{state.problems:,} values couldn't be read in all"))
    nobody = await reading.unmatched(name)
    if nobody:
        named = ", ".join(
            f"{one.who.name} (id {one.who.id}{', ' + one.who.email if one.who.email else ''})"
            for one in nobody[:NAMED_AT_MOST]
        )
        more = f" and {len(nobody) - NAMED_AT_MOST} more" if len(nobody) > NAMED_AT_MOST else ""
        findings.append(
            Finding(
                f"{title} people",
                good=False,
                sentence="these own deals or goals and aren't matched to anybody in Slack, so what they own is in "
                f"nobody's 1:1: {named}{more}. Say who they are: cadence match {name} ID EMAIL",
            )
        )
    unplaced = await reading.unplaced_stages(name)
    if unplaced:
        stages = ", ".join(shown for _, shown in unplaced[:NAMED_AT_MOST])
        findings.append(
            Finding(
                f"{title} stages",
                good=False,
                sentence=f"in no stage of the playbook: {stages}. Add each to crm of one in the playbook, or leave it "
                "out as long as customers have given nothing there",
            )
        )
    return findings
