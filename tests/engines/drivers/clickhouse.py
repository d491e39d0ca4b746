"""Runs statements with ClickHouse in this process: a line of JSON for each, and one back."""
import json, sys
from chdb import session

engine = session.Session(sys.argv[1])
engine.query("SET output_format_json_quote_64bit_integers = 0")
# What profiles of users may set, and answers must not depend on.
for setting in (
    "join_use_nulls = 1",
    "transform_null_in = 1",
    "group_by_use_nulls = 1",
    "aggregate_functions_null_for_empty = 1",
    "prefer_column_name_to_alias = 1",
    "cast_keep_nullable = 1",
    "data_type_default_nullable = 1",
    "union_default_mode = 'DISTINCT'",
    "join_algorithm = 'partial_merge'",
    "session_timezone = 'Asia/Tokyo'",
    "date_time_output_format = 'iso'",
):
    engine.query(f"SET {setting}")


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
