"""HTTP mode: signed requests to the address the app listens on, as Slack makes them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.courier import ACK_SECONDS, EVENTS, Ack

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
OK = 200


class RequestUrl:
    """Calls the app at ``url``; whoever has the signing secret may tell that it was Slack who called."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret
        self.ack_seconds = ACK_SECONDS

    async def carry(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack:
        start = time.monotonic()
        body, content_type = _written(kind, payload)
        headers = {"Content-Type": content_type, **signed(body, self._secret, int(time.time()))}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": f"http_{reason}"}
        limit = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self._url, data=body.encode(), headers=headers) as answer,
            ):
                said = await answer.text()
        except TimeoutError:
            return _missed(start, f"The app did not answer within {self.ack_seconds:g} seconds.")
        except aiohttp.ClientError:
            return _missed(start, "The app is not connected.")
        if answer.status != OK:
            return _missed(start, f"The app answered with the status {answer.status}.")
        return Ack(acked=True, payload=_read(said), elapsed_ms=_since(start))


def signed(body: str, secret: str, stamp: int) -> dict[str, str]:
    """Return the two headers by which the app knows that Slack sent ``body`` at ``stamp``, in seconds since 1970."""
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={mark}"}


def _written(kind: str, payload: Json) -> tuple[str, str]:
    """Return the body as Slack writes it and its content type: each kind has its own."""
    if kind == EVENTS:
        return json.dumps(payload), JSON
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), FORM
    return urlencode(payload), FORM


def _read(said: str) -> Json:
    if not said:
        return {}
    try:
        answer = json.loads(said)
    except ValueError:
        return {"text": said}
    return answer if isinstance(answer, dict) else {}


def _missed(start: float, problem: str) -> Ack:
    return Ack(acked=False, payload={}, elapsed_ms=_since(start), problem=problem)


def _since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
