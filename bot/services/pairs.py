"""Who holds 1:1s with whom."""

from __future__ import annotations

from bot.coaching.records import Person
from bot.services.access import is_reachable
from bot.services.ports import Transaction


async def everybody(tx: Transaction) -> tuple[Person, ...]:
    """Return the active reps who, with their managers, can be reached in Slack, and whose 1:1s are planned."""
    reach = await tx.invitations.reach()
    people = await tx.people.all()
    live = {account.person for account in await tx.people.accounts() if not account.deleted}
    active = {person.id for person in people if person.active and person.id in live}
    begun = {manager for manager in active if reach.includes(manager)}
    return tuple(person for person in people if person.id in active and person.manager_id in begun)


async def partner(tx: Transaction, rep: Person) -> Person | None:
    """Return the rep's manager if both are there, in Slack, and the manager's team holds 1:1s by now."""
    if not rep.active or rep.manager_id is None:
        return None
    manager = await tx.people.get(rep.manager_id)
    if manager is None or not manager.active or not (await tx.invitations.reach()).includes(manager.id):
        return None
    both_there = await is_reachable(tx, rep) and await is_reachable(tx, manager)
    return manager if both_there else None
