"""What drivers of mixpanel-headless share: they log in as a service account, by the environment."""

import json
import os

ENV = os.environ
DAY = ENV["MP_DAY"]


def signed_in():
    os.environ.update(
        {
            "MP_SECRET": ENV["MP_SERVICE_SECRET"],
            "MP_PROJECT_ID": ENV["MP_PROJECT"],
            "MP_REGION": "us",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
    )


def written(name, value):
    """A file in the current folder: a text, or JSON of anything else. Returns its name."""
    with open(name, "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else json.dumps(value))
    return name
