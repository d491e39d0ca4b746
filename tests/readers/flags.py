"""Decides flags by Mixpanel's SDK: definitions and contexts as JSON on standard input, a line of JSON for each flag."""

import json
import logging
import sys

import httpx
from mixpanel.flags.local_feature_flags import LocalFeatureFlagsProvider
from mixpanel.flags.types import LocalFlagsConfig, SelectedVariant

logging.disable(logging.CRITICAL)
FALLBACK = SelectedVariant(variant_value=None)


def decide(definition, contexts):
    """The variant that everybody gets: its key, None, or the name of the error with which the SDK ends."""
    answer = httpx.Response(200, json={"flags": [definition]}, request=httpx.Request("GET", "https://sdk"))
    sdk = LocalFeatureFlagsProvider("token", LocalFlagsConfig(enable_polling=False), "1", print)
    sdk._sync_client = type("Client", (), {"get": lambda *_args, **_named: answer})()
    sdk.start_polling_for_definitions()
    decided = []
    for context in contexts:
        try:
            decided.append(sdk.get_variant(definition["key"], FALLBACK, context, report_exposure=False).variant_key)
        except Exception as error:
            decided.append("! " + type(error).__name__)
    return decided


asked = json.load(sys.stdin)
for definition in asked["definitions"]:
    print(json.dumps(decide(definition, asked["contexts"])))
