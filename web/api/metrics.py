"""Figures of the process for Prometheus. No label names a person, an area or a case."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.database import SYSTEM
from data.queries import access_log, outbox
from data.services import Services
from rules.errors import Problem
from web.locale import SCOPE_KEY
from web.middleware.authentication import is_loopback

router = APIRouter(include_in_schema=False)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STATES = ("live", "catching-up", "stale")


class Metrics:
    """The counters of one application; two in one process do not share theirs."""

    def __init__(self, services: Services) -> None:
        server = services.settings.server
        self.worker = server.worker if server.workers > 1 else None
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "gridboard_requests", "Requests answered", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "gridboard_request_seconds",
            "Time to the end of the answer",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.streams = Gauge("gridboard_live_streams", "Open live streams", registry=self.registry)
        self._gauge("gridboard_live_seq", "Newest number of the world that was told", lambda: services.hub.seq)
        for state in STATES:
            name = f"gridboard_live_{state.replace('-', '_')}"
            self._gauge(name, f"1 while the live feed is {state}", lambda state=state: services.hub.state == state)
        for part in ("in_use", "idle"):
            name = f"gridboard_database_connections_{part}"
            self._gauge(name, f"Database connections {part}", lambda part=part: services.database.pool_status()[part])
        self.registry.register(MessageGauges(services))
        self.registry.register(AccessLogFigures(services))

    def text(self) -> bytes:
        """Everything in Prometheus's format; where several processes serve, with the number of this one as a label."""
        return generate_latest(self.registry if self.worker is None else OfWorker(self.registry, self.worker))  # type: ignore[arg-type]

    def _gauge(self, name, words, read) -> None:
        Gauge(name, words, registry=self.registry).set_function(read)

    @contextmanager
    def stream(self) -> Iterator[None]:
        self.streams.inc()
        try:
            yield
        finally:
            self.streams.dec()


@dataclass(frozen=True)
class OfWorker(Collector):
    """The figures of one process of several: a scrape of their common port reaches any of them."""

    registry: CollectorRegistry
    worker: int

    def collect(self) -> Iterator[Metric]:
        for metric in self.registry.collect():
            metric.samples = [
                sample._replace(labels={**sample.labels, "worker": str(self.worker)}) for sample in metric.samples
            ]
            yield metric


class MessageGauges(Collector):
    """The messages that leave, read once a page; none while the database is away, which other gauges show."""

    NAMES = {
        "waiting": ("gridboard_messages_waiting", "Messages that wait to be sent"),
        "dead": ("gridboard_messages_dead", "Messages that were given up"),
        "sent": ("gridboard_messages_sent", "Messages sent in the days that are kept"),
        "oldest_s": ("gridboard_messages_oldest_seconds", "Age of the oldest waiting message"),
    }

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        with suppress(Problem):
            with self._services.database.reading(SYSTEM) as connection:
                counts = outbox.counts(connection, self._services.clock.now())
                paused = outbox.paused_routes(connection)
            for part, (name, words) in self.NAMES.items():
                yield GaugeMetricFamily(name, words, value=counts[part])
            # a route's name is from the configuration: no person, no area
            gauge = GaugeMetricFamily("gridboard_route_paused", "1 while the route is paused", labels=["route"])
            for name, stopped in paused.items():
                gauge.add_metric([name], float(stopped))
            yield gauge


class AccessLogFigures(Collector):
    """The access log: entries kept, those that wait in this process, those that it could not keep."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        access = self._services.access
        lost = "Entries of the access log that were lost while the database was away"
        yield CounterMetricFamily("gridboard_access_log_lost", lost, value=access.lost_total)
        yield GaugeMetricFamily(
            "gridboard_access_log_waiting", "Entries of the access log that are not written yet", value=access.waiting
        )
        with suppress(Problem):
            with self._services.database.reading(SYSTEM) as connection:
                kept = access_log.counts(connection)
            yield GaugeMetricFamily("gridboard_access_log_rows", "Entries of the access log that are kept", value=kept)


class Measure:
    """The outermost layer: counts and times every request, and leaves the deployment's language in its scope."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, locale: str) -> None:
        self.app = app
        self._metrics = metrics
        self._locale = locale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SCOPE_KEY] = self._locale
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = route_name(scope)
            self._metrics.requests.labels(route, method_name(scope), str(status)).inc()
            if route != "/api/live":
                self._metrics.seconds.labels(route).observe(time.perf_counter() - started)


def route_name(scope: Scope) -> str:
    """The route's pattern, never the address itself: that would name areas and cases, and grow without bound."""
    return getattr(scope.get("route"), "path", None) or ("/assets" if scope["path"].startswith("/assets/") else "other")


def method_name(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text, for this machine only: a proxy in front must not hand it on."""
    if not is_loopback(request.scope):
        raise Problem("forbidden")
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
