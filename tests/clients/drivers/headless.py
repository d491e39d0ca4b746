"""
Asks the typed queries of mixpanel-headless as it is installed, and calls each other method of its Workspace that asks an
endpoint.
"""

from headless_session import DAY, ENV, signed_in

from driver import drive, methods_of

signed_in()
import mixpanel_headless as headless  # noqa: E402
from headless_methods import methods  # noqa: E402

WORKSPACE = headless.Workspace()
ON_DAY = {"from_date": DAY, "to_date": DAY}
VIEW_TO_BUY = ["Seed View", "Seed Buy"]
PRO = headless.Filter.equals("plan", "pro")


def numbers(events, **options):
    """Totals of the day by metric, and by segment where it is split."""
    series = WORKSPACE.query(events, mode="total", **{**ON_DAY, **options}).series
    return {
        name: levels["all"] if "all" in levels else {key: value["all"] for key, value in levels.items()}
        for name, levels in series.items()
    }


def insights():
    amount = {"math_property": "amount"}
    return {
        "by day": WORKSPACE.query("Seed View", **ON_DAY).df["count"].tolist(),
        "people": numbers("Seed View", math="unique"),
        "sum by plan": numbers("Seed View", math="total", group_by="plan", **amount),
        "median": numbers("Seed View", math="median", **amount),
        "largest sum of a person": numbers("Seed View", math="max", per_user="total", **amount),
        "filtered": numbers("Seed View", where=[PRO, headless.Filter.greater_than("amount", 3)]),
        "formula": numbers(VIEW_TO_BUY, formula="B / A * 100", formula_label="Rate"),
        "cohort": numbers(headless.CohortMetric(int(ENV["MP_COHORT"]), "Pro")),
        "of a cohort": numbers("Seed View", where=headless.Filter.in_cohort(int(ENV["MP_COHORT"]), "Pro")),
        "custom property": numbers(
            "Seed View",
            math="total",
            math_property=headless.InlineCustomProperty.numeric("A * 2", A="amount"),
        ),
        "funnel": numbers([headless.FunnelMetric(headless.FunnelBehavior(VIEW_TO_BUY), label="Bought"), "Seed View"]),
    }


def funnel():
    asked = WORKSPACE.query_funnel(VIEW_TO_BUY, **ON_DAY)
    by_plan = WORKSPACE.query_funnel(VIEW_TO_BUY, group_by="plan", **ON_DAY).series["Seed View through Seed Buy"]
    excluded = WORKSPACE.query_funnel(VIEW_TO_BUY, exclusions=["Seed View"], **ON_DAY)
    return {
        "counts": [step["count"] for step in asked.steps_data],
        "rate": asked.overall_conversion_rate,
        "seconds": asked.steps_data[1]["avg_time"],
        "free": by_plan["free"]["count"]["1. Seed View"]["all"],
        "excluded": [step["count"] for step in excluded.steps_data],
    }


def retention():
    asked = WORKSPACE.query_retention("Seed View", "Seed Buy", retention_unit="day", bucket_sizes=[1, 3], **ON_DAY)
    return {"cohorts": asked.cohorts, "average": asked.average["rates"][0]}


def flow():
    asked = {"forward": 2, "reverse": 0, **ON_DAY}
    sankey = WORKSPACE.query_flow("Seed View", **asked)
    paths = WORKSPACE.query_flow("Seed View", mode="paths", **asked).df
    tree = WORKSPACE.query_flow("Seed View", mode="tree", where=PRO, **asked).trees[0]
    return {
        "nodes": [f"{row.step} {row.event} {row.type} {row.count}" for row in sankey.nodes_df.itertuples()],
        "edges": len(sankey.edges_df),
        "paths": [paths[paths["path_index"] == index]["event"].tolist() for index in sorted(set(paths["path_index"]))],
        "tree": [tree.event, tree.total_count, [child.event for child in tree.children]],
    }


QUERIES = {
    "query": insights,
    "query_funnel": funnel,
    "query_retention": retention,
    "query_flow": flow,
    "query_saved_report": lambda: WORKSPACE.query_saved_report(int(ENV["MP_REPORT"])).series,
    "query_saved_flows": lambda: WORKSPACE.query_saved_flows(int(ENV["MP_FLOW"])).steps[0]["nodes"][0]["totalCount"],
    "query_user": lambda: sorted(WORKSPACE.query_user(mode="profiles", limit=10).df["distinct_id"]),
}


def shown(answer):
    """Models of the library as JSON."""
    if isinstance(answer, list):
        return [shown(one) for one in answer]
    if hasattr(answer, "model_dump"):
        return answer.model_dump(mode="json")
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


def showing(call):
    return lambda: shown(call())


CALLS = {**QUERIES, **methods(WORKSPACE)}
drive(methods_of(headless.Workspace), {name: showing(call) for name, call in CALLS.items()})
