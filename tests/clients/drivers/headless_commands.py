"""
Runs each command of mixpanel-headless that asks an endpoint, in this process: what the console script `mp` calls. A
thing is made, read, changed, listed and deleted; a command that prints nothing answers with what a second one reads.
"""

import json

from driver import drive
from headless_session import DAY, ENV, signed_in, written

signed_in()

import typer  # noqa: E402
from click.testing import CliRunner  # noqa: E402
from mixpanel_headless.cli.main import app  # noqa: E402

CALLS = {}
KEPT = {}
RUNNER = CliRunner()


def commands(group, words=()):
    """All commands by their words, with whether they take --format."""
    found = {}
    for name, one in group.commands.items():
        below = (*words, name)
        if hasattr(one, "commands"):
            found.update(commands(one, below))
        else:
            found[" ".join(below)] = any(option.name == "format" for option in one.params)
    return found


# Built once: that takes as long as most commands do.
PROGRAM = typer.main.get_command(app)
TAKES_FORMAT = commands(PROGRAM)


class Kept:
    """What an earlier command has answered: a member of it."""

    def __init__(self, name, member="id"):
        self.name, self.member = name, member

    def __str__(self):
        return str(KEPT[self.name][self.member])


def word(value):
    if isinstance(value, (bool, dict)) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return json.dumps(value, default=lambda one: int(str(one)))
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def mp(command, *args, typed=None):
    done = RUNNER.invoke(
        PROGRAM,
        [*command.split(), *map(word, args), *(["--format", "json"] if TAKES_FORMAT[command] else [])],
        input=typed,
    )
    if done.exit_code != 0:
        raise RuntimeError(f"{done.exit_code} {done.stdout[-1500:]} {done.stderr[-2500:]} {done.exception!r}")
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout.strip()


def run(command, *args, keep=None, newest=None, then=(), typed=None):
    """
    A call: `keep` names its answer for later ones, or `newest` the last of a list; `then` is what is read afterwards,
    which is the answer.
    """

    def call():
        answer = mp(command, *args, typed=typed)
        if keep is not None:
            KEPT[keep] = answer
        if newest is not None:
            KEPT[newest] = max(answer, key=lambda one: one["id"])
        return mp(*then) if then else answer

    CALLS[command] = call


DAYS = ["--from", DAY, "--to", DAY]
VIEW = ["--event", "Seed View"]
VIEWS = {
    "sections": {
        "show": [
            {
                "type": "metric",
                "behavior": {
                    "type": "event",
                    "name": "Seed View",
                    "resourceType": "events",
                    "filters": [],
                    "filtersDeterminer": "all",
                },
                "measurement": {"math": "total"},
            }
        ],
        "time": [{"dateRangeType": "between", "unit": "day", "value": [DAY, DAY]}],
    },
    "displayOptions": {"chartType": "line"},
}
IS_PRO = {
    "resourceType": "events",
    "value": "plan",
    "filterType": "string",
    "defaultType": "string",
    "filterOperator": "equals",
    "filterValue": ["pro"],
}

run("account add", "team", "--type", "service_account", "--region", "us", "--username", ENV["MP_USERNAME"], "--secret-stdin", typed=ENV["MP_SERVICE_SECRET"])
run("account test", "team")
run("project list")
run("workspace list")

run("inspect events")
run("inspect properties", *VIEW)
run("inspect values", *VIEW, "--property", "plan")
run("inspect subproperties", "--event", "Seed Cart", "--property", "cart")
run("inspect funnels")
run("inspect cohorts")
run("inspect top-events")
run("inspect bookmarks")
run("query saved-report", ENV["MP_REPORT"])
run("query flows", ENV["MP_FLOW"])
run("query segmentation", *VIEW, *DAYS, "--on", "plan")
run("query funnel", "7001", *DAYS)
run("query retention", "--born", "Seed View", "--return", "Seed Buy", *DAYS)
run("query event-counts", "--events", "Seed View,Seed Buy", *DAYS)
run("query property-counts", *VIEW, "--property", "plan", *DAYS)
run("query activity-feed", "--users", "seed-2", *DAYS)
run("query frequency", *VIEW, *DAYS)
run("query segmentation-numeric", *VIEW, "--on", "amount", *DAYS)
run("query segmentation-sum", *VIEW, "--on", "amount", *DAYS)
run("query segmentation-average", *VIEW, "--on", "amount", *DAYS)

