"""The verifiers of an import, given in a file of their own or in columns of the deals'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.coaching.records import DealId, Verifier
from bot.coaching.said import say
from bot.crm import cells
from bot.crm.csv_table import Row, Table
from bot.crm.deals_file import Deals, days_of
from bot.crm.import_format import EVIDENCE
from bot.crm.problems import quoted

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a cell of an evidence column says: when a customer gave the verifier, who did, where it can be seen."""

    given_on: date
    given_by: str
    link: str


class VerifierReader:
    """Gathers verifiers; the same one given twice on a day is a problem."""

    def __init__(self, deals: Deals) -> None:
        self._deals = deals
        self._places: dict[tuple[DealId, str, date], str] = {}
        self._read: list[Verifier] = []

    def read(self, table: Table | None, deals_table: Table | None) -> tuple[Verifier, ...]:
        """Return what verifiers.csv says, then what the evidence columns of deals.csv say."""
        for row in table.rows if table else ():
            self._read_row(row)
        columns = [name for name in deals_table.columns if name.startswith(EVIDENCE)] if deals_table else []
        for row in deals_table.rows if deals_table and columns else ():
            self._read_evidence(row, columns)
        return tuple(self._read)

    def _read_row(self, row: Row) -> None:
        owned = self._deals.find(row, "deal_id", row.need("deal_id", str))
        day = days_of(owned)
        key, given_by, given_on = row.need("verifier", str), row.need("given_by", str), row.need("given_on", day)
        ends = {column: row.read(column, day) for column in ("expires_on", "withdrawn_on")}
        for column, end in ends.items():
            if given_on is not None and end is not None and end < given_on:
                fault = say(
                    "{end} is before {day}, when it was given: mend one of the two",
                    end=end.isoformat(),
                    day=given_on.isoformat(),
                )
                row.refuse(column, fault)
        if row.failed or owned is None or key is None or given_by is None or given_on is None:
            return
        self._keep(row, "verifier", Verifier(owned.deal.id, key, given_by, given_on, row.text("link"), **ends))

    def _read_evidence(self, row: Row, columns: list[str]) -> None:
        owned = self._deals.get(row.text("id"))
        if owned is None or self._deals.row_of(owned.deal.id) != row.number:
            return  # the row has no id, which is said already, or a later row of this deal counts
        for column in columns:
            found = row.read(column, evidence(days_of(owned)))
            if found is not None:
                key = column.removeprefix(EVIDENCE)
                self._keep(row, column, Verifier(owned.deal.id, key, found.given_by, found.given_on, found.link))

    def _keep(self, row: Row, column: str, verifier: Verifier) -> None:
        identity = verifier.deal, verifier.key, verifier.given_on
        if identity in self._places:
            fault = say(
                "was given on {day} in {place} already: keep one",
                day=verifier.given_on.isoformat(),
                place=self._places[identity],
            )
            row.refuse(column, fault)
            return
        self._places[identity] = row.place(column)
        self._read.append(verifier)


def evidence(day: Callable[[str], date]) -> Callable[[str], Evidence]:
    """Return a reader of "2017-03-31 Jane Doe https://mail.example.com/1": day, customer, perhaps a link."""

    def read(text: str) -> Evidence:
        given_on, *words = text.split()
        link = words.pop() if words and _LINK.fullmatch(words[-1]) else ""
        if not words:
            raise cells.CellError(
                say(
                    "{text} doesn't say which customer gave it: write day, name and perhaps a link, "
                    "such as 2017-03-31 Jane Doe https://mail.example.com/1",
                    text=quoted(text),
                )
            )
        return Evidence(day(given_on), " ".join(words), link)

    return read
