"""Writes Delta tables of every kind into a folder by deltalake, and prints what it reads from each, as lines of JSON."""

import datetime
import decimal
import json
import os
import shutil
import sys

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

root = sys.argv[1]
UTC = datetime.timezone.utc


def path(name):
    return os.path.join(root, name)


def rows(ids, **columns):
    start = datetime.datetime(2026, 11, 1, 1, 2, 3, 123456, tzinfo=UTC)
    return pa.table({
        "id": pa.array(ids, pa.int64()),
        "event": [f"E{one % 3}" for one in ids],
        "price": pa.array([decimal.Decimal(one) / 4 for one in ids], pa.decimal128(12, 2)),
        "at": pa.array([start + datetime.timedelta(seconds=one) for one in ids], pa.timestamp("us", "UTC")),
        "raw": pa.array([bytes([97 + one % 26]) for one in ids], pa.binary()),
        "nested": [{"a": one, "b": [one, None]} for one in ids],
        **columns,
    })


def append(name, table, **options):
    write_deltalake(path(name), table, mode="append", **options)


append("partitions", rows(
    range(6),
    text=["a b", "é/ü", "x=y", "100%", None, "a:b"],
    day=pa.array([None if one == 3 else datetime.date(2026, 11, 1 + one) for one in range(6)]),
    long=pa.array([2**53 + 1 + one for one in range(6)], pa.int64()),
    yes=[True, False, True, False, None, True],
    ratio=[0.1, 1e20, -2.5, None, None, 3.0],
    amount=pa.array([decimal.Decimal("1.50")] * 5 + [None], pa.decimal128(20, 2)),
), partition_by=["text", "day", "long", "yes", "ratio", "amount"])

for part in range(14):
    append("life", rows(range(part * 10, part * 10 + 10)))
DeltaTable(path("life")).create_checkpoint()
DeltaTable(path("life")).delete("id % 7 = 0")
DeltaTable(path("life")).update(updates={"event": "'changed'"}, predicate="id % 5 = 1")
append("life", rows([1000, 1001]))
shutil.copytree(path("life"), path("not compacted"))
DeltaTable(path("life")).optimize.compact()
DeltaTable(path("life")).create_checkpoint()
shutil.copytree(path("life"), path("not vacuumed"))
DeltaTable(path("life")).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)

append("evolved", rows([1, 2]))
append("evolved", rows([3, 4], extra=["x", None]), schema_mode="merge")
append("overwritten", rows([1, 2]))
write_deltalake(path("overwritten"), rows([9]), mode="overwrite")
append("restored", rows([1]))
append("restored", rows([2]))
DeltaTable(path("restored")).restore(0)
append("merged", rows(range(5)))
DeltaTable(path("merged")).merge(
    rows([3, 4, 5]), predicate="s.id = t.id", source_alias="s", target_alias="t"
).when_matched_delete().when_not_matched_insert_all().execute()
append("replaced", rows([1, 2, 3], day=["a", "a", "b"]), partition_by=["day"])
write_deltalake(path("replaced"), rows([7], day=["a"]), mode="overwrite", predicate="day = 'a'")
append("watched", rows(range(9)), configuration={"delta.enableChangeDataFeed": "true"})
DeltaTable(path("watched")).delete("id < 3")


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value.hex() if isinstance(value, bytes) else value


for name in sorted(os.listdir(root)):
    read = DeltaTable(path(name)).to_pyarrow_table().to_pylist()
    kept = [{key: plain(value) for key, value in row.items() if value is not None} for row in read]
    print(json.dumps({"name": name, "rows": kept}))

append("mapped", rows([1]), configuration={"delta.columnMapping.mode": "name"})