run("dashboards create", "--title", "Growth", "--description", "Who comes", keep="board")
run("dashboards get", Kept("board"))
run("dashboards update", Kept("board"), "--title", "Growth 2", then=("dashboards get", Kept("board")))
run("dashboards favorite", Kept("board"), then=("dashboards get", Kept("board")))
run("dashboards unfavorite", Kept("board"), then=("dashboards get", Kept("board")))
run("dashboards pin", Kept("board"), then=("dashboards get", Kept("board")))
run("dashboards unpin", Kept("board"), then=("dashboards get", Kept("board")))
run("dashboards list")
run("dashboards erf", Kept("board"))

run("reports create", "--name", "Views by day", "--type", "insights", "--params", VIEWS, "--dashboard-id", Kept("board"), keep="report")
run("reports get", Kept("report"))
run("reports update", Kept("report"), "--name", "Views a day", "--description", "All of them", then=("reports get", Kept("report")))
run("reports list", "--type", "insights")


def placed_report():
    """The board shows a copy of it."""
    mp("dashboards add-report", Kept("board"), Kept("report"))
    board = mp("dashboards get", Kept("board"))
    KEPT["filled"] = {"copy": next(iter(board["contents"]["report"]))}
    return board


CALLS["dashboards add-report"] = placed_report
run("reports linked-dashboards", Kept("filled", "copy"))
run("reports dashboard-ids", Kept("filled", "copy"))
run("reports history", Kept("report"))
run("reports bulk-update", "--entries", [{"id": Kept("report"), "name": "Views daily"}], then=("reports get", Kept("report")))
run("reports link", "--params", VIEWS, "--type", "insights", "--name", "Views", keep="link")
run("reports resolve", Kept("link", "url"), "--run")
run("dashboards remove-report", Kept("board"), Kept("filled", "copy"), then=("dashboards get", Kept("board")))
run("dashboards blueprints", "--include-reports")
run("dashboards blueprint-create", "growth", keep="blueprint")
run("dashboards rca", "--source-id", 5, "--source-data", {"type": "anomaly", "date": DAY, "metric_source": False}, keep="rca")
run("dashboards update-text-card", ENV["MP_BOARD"], ENV["MP_TEXT"], "--markdown", "<p>New</p>", then=("dashboards get", ENV["MP_BOARD"]))
run("dashboards update-report-link", ENV["MP_BOARD"], ENV["MP_LINK"], "--type", "embedded", then=("dashboards get", ENV["MP_BOARD"]))
run("dashboards delete", Kept("rca"), then=("dashboards list",))
run("dashboards bulk-delete", "--ids", [Kept("blueprint"), Kept("board")], then=("dashboards list",))
run("reports delete", Kept("report"), then=("reports list", "--ids", Kept("report")))
run("reports bulk-delete", "--ids", [ENV["MP_SPARE_REPORT"]], then=("reports list",))

PRO_USERS = {"selector": {"operator": "and", "children": [{"property": "user", "value": "plan", "operator": "==", "operand": "pro", "type": "string"}]}, "behaviors": {}}
run("cohorts create", "--name", "Pro users", "--description", "Who pays", "--definition", PRO_USERS, keep="cohort")
run("cohorts get", Kept("cohort"))
run("cohorts update", Kept("cohort"), "--name", "Payers", then=("cohorts get", Kept("cohort")))
run("cohorts bulk-update", "--entries", [{"id": Kept("cohort"), "description": "All who pay"}], then=("cohorts get", Kept("cohort")))
run("cohorts list")
run("cohorts delete", Kept("cohort"), then=("cohorts list",))
run("cohorts bulk-delete", "--ids", [ENV["MP_SPARE_COHORT"]], then=("cohorts list",))

