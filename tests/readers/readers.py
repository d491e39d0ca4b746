"""Reads a folder of Parquet files by the default settings of each reader that is installed, and prints its rows as JSON."""
import datetime, decimal, json, math, sys

folder, names = sys.argv[1], sys.argv[2].split(",")


def duckdb():
    import duckdb
    table = duckdb.sql(f"select * from read_parquet('{folder}/**')")
    return [dict(zip(table.columns, row)) for row in table.fetchall()]


def duckdb_hive():
    import duckdb
    table = duckdb.sql(f"select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)")
    return [dict(zip(table.columns, row)) for row in table.fetchall()]


def pyarrow():
    import pyarrow.dataset
    return pyarrow.dataset.dataset(folder, format="parquet").to_table().to_pylist()


def polars():
    import polars
    return polars.scan_parquet(folder).collect().to_dicts()


def pandas():
    import pandas
    return pandas.read_parquet(folder).to_dict("records")


def clickhouse():
    import chdb
    return chdb.query(f"SELECT * FROM file('{folder}/**/*.parquet', Parquet)", "ArrowTable").to_pylist()


def spark():
    from pyspark.sql import SparkSession
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false") \
        .config("spark.sql.session.timeZone", "UTC") \
        .config("spark.driver.extraJavaOptions", "-Dorg.xerial.snappy.purejava=true").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return [row.asDict() for row in session.read.parquet(folder).collect()]


def plain(name, value):
    if value is None or value != value:
        return None
    if name == "time":
        if isinstance(value, str):
            value = datetime.datetime.fromisoformat(value.replace(" ", "T"))
        if isinstance(value, datetime.datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=datetime.timezone.utc)
        return round(value.timestamp() * 1000)
    if isinstance(value, (decimal.Decimal, datetime.date)):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    return value


for name in names:
    try:
        rows = [{key: plain(key, value) for key, value in row.items()} for row in globals()[name]()]
        print(json.dumps({"reader": name, "rows": rows}))
    except Exception as error:
        print(json.dumps({"reader": name, "error": f"{type(error).__name__}: {error}"[:500]}))
