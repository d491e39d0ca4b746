"""Calls each method of mixpanel-utils, with a service account."""

import json
import logging
import os
import time

from mixpanel_utils import MixpanelUtils

from driver import drive, methods_of

logging.disable(logging.CRITICAL)
ENV = os.environ
DAY = time.strftime("%Y-%m-%d", time.gmtime(int(time.time()) // 86400 * 86400 - 43200))
DAYS = {"from_date": DAY, "to_date": DAY}
OLD = int(time.time()) - 90 * 86400
utils = MixpanelUtils(
    ENV["MP_SERVICE_SECRET"],
    token=ENV["MP_TOKEN"],
    service_account_username=ENV["MP_USERNAME"],
    project_id=int(ENV["MP_PROJECT"]),
    pool_size=2,
)
legacy = MixpanelUtils(ENV["MP_SECRET"], token=ENV["MP_TOKEN"], pool_size=2)


def lines(events):
    return sorted(
        [one["event"], one["properties"]["distinct_id"], one["properties"]["amount"], one["properties"]["plan"]]
        for one in events
    )


def users(profiles):
    return sorted([one["$distinct_id"], one["$properties"]["plan"], one["$properties"]["$email"]] for one in profiles)


def read(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def exported_events():
    utils.export_events("events.json", dict(DAYS))
    utils.export_events("raw.txt", dict(DAYS), add_gzip_header=True, raw_stream=True)
    return [lines(read("events.json")), os.path.exists("raw.txt.gz")]


def exported_people():
    utils.export_people("people.json")
    return users(read("people.json"))


def exported_data():
    MixpanelUtils.export_data([{"event": "A", "properties": {"n": 1}}], "data.json")
    return read("data.json")


def on(distinct_id, **properties):
    return [{"$distinct_id": distinct_id, "$properties": properties}]


def imported():
    events = [
        {"event": "Utils import", "properties": {"time": OLD + n, "distinct_id": "u-1", "$insert_id": f"i-{n}", "n": n}}
        for n in range(2500)
    ]
    utils.import_events(events, timezone_offset=0)
    return [os.path.exists("import_backup.txt"), os.path.exists("invalid_events.txt")]


def change(operation, distinct_id, value, before=None):
    def call():
        if before is not None:
            utils.import_people(on(distinct_id, **before))
        return operation(value, profiles=on(distinct_id), backup=False)

    return call


def deleted():
    utils.import_people(on("delete", a=1))
    return utils.people_delete(profiles=on("delete"), backup=True, backup_file="backup.json")


def renamed():
    utils.import_people(on("rename", old="value"))
    return utils.people_change_property_name("old", "new", backup=False)


def revenue():
    profile = on("revenue", **{"$transactions": [{"$amount": 5}, {"$amount": 7}]})
    utils.import_people(profile)
    return utils.people_revenue_property_from_transactions(backup=False)


def deduplicated():
    # The second in the order of ids has been seen later, for those that set $last_seen themselves.
    update = {"$token": ENV["MP_TOKEN"], "$ip": 0}
    raw = [
        {**update, "$distinct_id": "twin-1", "$set": {"$email": "Twin@example.com", "a": 1, "$last_seen": "2026-01-01T00:00:00"}, "$ignore_time": True},
        {**update, "$distinct_id": "twin-2", "$set": {"$email": "twin@example.com", "b": 2, "$last_seen": "2026-02-01T00:00:00"}, "$ignore_time": True},
    ]
    utils.import_people(raw, raw_record_import=True)
    return utils.deduplicate_people(prop_to_match="$email", merge_props=True, backup=False)


def jql_set():
    script = "function main() { return People().filter(u => u.distinct_id == 'seed-1').map(u => ({$distinct_id: u.distinct_id, value: {from_jql: 1}})) }"
    return utils.jql_operation(script, "$set", backup=False)


def jql_exported(call, name):
    call(name)
    return sorted(json.dumps(one, sort_keys=True) for one in read(name))


CALLS = {
    "request": lambda: json.loads(utils.request(utils.formatted_api, ["events", "names"], {"type": "general"})),
    "query_export": lambda: [lines(utils.query_export(dict(DAYS))), lines(legacy.query_export(dict(DAYS), add_gzip_header=True))],
    "query_engage": lambda: [
        users(utils.query_engage()),
        users(legacy.query_engage({"where": 'properties["plan"] == "pro"'})),
        users(
            utils.query_engage(
                {
                    "behaviors": '[{"window": "7d", "name": "b", "event_selectors": [{"event": "Seed Buy"}]}]',
                    "where": '(behaviors["b"] > 0)',
                },
                timezone_offset=0,
            )
        ),
    ],
    "export_events": exported_events,
    "export_people": exported_people,
    "export_data": exported_data,
    "query_jql": lambda: utils.query_jql(
        "function main() { return Events({from_date: params.day, to_date: params.day})"
        ".groupBy(['name'], mixpanel.reducer.count()) }",
        {"day": DAY},
    ),
    "query_jql_events": lambda: lines(utils.query_jql_events(DAY, DAY, {"event": "Seed View"})),
    "query_jql_people": lambda: users(utils.query_jql_people('user["plan"] == "pro"')),
    "export_jql_events": lambda: jql_exported(
        lambda name: utils.export_jql_events(name, DAY, DAY, output_properties=["plan"]), "jql_events.json"
    ),
    "export_jql_people": lambda: jql_exported(
        lambda name: utils.export_jql_people(name, output_properties=["plan"]), "jql_people.json"
    ),
    "sum_transactions": lambda: MixpanelUtils.sum_transactions(
        {"$properties": {"$transactions": [{"$amount": 5}, {"$amount": 7}]}}
    ),
    "jql_operation": jql_set,
    "event_counts_to_people": lambda: utils.event_counts_to_people(DAY, ["Seed View"]),
    "import_events": imported,
    "import_people": lambda: utils.import_people(on("imported", plan="pro")),
    "people_operation": change(lambda value, **rest: utils.people_operation("$set", value, profiles=rest["profiles"]), "operation", {"a": 1}),
    "people_set": change(utils.people_set, "set", {"plan": "pro"}),
    "people_set_once": change(utils.people_set_once, "set_once", {"a": 2}, {"a": 1}),
    "people_unset": change(utils.people_unset, "unset", ["a"], {"a": 1, "b": 2}),
    "people_add": change(utils.people_add, "add", {"n": 3}, {"n": 2}),
    "people_append": change(utils.people_append, "append", {"list": "b"}, {"list": ["a"]}),
    "people_union": change(utils.people_union, "union", {"list": ["a", "b"]}, {"list": ["a"]}),
    "people_remove": change(utils.people_remove, "remove", {"list": "a"}, {"list": ["a", "b"]}),
    "people_delete": deleted,
    "people_change_property_name": renamed,
    "people_revenue_property_from_transactions": revenue,
    "deduplicate_people": deduplicated,
}
drive(methods_of(MixpanelUtils), CALLS)