run("experiments create", "--name", "Button", "--description", "Colour", "--hypothesis", "Green sells", keep="experiment")
run("experiments get", Kept("experiment"))
run("experiments update", Kept("experiment"), "--name", "Button colour", "--tags", "shop", then=("experiments get", Kept("experiment")))
run("experiments duplicate", Kept("experiment"), "--name", "Button again", keep="twin")
run("experiments launch", Kept("experiment"))
run("experiments conclude", Kept("experiment"))
run("experiments decide", Kept("experiment"), "--success", "--variant", "Green", "--message", "Done")
run("experiments archive", Kept("twin"), then=("experiments list",))
run("experiments list", "--include-archived")
run("experiments restore", Kept("twin"))
run("experiments erf")
run("experiments delete", Kept("twin"), then=("experiments list", "--include-archived"))

RULES = {
    "variants": [
        {"key": "on", "value": True, "is_control": False, "split": 1, "is_sticky": False},
        {"key": "off", "value": False, "is_control": True, "split": 0, "is_sticky": False},
    ],
    "rollout": [{"rollout_percentage": 1, "variant_splits": {}}],
}
NAMED = ["--name", "Dark mode", "--key", "dark"]
run("flags create", *NAMED, "--description", "Night", "--tags", "look", "--ruleset", RULES, keep="flag")
run("flags get", Kept("flag"))
run("flags update", Kept("flag"), "--name", "Darker", "--key", "dark", "--status", "enabled", "--ruleset", RULES, then=("flags get", Kept("flag")))
run("flags set-test-users", Kept("flag"), "--users", {"on": "u-9"}, then=("flags get", Kept("flag")))
run("flags history", Kept("flag"), "--page-size", 2)
run("flags limits")
run("flags duplicate", Kept("flag"))
run("flags archive", Kept("flag"), then=("flags list",))
run("flags list", "--include-archived")
run("flags restore", Kept("flag"))
run("flags delete", Kept("flag"), then=("flags list", "--include-archived"))

ALERT = ["--bookmark-id", ENV["MP_REPORT"], "--name", "Few views", "--condition", {"operator": "less_than", "value": 50}, "--frequency", 86400, "--subscriptions", [{"type": "email", "value": "a@example.com"}]]
run("alerts create", *ALERT, keep="alert")
run("alerts get", Kept("alert"))
run("alerts update", Kept("alert"), "--name", "No views", "--paused", then=("alerts get", Kept("alert")))
run("alerts list", "--skip-user-filter")
run("alerts count", "--type", "anomaly")
run("alerts history", Kept("alert"))
run("alerts test", *ALERT)
run("alerts screenshot", "--gcs-key", "shot.png")
run("alerts validate", "--alert-ids", [Kept("alert")], "--bookmark-type", "insights", "--bookmark-params", VIEWS)
run("alerts delete", Kept("alert"), then=("alerts list",))
run("alerts bulk-delete", "--ids", [ENV["MP_SPARE_ALERT"]], then=("alerts list", "--skip-user-filter"))

run("annotations tags create", "--name", "release", keep="tag")
run("annotations tags list")
run("annotations create", "--date", f"{DAY} 11:00:00", "--description", "2.0", "--tags", Kept("tag"), keep="annotation")
run("annotations get", Kept("annotation"))
run("annotations update", Kept("annotation"), "--description", "2.0.1", then=("annotations get", Kept("annotation")))
run("annotations list", *DAYS)
run("annotations delete", Kept("annotation"), then=("annotations list",))

