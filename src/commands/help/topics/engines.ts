import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "'mp sql' prints the statement that asks a table of events what 'mp query' asks Mixpanel. The statement is one SELECT, " +
    "with the question in a comment above it; standard output has nothing else. No account is needed, and nothing is sent. " +
    "The rows are what the answer is made of: buckets without events have no row, and there may be more segments than --limit.",
    {
      title: "Which questions",
      rows: [
        [
          "mp sql",
          "segmentation, active, events, properties, numeric, sum, average, funnel, retention, insights, frequency, names, top, values",
        ],
        ["refused", "what SQL would answer in another way: lists, dates in text, user[…]; the error says what"],
      ],
    },
    {
      title: "Which table",
      rows: [
        ["one row an event", "the columns event, time, distinct_id and $insert_id, and one for each property"],
        ["--table", "its name, with dots between the parts; default events"],
        ["--lake FOLDER", "names and types of columns from what 'mp export events -f parquet' wrote"],
        ["--engine duckdb --lake", "the files themselves, unless --table names a table"],
        ["without --lake", "each property is in a column of its name, of the type that the question needs"],
      ],
    },
    {
      title: "What counts",
      rows: [
        ["days", "those of --tz, the project's time zone; default MP_SOURCE_TZ or UTC"],
        ["copies", "events with the same name, time, distinct_id and $insert_id count once"],
        ["people", "each distinct_id is one: ids are not joined"],
        ["what is missing", "a property that an event lacks is NULL, and in the segment 'undefined'"],
        ["names and values", "all days up to today, Mixpanel 31"],
      ],
    },
    {
      title: "Which engines",
      rows: [
        [
          "duckdb, clickhouse, postgres",
          "time is a timestamp with a time zone, of ClickHouse a DateTime or DateTime64",
        ],
        ["trino, snowflake", "time is a timestamp without a time zone, in UTC"],
        ["spark", "time is a timestamp; SET TIME ZONE 'UTC' first"],
        ["bigquery", "time is a TIMESTAMP, and columns have the names of 'mp export --names safe'"],
      ],
    },
    {
      examples: [
        {
          text: "Purchases by country, as DuckDB counts them in a lake",
          run:
            `mp sql segmentation Purchase --last 30d --on 'properties["mp_country_code"]' --engine duckdb --lake lake/ | duckdb`,
        },
        {
          text: "Weekly buyers, by the clock of Berlin, in ClickHouse",
          run:
            "mp sql segmentation Purchase --last 8w --unit week --math unique --tz Europe/Berlin --engine clickhouse | clickhouse client",
        },
      ],
    },
  ],
  seeAlso: ["mp sql --help", "mp help files-as-source", "mp help expressions"],
} satisfies Topic;
