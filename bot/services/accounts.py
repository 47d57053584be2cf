"""Who people are in Slack: kept for many at a time, and what waits for them and what they see follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.services.following import TOGETHER
from bot.services.office import Office
from bot.services.ports import SlackAccount, Transaction
from bot.services.relocation import Relocation


class Accounts:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._relocation = Relocation(office)

    async def changed(self, tx: Transaction, accounts: Collection[SlackAccount]) -> list[SlackAccount]:
        """Return the accounts that are otherwise than known, and note of when the others are."""
        known = {account.person: account for account in await tx.people.accounts()}
        accounts = [_with_locale_of(known.get(account.person), account) for account in accounts]
        await tx.people.seen([account for account in accounts if account.confirms(known.get(account.person))])
        return [account for account in accounts if account != known.get(account.person)]

    async def keep_many(self, tx: Transaction, accounts: Sequence[SlackAccount]) -> None:
        """Keep who people, who are held, are in Slack; what an event overtook meanwhile is left out."""
        await tx.people.several([account.person for account in accounts])
        news = []
        for account in accounts:
            before = await tx.people.account_of(account.person)
            if before is None or not account.is_older_than(before):
                news.append((account, before))
        await self.keep(tx, news)

    async def keep(self, tx: Transaction, said: Sequence[tuple[SlackAccount, SlackAccount | None]]) -> bool:
        """Keep who people are in Slack, each with what was known before; whether that is anything new."""
        told = [(_completed(account, before), before) for account, before in said]
        await tx.people.seen([account for account, before in told if account == before])
        news = [account for account, before in told if account != before]
        await self.link(tx, news)
        return bool(news)

    async def link(self, tx: Transaction, accounts: Sequence[SlackAccount]) -> None:
        """Write accounts, and let what waits for these people, and what they see, follow."""
        people = [account.person for account in accounts]
        before = await tx.people.several(people)
        await tx.people.link(*accounts)
        after = await tx.people.several(people)
        both = [(before[one], after[one]) for one in after if one in before]
        await self._relocation.follow(tx, both)
        others = [now.id for was, now in both if was.locale != now.locale]
        if others:
            await tx.homes.mark(*others, at=self._office.clock.now())


def _completed(account: SlackAccount, before: SlackAccount | None) -> SlackAccount:
    """Return an account with what was known of it and Slack didn't say now."""
    if account.deleted and before is not None:
        account = replace(account, zone=before.zone)  # Slack no longer says one
    return _with_locale_of(before, account)


def lots(accounts: Sequence[SlackAccount]) -> Iterator[Sequence[SlackAccount]]:
    """Yield so many at a time that a click waits for them only a moment."""
    return (accounts[first : first + TOGETHER] for first in range(0, len(accounts), TOGETHER))


def _with_locale_of(before: SlackAccount | None, account: SlackAccount) -> SlackAccount:
    """Return an account with the language known before where Slack didn't say one now."""
    kept = None if before is None else before.locale
    return account if account.locale is not None or kept is None else replace(account, locale=kept)