HOOK = ["--url", "https://hook.example.com/in", "--auth-type", "basic", "--username", "u", "--password", "p"]
run("webhooks create", "--name", "Hook", *HOOK, keep="hook")
run("webhooks update", Kept("hook"), "--name", "Hook 2", "--no-enabled", then=("webhooks list",))
run("webhooks list")
run("webhooks test", *HOOK)
run("webhooks delete", Kept("hook"), then=("webhooks list",))

SEEN = ("lexicon events get", "--names", "Seed View")
PLAN = ("lexicon properties get", "--names", "plan", "--resource-type", "Event")
run("lexicon tags create", "--name", "core", keep="label")
run("lexicon tags update", "--id", Kept("label"), "--name", "base")
run("lexicon tags list")
run(*SEEN)
run("lexicon events update", "--name", "Seed View", "--description", "A page was seen", "--display-name", "View", "--verified", "--tags", "base", then=SEEN)
run("lexicon events bulk-update", "--data", {"events": [{"name": "Seed View", "hidden": True}]}, then=SEEN)
run(*PLAN)
run("lexicon properties update", "--name", "plan", "--resource-type", "Event", "--description", "What is paid", "--sensitive", then=PLAN)
run("lexicon properties bulk-update", "--data", {"properties": [{"name": "plan", "resource_type": "Event", "hidden": True}]}, then=PLAN)
run("lexicon tracking-metadata", "--event-name", "Seed View")
run("lexicon event-history", "--event-name", "Seed View")
run("lexicon property-history", "--property-name", "plan", "--entity-type", "event")
run("lexicon export", "--types", "All Events and Properties")
run("lexicon audit")
run("lexicon events delete", "--name", "Seed View", then=SEEN)
run("lexicon tags delete", "--name", "base", then=("lexicon tags list",))
RULE = "Warn and Accept"
run("lexicon enforcement init", "--rule-event", RULE)
run("lexicon enforcement get", "--fields", "ruleEvent,state")
run("lexicon enforcement update", "--body", {"notification_emails": ["a@example.com"]}, then=("lexicon enforcement get",))
FULL = {"common_properties": [], "user_properties": [], "events": [], "rule_event": "Warn and Hide", "notification_emails": ["b@example.com"]}
run("lexicon enforcement replace", "--body", FULL, then=("lexicon enforcement get",))
run("lexicon enforcement delete", typed="y\n")
run("lexicon anomalies list", "--limit", 5, newest="anomaly")
run("lexicon anomalies update", "--id", Kept("anomaly"), "--status", "dismissed", "--anomaly-class", "Event", then=("lexicon anomalies list",))
run("lexicon anomalies bulk-update", "--body", {"anomalies": [{"id": Kept("anomaly"), "anomaly_class": "Event"}], "status": "open"}, then=("lexicon anomalies list",))
ERASED = ["--event-name", "Seed Buy", "--from-date", DAY, "--to-date", DAY]
run("lexicon deletion-requests preview", *ERASED)
run("lexicon deletion-requests create", *ERASED, newest="deletion")
run("lexicon deletion-requests list")
run("lexicon deletion-requests cancel", Kept("deletion"))

SCHEMA = {"type": "object", "properties": {"plan": {"type": "string", "description": "What is paid"}}}
OF_SIGN_UP = ["--entity-type", "event", "--entity-name", "Sign Up", "--schema-json"]
run("schemas create", *OF_SIGN_UP, SCHEMA, then=("schemas list",))
run("schemas update", *OF_SIGN_UP, {**SCHEMA, "description": "Joined"}, then=("schemas list",))
ENTRY = {"entityType": "event", "name": "Log In", "schemaJson": SCHEMA}
run("schemas create-bulk", "--entries", [ENTRY])
run("schemas update-bulk", "--entries", [{**ENTRY, "schemaJson": {**SCHEMA, "description": "Came"}}])
run("schemas list", "--entity-type", "event")
run("inspect lexicon-schemas")
run("inspect schema-graph", "--density")
run("schemas delete", "--entity-type", "event", "--entity-name", "Sign Up")

