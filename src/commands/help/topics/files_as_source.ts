import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "With --source, commands that ask Mixpanel compute the answer from files on this machine or in a bucket. Answers, " +
    "tables, charts, files and JSON are the same, since the emulator's own reports compute them. No account is needed, " +
    "no request is sent to Mixpanel, and no query of the quota is used. MP_SOURCE sets it for a session, and MP_SOURCE_TZ the time zone.",
    {
      title: "Which commands",
      rows: [
        [
          "mp query",
          "segmentation, events, active, numeric, sum, average, frequency, properties, funnel, retention, " +
          "flows, insights",
        ],
        ["mp events", "list, top, properties, values"],
        ["mp check, mp watch", "all but saved reports, funnels and cohorts"],
        ["mp sandbox", "loads the files, and serves them to any client of Mixpanel's API"],
      ],
    },
    {
      title: "Which files",
      rows: [
        [
          "folders, files, patterns, buckets",
          "what 'mp import' reads: JSON Lines, JSON, CSV, TSV, Parquet; plain, gzip, zstd",
        ],
        ["a folder of 'mp export events'", "only the files of the days that are asked for are read"],
        ["a folder of 'mp export all'", 'its events, and its profiles for user["..."] in --where and --on'],
        ["layouts of other tools", "--preset and --map, as with 'mp import'"],
      ],
    },
    {
      title: "Which tables of engines",
      rows: [
        [
          "clickhouse://HOST/DB.TABLE",
          "over HTTP, port 8123; HTTPS with ?secure or port 8443. MP_CLICKHOUSE_USER and MP_CLICKHOUSE_PASSWORD",
        ],
        [
          "trino://HOST/CATALOG.SCHEMA.TABLE",
          "over HTTP, port 8080; HTTPS with ?secure or port 8443. MP_TRINO_USER and MP_TRINO_PASSWORD",
        ],
        ["duckdb:FILE?TABLE", "by the program duckdb, which opens the file to read it"],
      ],
    },
    "An engine runs one statement, which -v shows, and its rows become the same answer; Ctrl-C ends it there too. A table " +
    "has event, time and distinct_id, and a column for each property: as 'mp export events -o clickhouse://…' fills it, or " +
    "'mp lake ddl' makes it of an export. Ids are not joined there, users have no profiles, and a question that no " +
    "statement can answer exactly is refused.",
    {
      title: "What counts",
      rows: [
        ["days", "those of --tz, the project's time zone; default UTC"],
        ["copies", "events with the same name, time, distinct_id and $insert_id count once"],
        ["people", "ids are joined by the $identify, $create_alias and $merge events among those that were read"],
        ["names and values", "events list and events values look at all days of the files, Mixpanel at 31"],
        ["records that are no events", "they do not count, and a note says how many there are and why"],
      ],
    },
    "What only Mixpanel has is refused before anything is read: saved reports, funnels, cohorts and metrics, custom " +
    "events and properties, JQL. Without a backup's profiles, questions about properties of users are refused too.",
    {
      examples: [
        {
          text: "Purchases by country, from a lake",
          run: `mp query segmentation Purchase --last 30d --on 'properties["mp_country_code"]' --source lake/`,
        },
        {
          text: "A funnel, with the days of Berlin",
          run: "mp query funnel 'Sign Up' Purchase --last 30d --source lake/ --tz Europe/Berlin",
        },
        {
          text: "The same, of a table in ClickHouse",
          run: "mp query segmentation Purchase --last 30d --source clickhouse://localhost/default.events",
        },
        { text: "All questions of this shell", run: "export MP_SOURCE=lake/" },
      ],
    },
  ],
  seeAlso: ["mp export events --help", "mp lake ddl --help", "mp help formats", "mp sandbox --help"],
} satisfies Topic;
