"""Parses statements with sqlglot: a line of JSON for each, and one back with what is wrong, or null."""
import json, sys
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema


def wrong(question):
    found = sqlglot.parse(question["statement"], dialect=question["dialect"])
    if "columns" not in question:
        return "a statement that is not understood" if any(isinstance(one, exp.Command) for one in found) else None
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        return f"{len(found)} statements, of which the first is a {type(found[0]).__name__}"
    unknown = {call.name.lower() for call in found[0].find_all(exp.Anonymous)}
    if unknown and not question["isRun"]:
        return f"functions that are not known: {', '.join(sorted(unknown))}"
    # The parser takes settings for columns.
    found[0].set("settings", None)
    # Every name of a column has to be that of one in what it is selected from.
    names = MappingSchema({question["table"]: question["columns"]}, dialect=question["dialect"], normalize=False)
    qualify(found[0], schema=names, dialect=question["dialect"])
    return None


for line in sys.stdin:
    try:
        said = {"answer": wrong(json.loads(line))}
    except Exception as error:
        said = {"answer": f"{type(error).__name__}: {error}"[:2000]}
    print("@" + json.dumps(said), flush=True)
