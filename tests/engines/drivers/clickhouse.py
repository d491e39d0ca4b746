"""Runs statements with ClickHouse in this process: a line of JSON for each, and one back."""
import json, sys
from chdb import session
from profile_settings import set_profile

engine = session.Session(sys.argv[1])
engine.query("SET output_format_json_quote_64bit_integers = 0")
set_profile(engine)


def answer(question):
    if "run" in question:
        engine.query(question["run"])
        return None
    lines = engine.query(question["statement"], "JSONCompactEachRow").bytes().decode()
    return [json.loads(line) for line in lines.split("\n") if line]


for line in sys.stdin:
    try:
        said = {"answer": answer(json.loads(line))}
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"[:2000]}
    print("@" + json.dumps(said), flush=True)
