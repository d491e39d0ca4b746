"""Calls each method of Mixpanel's SDK for Python. Its requests go through the proxy that HTTPS_PROXY names."""

import asyncio
import json
import logging
import os
import time

from mixpanel import BufferedConsumer, Consumer, Mixpanel, MixpanelException, ServiceAccountCredentials
from mixpanel.flags.local_feature_flags import LocalFeatureFlagsProvider
from mixpanel.flags.remote_feature_flags import RemoteFeatureFlagsProvider
from mixpanel.flags.types import LocalFlagsConfig, RemoteFlagsConfig, SelectedVariant

from driver import drive, methods_of

logging.disable(logging.CRITICAL)
ENV = os.environ
TOKEN = ENV["MP_TOKEN"]
NOW = int(time.time())
OLD = NOW - 90 * 86400
FALLBACK = SelectedVariant(variant_value="fallback")
USER = {"distinct_id": "flag-user"}
ACME = ("company", "Acme")

credentials = ServiceAccountCredentials(ENV["MP_USERNAME"], ENV["MP_SERVICE_SECRET"], ENV["MP_PROJECT"])
sdk = Mixpanel(
    TOKEN,
    credentials=credentials,
    local_flags_config=LocalFlagsConfig(enable_polling=False),
    remote_flags_config=RemoteFlagsConfig(),
)
legacy = Mixpanel(TOKEN)
consumer = Consumer(credentials=credentials)
buffered = BufferedConsumer(max_size=2, credentials=credentials)
local = sdk.local_flags
remote = sdk.remote_flags


def steps(*calls):
    return [call() for call in calls]


def event(name, **properties):
    return json.dumps({"event": name, "properties": {"token": TOKEN, "distinct_id": "u-1", "time": NOW, **properties}})


def refusal():
    try:
        sdk.people_update({"$set": {"a": 1}})
    except MixpanelException as error:
        return str(error)


def send():
    try:
        consumer.send("events", json.dumps({"event": "", "properties": {"token": TOKEN}}))
    except MixpanelException as error:
        return [consumer.send("events", event("Python Consumer.send")), str(error)]


def buffered_send():
    for n in range(3):
        buffered.send("events", event("Python BufferedConsumer", n=n))
    return len(buffered._buffers["events"])


def flush():
    buffered.send("imports", event("Python BufferedConsumer import", time=OLD, **{"$insert_id": "b-1"}))
    buffered.flush()
    return len(buffered._buffers["events"])


async def aremote(call):
    """In a loop of its own, with a client that is made in it."""
    provider = RemoteFeatureFlagsProvider(TOKEN, RemoteFlagsConfig(), "1", sdk.track)
    async with provider:
        return await call(provider)


async def alocal():
    provider = LocalFeatureFlagsProvider(TOKEN, LocalFlagsConfig(enable_polling=False), "1", sdk.track)
    async with provider:
        await provider.astart_polling_for_definitions()
        ready = provider.are_flags_ready()
        await provider.astop_polling_for_definitions()
        return [ready, provider.get_variant_value("new-nav", "fallback", USER)]


def keys(variants):
    return sorted([key, one.variant_key, one.is_qa_tester] for key, one in variants.items())


