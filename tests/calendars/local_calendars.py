"""Google and Microsoft 365 of one's own on localhost, as far as calendars are read and written."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Json = dict[str, Any]


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_file() -> str:
    """A service account's JSON key as Google gives it."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    said = {"type": "service_account", "client_email": "bot@acme.iam.example", "client_id": "1234567890"}
    return json.dumps(said | {"private_key": pem.decode(), "private_key_id": "k1"})


@dataclass
class Held:
    """What stands in people's calendars: times by address, entries by owner and ref."""

    busy: dict[str, list[tuple[datetime, datetime, str]]] = field(default_factory=dict)
    entries: dict[tuple[str, str], Json] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)

    def starts(self, ref: str) -> datetime:
        (entry,) = [one for (_, known), one in self.entries.items() if known == ref]
        return datetime.fromisoformat(entry["start"]["dateTime"][:19]).replace(tzinfo=UTC)

    def move(self, ref: str, start: datetime) -> None:
        """A person drags the entry to another time."""
        (entry,) = [one for (_, known), one in self.entries.items() if known == ref]
        for side, at in (("start", start), ("end", start + timedelta(minutes=30))):
            entry[side] = {**entry[side], "dateTime": at.strftime("%Y-%m-%dT%H:%M:%S") + entry["suffix"]}

    def live(self) -> list[Json]:
        return [one for one in self.entries.values() if one["status"] != "cancelled"]


class LocalGoogle:
    """Takes the signed requests of one service account, and acts as whom they name."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.tokens: dict[str, str] = {}

    async def login(self, request: web.Request) -> web.Response:
        head, claims, mark = (await request.post())["assertion"].split(".")
        private_key().public_key().verify(_raw(mark), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        said = json.loads(_raw(claims))
        assert said["exp"] - said["iat"] <= 3600
        if said["sub"] in self.held.strangers:
            told = {"error": "invalid_grant", "error_description": "Invalid email or User ID"}
            return web.json_response(told, status=400)
        token = f"ya29.session-{len(self.tokens)}"
        self.tokens[token] = said["sub"]
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    async def answer(self, request: web.Request) -> web.Response:
        me = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if me is None:
            return _google_error(401, "authError", "Invalid Credentials")
        path = request.path.removeprefix("/calendar/v3")
        body = json.loads(await request.read() or b"{}")
        if path == "/freeBusy":
            return web.json_response({"kind": "calendar#freeBusy", "calendars": {me: {"busy": self._busy(me, body)}}})
        ref = path.removeprefix("/calendars/primary/events").lstrip("/")
        if request.method == "GET" and not ref:
            return web.json_response({"items": self._away(me, request.query)})
        return self._entry(request.method, me, ref, body)

    def _away(self, me: str, query: Any) -> list[Json]:
        assert query["eventTypes"] == "outOfOffice"
        start, end = datetime.fromisoformat(query["timeMin"]), datetime.fromisoformat(query["timeMax"])
        return [
            {"status": "confirmed", "start": {"dateTime": _z(begins)}, "end": {"dateTime": _z(ends)}}
            for begins, ends, kind in self.held.busy.get(me, ())
            if kind == "oof" and begins < end and start < ends
        ]

    def _busy(self, me: str, body: Json) -> list[Json]:
        start, end = datetime.fromisoformat(body["timeMin"]), datetime.fromisoformat(body["timeMax"])
        return [
            {"start": _z(begins), "end": _z(ends)}
            for begins, ends, _ in self.held.busy.get(me, ())
            if begins < end and start < ends
        ]

    def _entry(self, method: str, me: str, ref: str, body: Json) -> web.Response:
        entries = self.held.entries
        if method == "POST":
            if (me, body["id"]) in entries:
                return _google_error(409, "duplicate", "The requested identifier already exists.")
            entries[me, body["id"]] = {**body, "suffix": "Z"}
            return _shown(entries[me, body["id"]])
        known = entries.get((me, ref))
        if known is None:
            return _google_error(404, "notFound", "Not Found")
        if method == "DELETE":
            if known["status"] == "cancelled":
                return _google_error(410, "deleted", "Resource has been deleted")
            known["status"] = "cancelled"
            return web.Response(status=204)
        if method == "PATCH":
            known.update(body)
        return _shown(known)


def _shown(entry: Json) -> web.Response:
    return web.json_response({name: value for name, value in entry.items() if name != "suffix"})


def _google_error(status: int, reason: str, message: str) -> web.Response:
    error = {"code": status, "message": message, "errors": [{"domain": "global", "reason": reason}]}
    return web.json_response({"error": error}, status=status)


class LocalGraph:
    """Takes one app's secret, and reaches every mailbox."""

    def __init__(self, held: Held, secret: str) -> None:
        self.held = held
        self.secret = secret
        self.tokens: set[str] = set()
        self.made: dict[str, str] = {}

    async def login(self, request: web.Request) -> web.Response:
        given = await request.post()
        if given["client_secret"] != self.secret:
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        self.tokens.add(token := f"eyJ0session{len(self.tokens):04}")
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    async def answer(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _graph_error(401, "InvalidAuthenticationToken", "Access token has expired.")
        assert 'outlook.timezone="UTC"' in request.headers["Prefer"]
        _, _, _, user, *rest = [unquote(part) for part in request.path.split("/")]
        body = json.loads(await request.read() or b"{}")
        if rest == ["calendar", "getSchedule"]:
            return web.json_response({"value": [self._schedule(one, body) for one in body["schedules"]]})
        return self._entry(request.method, user, rest[1:], body)

    def _schedule(self, email: str, body: Json) -> Json:
        if email in self.held.strangers:
            error = {"message": "not found", "responseCode": "ErrorMailRecipientNotFound"}
            return {"scheduleId": email, "error": error}
        start, end = (datetime.fromisoformat(body[side]["dateTime"] + "+00:00") for side in ("startTime", "endTime"))
        items = [
            {"status": status, "start": _graph_time(begins), "end": _graph_time(ends)}
            for begins, ends, status in self.held.busy.get(email, ())
            if begins < end and start < ends
        ]
        return {"scheduleId": email, "availabilityView": "0", "scheduleItems": items}

    def _entry(self, method: str, user: str, rest: list[str], body: Json) -> web.Response:
        entries = self.held.entries
        if method == "POST" and not rest:
            ref = self.made.setdefault(body["transactionId"], f"AAMk{len(self.made):04}=")
            entries.setdefault((user, ref), {**body, "id": ref, "status": "confirmed", "suffix": ".0000000"})
            return _graph_entry(entries[user, ref], status=201)
        known = entries.get((user, rest[0]))
        if known is None or known["status"] == "cancelled":
            return _graph_error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        if rest[1:] == ["cancel"]:
            known["status"] = "cancelled"
            return web.Response(status=202)
        if method == "PATCH":
            known.update(body)
        return _graph_entry(known)


def _graph_entry(entry: Json, *, status: int = 200) -> web.Response:
    times = {
        side: {"dateTime": entry[side]["dateTime"][:19] + ".0000000", "timeZone": "UTC"} for side in ("start", "end")
    }
    return web.json_response({"id": entry["id"], "isCancelled": False, **times}, status=status)


def _graph_error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def _graph_time(at: datetime) -> Json:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"}


def _z(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
