"""Answers the reports of `scripts/bench/reports.ts` from Parquet: for each name on a line of the input, milliseconds."""
import sys
import time

import duckdb

lines, parquet = sys.argv[1], sys.argv[2]
con = duckdb.connect()
con.execute(f"""
  COPY (
    SELECT event, properties.time AS time, properties.distinct_id AS distinct_id,
      properties."$browser" AS browser, properties.amount AS amount
    FROM read_json('{lines}', format = 'newline_delimited', columns = {{
      'event': 'VARCHAR',
      'properties': 'STRUCT("time" BIGINT, distinct_id VARCHAR, "$browser" VARCHAR, amount DOUBLE)'
    }})
  ) TO '{parquet}' (FORMAT parquet)
""")
EVENTS = f"read_parquet('{parquet}')"
DAY = "time // 86400"
QUERIES = {
    "segmentation": f"SELECT {DAY}, browser, count(*) FROM {EVENTS} WHERE event = 'Page View' GROUP BY ALL",
    "unique": f"SELECT {DAY}, count(DISTINCT distinct_id) FROM {EVENTS} WHERE event = 'Page View' GROUP BY ALL",
    "sum": f"SELECT {DAY}, sum(amount) FROM {EVENTS} WHERE event = 'Purchase' GROUP BY ALL",
    "funnel": f"""
      WITH first AS (
        SELECT distinct_id, min(time) AS t0 FROM {EVENTS} WHERE event = 'Session Start' GROUP BY 1
      ), second AS (
        SELECT distinct_id, t0, min(e.time) AS t1 FROM first JOIN {EVENTS} e USING (distinct_id)
        WHERE e.event = 'Page View' AND e.time >= t0 - 2 AND e.time <= t0 + 604800 GROUP BY ALL
      ), third AS (
        SELECT distinct_id, t0, t1, min(e.time) AS t2 FROM second JOIN {EVENTS} e USING (distinct_id)
        WHERE e.event = 'Sign Up' AND e.time >= t1 - 2 AND e.time <= t0 + 604800 GROUP BY ALL
      )
      SELECT (SELECT count(*) FROM first), (SELECT count(*) FROM second), (SELECT count(*) FROM third)
    """,
    "retention": f"""
      WITH births AS (
        SELECT distinct_id, min(time) AS t0 FROM {EVENTS} WHERE event = 'Sign Up' GROUP BY 1
      )
      SELECT t0 // 604800 AS week, (e.time - t0) // 604800 AS later, count(DISTINCT distinct_id)
      FROM births JOIN {EVENTS} e USING (distinct_id)
      WHERE e.event = 'Page View' AND e.time >= t0 AND e.time < t0 + 9 * 604800 GROUP BY ALL
    """,
}
print("ready", flush=True)
for name in sys.stdin:
    started = time.perf_counter()
    con.execute(QUERIES[name.strip()]).fetchall()
    print((time.perf_counter() - started) * 1000, flush=True)