CALLS = {
    "track": lambda: sdk.track("u-1", "Python track", {"text": "Köln + 1/2 😀", "n": 3, "list": [1]}),
    "import_data": lambda: steps(
        lambda: sdk.import_data(None, "u-1", "Python import_data", OLD, {"$insert_id": "i-1"}),
        lambda: legacy.import_data(
            None, "u-1", "Python import_data by secret", OLD, {"$insert_id": "i-2"}, api_secret=ENV["MP_SECRET"]
        ),
    ),
    "alias": lambda: steps(
        lambda: sdk.people_set("alias-user", {"plan": "pro"}), lambda: sdk.alias("alias@example.com", "alias-user")
    ),
    "merge": lambda: steps(
        lambda: sdk.people_set("merge-user", {"plan": "pro"}), lambda: sdk.merge(None, "merge-user", "merge-other")
    ),
    "people_set": lambda: sdk.people_set("set", {"plan": "pro", "$first_name": "Ada"}),
    "people_set_once": lambda: steps(
        lambda: sdk.people_set_once("set_once", {"plan": "free"}),
        lambda: sdk.people_set_once("set_once", {"plan": "pro"}),
    ),
    "people_increment": lambda: steps(
        lambda: sdk.people_increment("increment", {"n": 5}), lambda: sdk.people_increment("increment", {"n": -2, "m": 1})
    ),
    "people_append": lambda: steps(
        lambda: sdk.people_append("append", {"cities": "Rome"}), lambda: sdk.people_append("append", {"cities": "Rome"})
    ),
    "people_union": lambda: steps(
        lambda: sdk.people_union("union", {"tags": ["a", "b"]}), lambda: sdk.people_union("union", {"tags": ["b", "c"]})
    ),
    "people_unset": lambda: steps(
        lambda: sdk.people_set("unset", {"a": 1, "b": 2}), lambda: sdk.people_unset("unset", ["a"])
    ),
    "people_remove": lambda: steps(
        lambda: sdk.people_set("remove", {"tags": ["a", "b"]}), lambda: sdk.people_remove("remove", {"tags": "a"})
    ),
    "people_delete": lambda: steps(
        lambda: sdk.people_set("delete", {"a": 1}),
        lambda: sdk.people_delete("delete", meta={"$ignore_time": True, "$ignore_alias": True}),
    ),
    "people_track_charge": lambda: sdk.people_track_charge("charge", 19.9, {"$time": "2026-11-01T00:00:00"}),
    "people_clear_charges": lambda: steps(
        lambda: sdk.people_track_charge("cleared", 5), lambda: sdk.people_clear_charges("cleared")
    ),
    "people_update": lambda: steps(
        lambda: sdk.people_update({"$distinct_id": "update", "$set": {"a": 1}, "$ip": "0"}), refusal
    ),
    "group_set": lambda: sdk.group_set(*ACME, {"plan": "pro", "seats": 5}),
    "group_set_once": lambda: sdk.group_set_once(*ACME, {"plan": "never", "since": 2026}),
    "group_union": lambda: sdk.group_union(*ACME, {"tags": ["a", "b"]}),
    "group_remove": lambda: sdk.group_remove(*ACME, {"tags": "a"}),
    "group_unset": lambda: sdk.group_unset(*ACME, ["seats"]),
    "group_delete": lambda: steps(
        lambda: sdk.group_set("company", "Gone", {"a": 1}), lambda: sdk.group_delete("company", "Gone")
    ),
    "group_update": lambda: sdk.group_update({"$group_key": "company", "$group_id": "Updated", "$set": {"a": 1}}),
    "local_flags": lambda: type(sdk.local_flags).__name__,
    "remote_flags": lambda: type(sdk.remote_flags).__name__,
    "Consumer.send": send,
    "BufferedConsumer.send": buffered_send,
    "BufferedConsumer.flush": flush,
    "local_flags.start_polling_for_definitions": local.start_polling_for_definitions,
    "local_flags.are_flags_ready": local.are_flags_ready,
    "local_flags.get_variant": lambda: local.get_variant("new-nav", FALLBACK, USER, report_exposure=False),
    "local_flags.get_variant_value": lambda: local.get_variant_value(
        "new-nav", "fallback", {"distinct_id": "local-exposed"}
    ),
    "local_flags.is_enabled": lambda: [local.is_enabled(key, USER) for key in ("gate", "new-nav", "none")],
    "local_flags.get_all_variants": lambda: keys(local.get_all_variants({"distinct_id": "tester"})),
    "local_flags.track_exposure_event": lambda: local.track_exposure_event(
        "new-nav", SelectedVariant(variant_value=1, variant_key="treatment"), {"distinct_id": "local-told"}
    ),
    "local_flags.astart_polling_for_definitions": lambda: asyncio.run(alocal()),
    "local_flags.astop_polling_for_definitions": lambda: asyncio.run(alocal())[1],
    "local_flags.stop_polling_for_definitions": local.stop_polling_for_definitions,
    "local_flags.shutdown": local.shutdown,
    "remote_flags.get_variant": lambda: remote.get_variant("new-nav", FALLBACK, USER, reportExposure=False),
    "remote_flags.get_variant_value": lambda: remote.get_variant_value(
        "new-nav", "fallback", {"distinct_id": "remote-exposed"}
    ),
    "remote_flags.is_enabled": lambda: [remote.is_enabled(key, USER) for key in ("gate", "new-nav", "none")],
    "remote_flags.get_all_variants": lambda: keys(remote.get_all_variants({"distinct_id": "tester"})),
    "remote_flags.track_exposure_event": lambda: remote.track_exposure_event(
        "new-nav", SelectedVariant(variant_value=1, variant_key="treatment"), {"distinct_id": "remote-told"}
    ),
    "remote_flags.aget_variant": lambda: asyncio.run(
        aremote(lambda one: one.aget_variant("new-nav", FALLBACK, USER, reportExposure=False))
    ),
    "remote_flags.aget_variant_value": lambda: asyncio.run(
        aremote(lambda one: one.aget_variant_value("new-nav", "fallback", USER))
    ),
    "remote_flags.ais_enabled": lambda: asyncio.run(aremote(lambda one: one.ais_enabled("gate", USER))),
    "remote_flags.aget_all_variants": lambda: keys(
        asyncio.run(aremote(lambda one: one.aget_all_variants({"distinct_id": "tester"})))
    ),
    "remote_flags.atrack_exposure_event": lambda: asyncio.run(
        aremote(
            lambda one: one.atrack_exposure_event(
                "new-nav", SelectedVariant(variant_value=1, variant_key="treatment"), {"distinct_id": "remote-atold"}
            )
        )
    ),
    "remote_flags.shutdown": remote.shutdown,
}

SURFACE = [
    *methods_of(Mixpanel),
    *methods_of(Consumer, "Consumer."),
    *methods_of(BufferedConsumer, "BufferedConsumer."),
    *methods_of(LocalFeatureFlagsProvider, "local_flags."),
    *methods_of(RemoteFeatureFlagsProvider, "remote_flags."),
]
drive(SURFACE, CALLS)
