"""The catalogue of metrics: every number on a screen, its period, what it is a share of, and the lists that it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rules.cases import Source

#: Units with less behind them are shown with their interval, not ranked (as analysis.rates.MINIMUM_N).
MINIMUM_N = 20


class Basis(StrEnum):
    """When a count is taken; for a share or a length of time: which moment of a case lies in the period."""

    now = "now"
    today = "today"
    since = "since"
    month = "month"
    reported = "reported"
    settled = "settled"
    mediated = "mediated"
    signed = "signed"
    dispatched = "dispatched"


class Form(StrEnum):
    """What the value is: a number of cases, a share of cases, or days."""

    cases = "count"
    share = "share"
    days = "days"


class Part(StrEnum):
    numerator = "numerator"
    denominator = "denominator"


@dataclass(frozen=True)
class Metric:
    """`list_filter`, of a count: the query of /api/cases whose total equals the number. `$month` and `$day` stand for the first
    moment of the period in the deployment's time zone, `$since` for yesterday at 08:00.

    Of the others `rows` names the statement that lists what is counted (data/sql/), one row an act; a case is in the
    numerator when every one of its acts is `good`, or with `any_act` when one is. `quantile` of days: None for the mean.
    """

    name: str
    basis: Basis
    list_filter: Mapping[str, str] = field(default_factory=dict)
    form: Form = Form.cases
    rows: str = ""
    any_act: bool = False
    quantile: float | None = None
    minimum_n: int = 0

    @property
    def text_key(self) -> str:
        return f"metric.{self.name}"

    def list_of(self, part: Part, since: datetime, until: datetime) -> dict[str, str]:
        """The query of /api/cases that lists what is counted in a period; empty where the part is no number of cases."""
        if self.form == Form.cases or (self.form == Form.days and part == Part.numerator):
            return {}
        period = {"metric_from": since.isoformat(), "metric_to": until.isoformat()}
        return {"metric": self.name, "part": part.value, **period}


def _share(name: str, basis: Basis, rows: str, *, any_act: bool = False) -> Metric:
    return Metric(name, basis, form=Form.share, rows=rows, any_act=any_act, minimum_n=MINIMUM_N)


def _days(name: str, quantile: float | None) -> Metric:
    return Metric(name, Basis.settled, form=Form.days, rows="measure_settled", quantile=quantile, minimum_n=MINIMUM_N)


#: How a case was found (感知): before it became a police call or a suit. Of an imported one it is not known.
SELF_DISCOVERED = tuple(one.value for one in Source if one not in (Source.police_110, Source.court, Source.imported))

_CATALOGUE = (
    Metric("open", Basis.now, {"status": "open"}),
    Metric("waiting", Basis.now, {"status": "waiting"}),
    Metric("overdue", Basis.now, {"status": "overdue"}),
    Metric("to_file", Basis.now, {"status": "to_file"}),
    Metric("unlocated", Basis.now, {"status": "open", "unlocated": "1"}),
    Metric("settled_month", Basis.month, {"settled_from": "$month"}),
    Metric("new_today", Basis.today, {"reported_from": "$day"}),
    Metric("new_since", Basis.since, {"reported_from": "$since"}),
    Metric("settled_since", Basis.since, {"settled_from": "$since"}),
    Metric("overdue_since", Basis.since, {"status": "overdue", "due_from": "$since"}),
    _days("handling_time_mean", None),
    _days("handling_time_median", 0.5),
    _days("handling_time_p90", 0.9),
    _share("first_mediation_success", Basis.mediated, "measure_first_mediations"),
    _share("one_time_settlement", Basis.settled, "measure_one_time"),
    _share("on_time_signing", Basis.signed, "measure_signings"),
    _share("on_time_settlement", Basis.settled, "measure_on_time"),
    _share("return_rate", Basis.dispatched, "measure_dispatches", any_act=True),
    _share("repeat_rate", Basis.reported, "measure_repeats"),
    _share("self_discovered_share", Basis.reported, "measure_sources"),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _CATALOGUE}
#: Those that are one number of cases, which a page opens by its name (`list=`).
COUNTS = {name: metric for name, metric in METRICS.items() if metric.form == Form.cases}
#: Those of a period: shares and lengths of time.
MEASURES = {name: metric for name, metric in METRICS.items() if metric.form != Form.cases}
