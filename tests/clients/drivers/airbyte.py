"""Runs Airbyte's source-mixpanel as it is installed: its commands up to the discovery of streams."""

import json
import os
import re
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
# It trusts the authorities of the package certifi alone, whatever the environment says: here these are the test's.
SITE = "import os, certifi\ncertifi.where = lambda: os.environ['SSL_CERT_FILE']\n"
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
    return sorted(one["name"] for one in found["streams"])


CALLS = {
    "spec": spec,
    "check": check,
    "discover": discover,
}
HELP = subprocess.run([SOURCE, "--help"], capture_output=True, text=True, env=ENVIRONMENT).stdout
drive(re.search(r"\{([a-z,]+)\}", HELP)[1].split(","), CALLS)
