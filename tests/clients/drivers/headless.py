"""Runs the command line of mixpanel-headless as it is installed: each command of its groups that read a project's data."""

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
drive([*commands("inspect"), *commands("query")], CALLS)
