"""Runs Airbyte's source-mixpanel as it is installed: its commands, then a read of all streams in full."""

import json
import os
import subprocess
import sys

from driver import drive

ENV = os.environ
CONFIG = {
    "credentials": {
        "option_title": "Service Account",
        "username": ENV["MP_USERNAME"],
        "secret": ENV["MP_SERVICE_SECRET"],
        "project_id": int(ENV["MP_PROJECT"]),
    },
    "project_timezone": "UTC",
    "start_date": ENV["MP_DAY"] + "T00:00:00Z",
    "end_date": ENV["MP_DAY"] + "T23:59:59Z",
    "region": "US",
    "attribution_window": 0,
}
SOURCE = os.path.join(os.path.dirname(sys.executable), "source-mixpanel")
RECORDS = {}
CATALOG = {}


def messages(*args):
    done = subprocess.run([SOURCE, *args], capture_output=True, text=True, timeout=100)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    problems = [one["trace"]["error"]["message"] for one in lines if one["type"] == "TRACE" and one["trace"].get("error")]
    if done.returncode != 0 or problems:
        raise RuntimeError(f"{problems} {done.stderr[-2000:]}")
    return lines


def of(kind, lines):
    return [one[kind.lower() if kind != "CONNECTION_STATUS" else "connectionStatus"] for one in lines if one["type"] == kind]


def save(name, value):
    with open(name, "w", encoding="utf-8") as file:
        json.dump(value, file)


def spec():
    [found] = of("SPEC", messages("spec"))
    return sorted(found["connectionSpecification"]["required"])


def check():
    save("config.json", CONFIG)
    return of("CONNECTION_STATUS", messages("check", "--config", "config.json"))[0]["status"]


def discover():
    [found] = of("CATALOG", messages("discover", "--config", "config.json"))
    CATALOG["streams"] = [
        {"stream": one, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"} for one in found["streams"]
    ]
    return sorted(one["name"] for one in found["streams"])


def read():
    save("catalog.json", CATALOG)
    for one in of("RECORD", messages("read", "--config", "config.json", "--catalog", "catalog.json")):
        RECORDS.setdefault(one["stream"], []).append(one["data"])
    return sorted(RECORDS)


def records(stream, *names):
    return lambda: sorted([one.get(name) for name in names] for one in RECORDS[stream])


CALLS = {
    "spec": spec,
    "check": check,
    "discover": discover,
    "read": read,
    "export": records("export", "event", "distinct_id", "plan", "amount", "insert_id"),
    "engage": records("engage", "distinct_id", "plan", "email"),
    "funnels": lambda: [
        [one["funnel_id"], one["name"], one["date"], [[step["event"], step["count"]] for step in one["steps"]]]
        for one in RECORDS["funnels"]
    ],
    "cohorts": records("cohorts", "id", "name", "count", "is_visible", "data_group_id"),
    "cohort_members": records("cohort_members", "cohort_id", "distinct_id"),
    "annotations": records("annotations", "date", "description"),
    "revenue": lambda: sorted([one["date"], one["amount"], one["count"], one["paid_count"]] for one in RECORDS["revenue"]),
}
drive(list(CALLS), CALLS)
