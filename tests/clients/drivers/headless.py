"""
Runs the command line of mixpanel-headless as it is installed: each command of its groups that read a project's data.
Then asks the typed queries of the library below it.
"""

import json
import os
import subprocess
import sys

from driver import drive

ENV = os.environ
MP = os.path.join(os.path.dirname(sys.executable), "mp")
DAY = ENV["MP_DAY"]
DAYS = ["--from", DAY, "--to", DAY]
CREDENTIALS = {
    **ENV,
    "MP_USERNAME": ENV["MP_USERNAME"],
    "MP_SECRET": ENV["MP_SERVICE_SECRET"],
    "MP_PROJECT_ID": ENV["MP_PROJECT"],
    "MP_REGION": "us",
    "NO_COLOR": "1",
    "COLUMNS": "200",
}


def mp(*args):
    done = subprocess.run([MP, *args, "--format", "json"], capture_output=True, text=True, env=CREDENTIALS)
    if done.returncode != 0:
        raise RuntimeError(f"{done.returncode} {done.stdout[-1500:]} {done.stderr[-1500:]}")
    return json.loads(done.stdout)


def call(*args):
    return lambda: mp(*args)


def commands(group):
    """Those that its help lists, which it writes for people."""
    text = subprocess.run([MP, group, "--help"], capture_output=True, text=True, env=CREDENTIALS).stdout
    listed = text[text.rindex("Commands") :].split("\n\n")[0]
    rows = [line.strip(" │") for line in listed.splitlines()[1:]]
    return [f"{group} {row.split()[0]}" for row in rows if row and row[0].isalpha() and not row.startswith("Live")]


VIEW = ["--event", "Seed View"]
CALLS = {
    "inspect events": call("inspect", "events"),
    "inspect properties": call("inspect", "properties", *VIEW),
    "inspect values": call("inspect", "values", *VIEW, "--property", "plan"),
    "inspect funnels": call("inspect", "funnels"),
    "inspect cohorts": call("inspect", "cohorts"),
    "inspect top-events": call("inspect", "top-events"),
    "inspect lexicon-schemas": call("inspect", "lexicon-schemas"),
    "query saved-report": call("query", "saved-report", ENV["MP_REPORT"]),
    "query flows": call("query", "flows", ENV["MP_FLOW"]),
    "query segmentation": call("query", "segmentation", *VIEW, *DAYS, "--on", "plan"),
    "query funnel": call("query", "funnel", "7001", *DAYS),
    "query retention": call("query", "retention", "--born", "Seed View", "--return", "Seed Buy", *DAYS),
    "query event-counts": call("query", "event-counts", "--events", "Seed View,Seed Buy", *DAYS),
    "query property-counts": call("query", "property-counts", *VIEW, "--property", "plan", *DAYS),
    "query frequency": call("query", "frequency", *VIEW, *DAYS),
    "query segmentation-numeric": call("query", "segmentation-numeric", *VIEW, "--on", "amount", *DAYS),
    "query segmentation-sum": call("query", "segmentation-sum", *VIEW, "--on", "amount", *DAYS),
    "query segmentation-average": call("query", "segmentation-average", *VIEW, "--on", "amount", *DAYS),
}


# The library itself, in this process.
os.environ.update(CREDENTIALS)
import mixpanel_headless as headless  # noqa: E402

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
    "Workspace.query": insights,
    "Workspace.query_funnel": funnel,
    "Workspace.query_retention": retention,
    "Workspace.query_flow": flow,
    "Workspace.query_saved_report": lambda: WORKSPACE.query_saved_report(int(ENV["MP_REPORT"])).series,
    "Workspace.query_saved_flows": lambda: WORKSPACE.query_saved_flows(int(ENV["MP_FLOW"])).steps[0]["nodes"][0]["totalCount"],
    "Workspace.query_user": lambda: sorted(WORKSPACE.query_user(mode="profiles", limit=10).df["distinct_id"]),
}
METHODS = [f"Workspace.{name}" for name in dir(headless.Workspace) if name.startswith("query")]
drive([*commands("inspect"), *commands("query"), *METHODS], {**CALLS, **QUERIES})
