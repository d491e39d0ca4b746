"""What drivers for Python share: they call each method and print what came of it."""

import inspect
import json
import traceback


def emit(line):
    print("@" + json.dumps(line, default=plain), flush=True)


def plain(value):
    """What is no JSON, as what it is made of."""
    return vars(value) if hasattr(value, "__dict__") else str(value)


def methods_of(kind, prefix=""):
    """The public functions and properties of a class."""

    def is_method(member):
        return callable(member) or isinstance(member, (staticmethod, property))

    names = [name for name in dir(kind) if not name.startswith("_")]
    return [prefix + name for name in names if is_method(inspect.getattr_static(kind, name))]


def drive(surface, calls):
    """`calls`: functions in their order, by the names of the table."""
    emit({"surface": surface})
    for name, call in calls.items():
        try:
            emit({"call": name, "answer": call()})
        except Exception:
            emit({"call": name, "error": traceback.format_exc()})
