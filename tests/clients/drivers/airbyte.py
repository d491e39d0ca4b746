"""Runs Airbyte's source-mixpanel as it is installed: each of its commands, and what it reads of each stream."""

import json
import os
import re
import subprocess
import sys

from driver import drive

ENV = os.environ
RECORDS = {}
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
# It trusts the authorities of the package certifi alone, whatever the environment says: here these are the test's.
SITE = """
import os, time, certifi
certifi.where = lambda: os.environ["SSL_CERT_FILE"]

# It waits for a minute after each request: here its clock is put forward instead.
really_sleep, real_time, ahead = time.sleep, time.time, 0

def sleep(seconds):
    global ahead
    if seconds < 1:
        return really_sleep(seconds)
    ahead += seconds

time.sleep, time.time = sleep, lambda: real_time() + ahead
"""
with open("sitecustomize.py", "w", encoding="utf-8") as file:
    file.write(SITE)
ENVIRONMENT = {**ENV, "PYTHONPATH": os.getcwd()}


def messages(*args):
    done = subprocess.run([SOURCE, *args], capture_output=True, text=True, timeout=100, env=ENVIRONMENT)
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
    sync = {"sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
    save("catalog.json", {"streams": [{"stream": one, **sync} for one in found["streams"]]})
    return sorted(one["name"] for one in found["streams"])


def read():
    for record in of("RECORD", messages("read", "--config", "config.json", "--catalog", "catalog.json")):
        RECORDS.setdefault(record["stream"], []).append(record["data"])
    return sorted(RECORDS)


def records(stream, *names):
    return lambda: sorted([one.get(name) for name in names] for one in RECORDS[stream])


CALLS = {
    "spec": spec,
    "check": check,
    "discover": discover,
    "read": read,
    "read export": records("export", "event", "distinct_id", "plan", "amount", "insert_id"),
    "read engage": records("engage", "distinct_id", "plan", "email"),
    "read funnels": lambda: [
        [one["funnel_id"], one["name"], one["date"], [[step["event"], step["count"]] for step in one["steps"]]]
        for one in RECORDS["funnels"]
    ],
    "read cohorts": records("cohorts", "id", "name", "count", "is_visible"),
    "read cohort_members": records("cohort_members", "cohort_id", "distinct_id"),
    "read annotations": records("annotations", "date", "description", "project_id"),
}
HELP = subprocess.run([SOURCE, "--help"], capture_output=True, text=True, env=ENVIRONMENT).stdout
COMMANDS = re.search(r"\{([a-z,]+)\}", HELP)[1].split(",")
drive([*COMMANDS, *(call for call in CALLS if call.startswith("read "))], CALLS)
