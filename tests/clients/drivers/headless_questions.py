"""Asks typed queries of mixpanel-headless of every kind, for the tests that ask `mp query` the same."""

from driver import drive
from headless_session import signed_in

signed_in()
import mixpanel_headless as headless  # noqa: E402
from mixpanel_headless import CohortBreakdown, CohortMetric, Exclusion, Filter, Metric  # noqa: E402

WORKSPACE = headless.Workspace()
DAYS = {"from_date": "2026-11-05", "to_date": "2026-11-20"}
VIEW, CART, BUY = "View Product", "Add to Cart", "Purchase"
IS_PRO = Filter.equals("plan", "pro")
PAYING = Filter.in_cohort(8001, "Paying")
AMOUNT = {"math_property": "amount"}


def insights(events, **options):
    return lambda: WORKSPACE.query(events, **{**DAYS, **options}).series


def funnel(*steps, **options):
    return lambda: WORKSPACE.query_funnel(list(steps), **{**DAYS, **options}).series


def retention(**options):
    def call():
        asked = WORKSPACE.query_retention(VIEW, BUY, **{**DAYS, "retention_unit": "day", **options})
        segments = {
            name: {**cohorts, "$average": asked.segment_averages[name]} for name, cohorts in asked.segments.items()
        }
        return {"$overall": {**asked.cohorts, "$average": asked.average}, **segments}

    return call


def flow(event=VIEW, **options):
    def call():
        asked = WORKSPACE.query_flow(event, **{**DAYS, "forward": 2, **options})
        return {"steps": asked.steps, "flows": asked.flows, "trees": [tree.total_count for tree in asked.trees]}

    return call


QUESTIONS = {
    "insights: events by day": insights(VIEW),
    "insights: users by week": insights(VIEW, math="unique", unit="week"),
    "insights: users of each day": insights(VIEW, math="dau"),
    "insights: a sum": insights(BUY, math="total", **AMOUNT),
    "insights: an average by plan": insights(BUY, math="average", group_by="plan", mode="total", **AMOUNT),
    "insights: the 90th percentile": insights(BUY, math="p90", mode="total", **AMOUNT),
    "insights: what a user spends": insights(BUY, math="average", per_user="total", mode="total", **AMOUNT),
    "insights: with conditions": insights(BUY, where=[IS_PRO, Filter.greater_than("amount", 20)]),
    "insights: a formula": insights([Metric(VIEW, math="unique"), Metric(BUY, math="unique")], formula="B / A * 100", unit="week"),
    "insights: a rolling average": insights(VIEW, rolling=3),
    "insights: a running total": insights(VIEW, cumulative=True),
    "insights: two breakdowns": insights(VIEW, group_by=["plan", "os"], mode="total"),
    "insights: of a cohort": insights(VIEW, where=PAYING),
    "insights: the size of a cohort": insights(CohortMetric(8001, "Paying")),
    "insights: by cohort": insights(VIEW, group_by=CohortBreakdown(8001, "Paying"), mode="total"),
    "funnel: two steps": funnel(VIEW, BUY),
    "funnel: three steps": funnel(VIEW, CART, BUY),
    "funnel: by plan": funnel(VIEW, BUY, group_by="plan"),
    "funnel: within two days": funnel(VIEW, BUY, conversion_window=2),
    "funnel: within an hour": funnel(VIEW, CART, conversion_window=1, conversion_window_unit="hour"),
    "funnel: in any order": funnel(BUY, VIEW, order="any"),
    "funnel: all times": funnel(VIEW, BUY, math="conversion_rate_total"),
    "funnel: sessions": funnel(VIEW, CART, math="conversion_rate_session", conversion_window=1, conversion_window_unit="session"),
    "funnel: without those who did another": funnel(VIEW, BUY, exclusions=[CART]),
    "funnel: without those between two steps": funnel(VIEW, CART, BUY, exclusions=[Exclusion("Refund", from_step=0, to_step=1)]),
    "funnel: holding a property constant": funnel(VIEW, BUY, holding_constant="os"),
    "funnel: with a condition": funnel(VIEW, BUY, where=IS_PRO),
    "funnel: of a cohort": funnel(VIEW, BUY, where=PAYING),
    "funnel: by week": funnel(VIEW, BUY, mode="trends", unit="week"),
    "funnel: those who began again": funnel(VIEW, BUY, reentry_mode="aggressive"),
    "retention: by day": retention(),
    "retention: by week": retention(retention_unit="week"),
    "retention: by month": retention(retention_unit="month"),
    "retention: of calendar days": retention(alignment="interval_start"),
    "retention: intervals of different length": retention(bucket_sizes=[1, 3, 7]),
    "retention: carried back": retention(unbounded_mode="carry_back"),
    "retention: carried forward": retention(unbounded_mode="carry_forward"),
    "retention: as long as they came": retention(unbounded_mode="consecutive_forward"),
    "retention: by plan": retention(group_by="plan"),
    "retention: with a condition": retention(where=IS_PRO),
    "retention: of a cohort": retention(where=PAYING),
    "retention: added up": retention(retention_cumulative=True),
    "flows: what follows": flow(),
    "flows: what leads to it": flow(BUY, forward=1, reverse=2),
    "flows: paths": flow(mode="paths"),
    "flows: a tree": flow(mode="tree"),
    "flows: all times": flow(count_type="total"),
    "flows: sessions": flow(count_type="session", conversion_window=1, conversion_window_unit="session"),
    "flows: within two days": flow(conversion_window=2),
    "flows: one branch": flow(cardinality=1),
    "flows: the same event once": flow(collapse_repeated=True),
    "flows: with an event hidden": flow(hidden_events=[CART]),
    "flows: with an event left out": flow(exclusions=[CART]),
    "flows: with a condition": flow(where=IS_PRO),
    "flows: of a cohort": flow(where=PAYING),
}
drive(list(QUESTIONS), QUESTIONS)
