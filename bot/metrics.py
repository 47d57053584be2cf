"""The figures of a process, as Prometheus reads them; no label names a person or a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bot.services.backlog import Waiting
from bot.slack.errors import OUTCOMES
from bot.slack.sockets import LineState

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

LATE = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400)
ANSWERED = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5)
"""Seconds; Slack waits three for an answer."""

OWN_REASONS = frozenset({
    "lease_too_short", "quarantine", "history_too_long", "no_connection", "timeout", "ServerDisconnectedError",
    "ClientOSError", "ClientPayloadError", "http_500", "http_502", "http_503", "http_504",
})  # fmt: skip
ENVELOPES = frozenset({"interactive", "events_api", "slash_commands"})
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Present:
    """How a process is at one moment; ``waiting`` None says that the database didn't answer."""

    ready: bool
    sends: bool
    tick_age: float
    connections: int
    lines: tuple[LineState, ...]
    waiting: Waiting | None


class Metrics:
    """Counts what it is told (``services.watch``) in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._ticks = Counter("cadence_ticks", "Looks for what is due that ended well.", registry=self._registry)
        self._duties = Histogram(
            "cadence_duty_lateness_seconds",
            "From when a duty was due until it was done.",
            ("kind",),
            buckets=LATE,
            registry=self._registry,
        )
        self._duty_failures = Counter(
            "cadence_duty_failures", "Duties that couldn't be done and wait.", ("kind",), registry=self._registry
        )
        self._messages = Histogram(
            "cadence_message_lateness_seconds",
            "From when a message was due until Slack had it.",
            ("kind",),
            buckets=LATE,
            registry=self._registry,
        )
        self._sends = Counter(
            "cadence_sends", "Messages shown in Slack, by the last call made.", ("method",), registry=self._registry
        )
        self._retries = Counter(
            "cadence_send_retries", "Messages that wait to be tried again.", ("reason",), registry=self._registry
        )
        self._given_up = Counter(
            "cadence_sends_given_up", "Messages that never get through.", ("kind", "reason"), registry=self._registry
        )
        self._answers = Histogram(
            "cadence_answer_seconds",
            "From when something came in from Slack until its receipt went out.",
            ("kind",),
            buckets=ANSWERED,
            registry=self._registry,
        )
        self._failures = Counter(
            "cadence_answers_failed", "What came in and got no receipt.", ("kind",), registry=self._registry
        )
        for kind in (*ENVELOPES, OTHER):  # Prometheus sees no rise in a figure that begins with 1
            self._failures.labels(kind)
        self._now: Present | None = None
        self._registry.register(self)

    def ticked(self) -> None:
        self._ticks.inc()

    def duty_done(self, kind: str, late: timedelta) -> None:
        self._duties.labels(kind).observe(late.total_seconds())

    def duty_failed(self, kind: str) -> None:
        self._duty_failures.labels(kind).inc()

    def sent(self, kind: str, method: str, late: timedelta) -> None:
        self._sends.labels(method).inc()
        self._messages.labels(kind).observe(late.total_seconds())

    def put_off(self, reason: str) -> None:
        self._retries.labels(_bounded(reason)).inc()

    def given_up(self, kind: str, reason: str) -> None:
        self._given_up.labels(kind, _bounded(reason)).inc()

    def answered(self, kind: str, seconds: float, *, done: bool) -> None:
        kind = kind if kind in ENVELOPES else OTHER
        if done:
            self._answers.labels(kind).observe(seconds)
        else:
            self._failures.labels(kind).inc()

    def page(self, now: Present) -> bytes:
        """Return everything in the text format of Prometheus."""
        self._now = now
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Give the present as gauges; what isn't known is left out rather than shown as it was."""
        if self._now is None:
            return
        now = self._now
        yield _gauge("ready", "1 when connected, ticking and sending.", float(now.ready))
        yield _gauge(
            "sending", "0 when Slack refuses the bot, and nothing is sent until that is mended.", float(now.sends)
        )
        yield _gauge("tick_age_seconds", "Since what is due was last looked for with success.", now.tick_age)
        yield _gauge("connections", "Ways in from Slack that are up.", now.connections)
        ages = ((str(place), line.age) for place, line in enumerate(now.lines))
        yield _gauges("socket_age_seconds", "Since a socket was opened or renewed.", "line", ages)
        silences = ((str(place), line.silent) for place, line in enumerate(now.lines))
        yield _gauges("socket_silence_seconds", "Since a socket last gave a sign of life.", "line", silences)
        yield _gauge("database_up", "0 when the database doesn't answer.", float(now.waiting is not None))
        if now.waiting is not None:
            yield from _waiting(now.waiting)


def _waiting(waiting: Waiting) -> Iterator[Metric]:
    yield _gauges("outbox_rows", "Messages that aren't in Slack, by state.", "state", waiting.outbox.items())
    yield _gauge("messages_overdue_seconds", "Since the oldest waiting message was due.", waiting.messages_overdue)
    yield _gauge("duties_overdue_seconds", "Since the oldest waiting duty was due.", waiting.duties_overdue)
    yield _gauges("duties_failing", "Duties that failed and wait to be tried again.", "kind", waiting.failing.items())
    yield _gauge("people_unmatched", "Active people without an account in Slack.", waiting.unmatched)
    if waiting.imported_at is not None:
        yield _gauge(
            "last_import_timestamp_seconds", "When records were last imported.", waiting.imported_at.timestamp()
        )
    read = ((source, at.timestamp()) for source, at in waiting.read_at.items())
    yield _gauges("last_sync_timestamp_seconds", "When a connected source was last read well.", "source", read)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"cadence_{name}", says, value=value)


def _gauges(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"cadence_{name}", says, labels=(label,))
    for word, value in values:
        family.add_metric((word,), value)
    return family


def _bounded(reason: str) -> str:
    """Return a label that there is only so many of: Slack may invent codes."""
    return reason if reason in OUTCOMES or reason in OWN_REASONS else OTHER
