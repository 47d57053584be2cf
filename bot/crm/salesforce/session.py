"""A way to Salesforce's data that logs in by itself, and anew when a session ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.coaching.said import say
from bot.crm.salesforce.errors import TITLE, explain, explain_login
from bot.services.ports import Clock
from bot.services.source import Page
from bot.services.source_errors import Fault, SourceError
from bot.vendors.budget import Budget
from bot.vendors.http import Api, Headers, Vendor, bearer
from bot.vendors.secrets_out import Redaction
from bot.vendors.shape import Shape
from bot.vendors.walk import walk

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - where it is had
OWN = ".salesforce.com"
_QUERY = say("{vendor}'s query", vendor=TITLE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of an External Client App: ``address`` is the company's My Domain, such as https://acme.my.salesforce.com."""

    address: str
    key: str = field(repr=False)
    secret: str = field(repr=False)


class Session:
    """End it with ``close``."""

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        *,
        version: str,
        budget: Budget,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._sleep = sleep
        self._budget = budget
        self._base = f"/services/data/v{version}"
        self._login = Api(self._vendor(credentials.address), clock, explain=explain_login, sleep=sleep)
        self._data: Api | None = None

    async def open(self) -> Api:
        """Return the way to data, logged in."""
        if self._data is None:
            said = await self._token()
            self._data = Api(
                self._vendor(self._instance(said)),
                self._clock,
                headers=self._bearer(said),
                explain=explain(self._clock),
                renew=self._renew,
                sleep=self._sleep,
            )
            self._forget_nothing(said)
        return self._data

    async def get(self, path: str, *, needs: str = "") -> Shape:
        """Return the object at a path below the version's; ``needs`` is what it takes, for the error."""
        api = await self.open()
        answer = say("{vendor}'s {path}", vendor=TITLE, path=path)
        return Shape(await api.get(f"{self._base}{path}", scope=needs), answer=answer)

    async def query(self, soql: str, *, needs: str = "", deleted: bool = False) -> tuple[tuple[Shape, ...], bool]:
        """Return the records of one page, and whether these are all: a page may hold less than was asked for.

        ``deleted`` looks into the recycle bin and the archive too.
        """
        answer = await self._query(soql, needs, deleted=deleted)
        return answer.objects("records"), answer.flag("done")

    async def every(self, soql: str, *, needs: str = "", deleted: bool = False) -> AsyncIterator[Shape]:
        """Yield the records of all pages, by Salesforce's own cursors."""

        async def fetch(cursor: str | None) -> Page[Shape]:
            if cursor is None:
                answer = await self._query(soql, needs, deleted=deleted)
            else:
                answer = Shape(await (await self.open()).get(cursor, scope=needs), answer=_QUERY)
            following = None if answer.flag("done") else answer.text("nextRecordsUrl")
            return Page(answer.objects("records"), following)

        async for page in walk(fetch, None, _QUERY):
            for one in page.records:
                yield one

    async def close(self) -> None:
        await self._login.close()
        if self._data is not None:
            await self._data.close()

    async def _query(self, soql: str, needs: str, *, deleted: bool) -> Shape:
        api = await self.open()
        path = f"{self._base}/{'queryAll' if deleted else 'query'}"
        return Shape(await api.get(path, {"q": soql}, scope=needs), answer=_QUERY)

    async def _token(self) -> Shape:
        given = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.key,
            "client_secret": self._credentials.secret,
        }
        answer = say("{vendor}'s {path}", vendor=TITLE, path=TOKEN_PATH)
        return Shape(await self._login.form(TOKEN_PATH, given), answer=answer)

    async def _renew(self) -> Headers:
        said = await self._token()
        self._forget_nothing(said)
        return self._bearer(said)

    @staticmethod
    def _bearer(said: Shape) -> dict[str, str]:
        return bearer(said.text("access_token"))

    def _forget_nothing(self, said: Shape) -> None:
        """Let the session's token be hidden too wherever a text is shown."""
        if self._data is not None:
            self._data.redact = Redaction((*self._secrets, said.text("access_token")))

    def _instance(self, said: Shape) -> str:
        """Return where the data is: the address itself, or another of Salesforce's own that the log-in names."""
        given = said.maybe_text("instance_url") or self._credentials.address
        host, own = urlsplit(given).hostname or "", urlsplit(self._credentials.address).hostname
        if host != own and not host.endswith(OWN):
            raise SourceError(Fault.ANSWER, say("Salesforce's log-in leads to a host that isn't Salesforce's."))
        return given

    @property
    def _secrets(self) -> tuple[str, str]:
        return self._credentials.key, self._credentials.secret

    def _vendor(self, address: str) -> Vendor:
        return Vendor(TITLE, address, self._budget, self._secrets)
