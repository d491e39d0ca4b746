"""Runs tap-mixpanel as it is installed: discovery, then a sync of all streams."""

import json
import os
import subprocess
import sys

from tap_mixpanel.streams import STREAMS

from driver import drive

ENV = os.environ
CONFIG = {
    "api_secret": ENV["MP_SECRET"],
    "project_timezone": "UTC",
    "attribution_window": "1",
    "start_date": ENV["MP_DAY"] + "T00:00:00Z",
    "end_date": ENV["MP_DAY"] + "T23:59:59Z",
    "date_window_size": "1",
    "user_agent": "tests",
    "select_properties_by_default": "true",
}
TAP = os.path.join(os.path.dirname(sys.executable), "tap-mixpanel")
RECORDS = {}


def tap(*args):
    done = subprocess.run([TAP, "--config", "config.json", *args], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def save(name, value):
    with open(name, "w", encoding="utf-8") as file:
        json.dump(value, file)


def discover():
    save("config.json", CONFIG)
    catalog = json.loads(tap("--discover"))
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if entry["breadcrumb"] == []:
                entry["metadata"]["selected"] = True
    save("catalog.json", catalog)
    engage = next(one for one in catalog["streams"] if one["stream"] == "engage")
    return [sorted(one["stream"] for one in catalog["streams"]), "plan" in engage["schema"]["properties"]]


def sync():
    for line in tap("--catalog", "catalog.json").splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            RECORDS.setdefault(message["stream"], []).append(message["record"])
    return sorted(RECORDS)


def records(stream, *names):
    return lambda: sorted([one.get(name) for name in names] for one in RECORDS[stream])


CALLS = {
    "discover": discover,
    "sync": sync,
    "export": records("export", "event", "distinct_id", "plan", "amount", "mp_reserved_insert_id"),
    "engage": records("engage", "distinct_id", "plan", "mp_reserved_email"),
    "funnels": lambda: [
        [one["funnel_id"], one["name"], one["date"], [[step["event"], step["count"]] for step in one["steps"]]]
        for one in RECORDS["funnels"]
    ],
    "cohorts": records("cohorts", "id", "name", "count", "is_visible"),
    "cohort_members": records("cohort_members", "cohort_id", "distinct_id"),
    "annotations": records("annotations", "date", "description", "project_id"),
}
drive(["discover", "sync", *STREAMS], CALLS)