run("drop-filters limits")
run("drop-filters create", "--event-name", "Seed Buy", "--filters", [IS_PRO], newest="drop")
run("drop-filters update", "--id", Kept("drop"), "--no-active")
run("drop-filters list")
run("drop-filters delete", "--id", Kept("drop"))

TWICE = ["--name", "Twice", "--resource-type", "events", "--display-formula", "A * 2", "--composed-properties", {"A": {"value": "amount", "type": "number", "resourceType": "event"}}]
run("custom-properties validate", *TWICE)
run("custom-properties create", *TWICE, keep="twice")
OF_TWICE = ("custom-properties get", "--id", Kept("twice", "custom_property_id"))
run(*OF_TWICE)
run("custom-properties update", *OF_TWICE[1:], "--name", "Thrice", "--display-formula", "A * 3", *TWICE[-2:], then=OF_TWICE)
run("custom-properties list")
run("custom-properties delete", *OF_TWICE[1:], then=("custom-properties list",))

run("custom-events create", "--name", "Any seed", "--alternative", "Seed View", "--alternative", "Seed Buy", keep="any")
run("custom-events update", "--custom-event-id", Kept("any"), "--description", "Both", then=("custom-events list",))
run("custom-events list")
run("custom-events delete", "--custom-event-id", Kept("any"), then=("custom-events list",))

METRIC = {key: VIEWS["sections"]["show"][0][key] for key in ("behavior", "measurement")}
written("metric.json", METRIC)
run("metrics create", "--name", "Views", "--definition-file", "metric.json", "--description", "All", keep="metric")
run("metrics get", Kept("metric"))
run("metrics update", Kept("metric"), "--name", "All views", then=("metrics get", Kept("metric")))
run("metrics verify", Kept("metric"), then=("metrics get", Kept("metric")))
run("metrics query", Kept("metric"), *DAYS)
run("metrics list")
run("metrics delete", Kept("metric"), then=("metrics list",))
STEP = {"type": "event", "filters": [], "filtersDeterminer": "all"}
FUNNEL = {"type": "funnel", "resourceType": "events", "behaviors": [{**STEP, "name": "Seed View"}, {**STEP, "name": "Seed Buy"}], "conversionWindowDuration": 14, "conversionWindowUnit": "day", "funnelOrder": "loose"}
written("behavior.json", {"behavior": FUNNEL})
run("behaviors create", "--name", "View to buy", "--definition-file", "behavior.json", keep="behavior")
run("behaviors get", Kept("behavior"))
run("behaviors update", Kept("behavior"), "--description", "Bought", then=("behaviors get", Kept("behavior")))
run("behaviors list")
run("behaviors delete", Kept("behavior"), then=("behaviors list",))

run("lookup-tables upload", "--name", "Prices", "--file", written("prices.csv", "id,price\n1,5\n2,7\n"), keep="table")
run("lookup-tables list")
run("lookup-tables update", "--data-group-id", Kept("table"), "--name", "Price list", then=("lookup-tables list",))
run("lookup-tables upload-url")
run("lookup-tables download", "--data-group-id", Kept("table"))
run("lookup-tables download-url", "--data-group-id", Kept("table"))
run("lookup-tables delete", "--data-group-ids", [Kept("table")], then=("lookup-tables list",))

run("business-context set", "--content", "# Shop", then=("business-context get",))
run("business-context get", "--level", "project")
run("business-context chain")
run("business-context clear", then=("business-context get",))

run("replays list", "--user", "seed-1", *DAYS)
run("replays events", "replay-1", *DAYS)
run("replays sign", "replay-1")
run("replays fetch", "replay-1")
run("replays analyze", "replay-1")
run("replays for-user", "seed-1", *DAYS)

drive(list(TAKES_FORMAT), CALLS)
