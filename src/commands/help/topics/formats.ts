import type { Topic } from "../../../cli/topic.ts";
import { FORMAT_SUMMARIES } from "../../../output/formats.ts";

export default {
  parts: [
    "A result goes to standard output, or to the file that -o names; everything else that mp says goes to standard " +
    "error. A terminal gets a table or a chart, a pipe gets JSON. -f chooses; so does the ending of the file's name.",
    {
      title: "Results (-f)",
      rows: resultFormats(),
    },
    "Pages, pictures, Markdown and workbooks say what was asked, of which days and project, and when. A name with an " +
    "ending that no format has is refused; -f writes any format into it. --bom begins CSV and TSV with a byte order " +
    "mark, so that Excel reads UTF-8.",
    "--jq PROGRAM filters JSON with jq itself, which is built in. --jq, -f and -o are checked before anything is sent.",
    {
      title: "Exports (mp export …)",
      rows: [
        ["jsonl", "exactly what Mixpanel sends, one object a line; the default"],
        ["csv, tsv", "columns are found by reading everything first; --columns names them and needs one pass"],
        ["parquet", "typed columns, compressed with Zstandard; lists and objects as JSON text; times in UTC"],
        ["FOLDER/", "of tables is one table: the first events decide its columns, other_properties has the rest"],
        [".gz, .zst", "a file whose name ends so is compressed; --compress says it for folders"],
      ],
    },
    {
      title: "Imports (mp import)",
      rows: [
        ["JSON Lines, JSON", "one object a line, a list of objects, or objects one after the other"],
        [
          "CSV, TSV",
          "with a header; --map says which column is what, --null and --decimal-comma how values are written",
        ],
        ["Parquet", "columns by name; times, decimals and bytes as docs/data-jobs.md says"],
        ["Delta tables", "the records that the log says; Iceberg and Hudi tables are refused"],
        ["gzip, zstd", "recognized by the first bytes, whatever the name"],
      ],
    },
    {
      examples: [
        { text: "The number of events, from JSON", run: "mp query events Purchase --last 7d --jq '.data.values'" },
        { text: "A table for a spreadsheet", run: "mp query events Purchase --last 7d -o purchases.xlsx" },
        { text: "A picture for a slide", run: "mp query events Purchase --last 30d -o purchases.png" },
        { text: "A page to send on", run: "mp query retention 'Sign Up' --event Purchase --last 8w -o retention.html" },
      ],
    },
  ],
  seeAlso: ["mp export events --help", "mp import --help"],
} satisfies Topic;

/** A row for each format; those about which the same is said share one. */
function resultFormats(): [string, string][] {
  const bySummary = Map.groupBy(Object.entries(FORMAT_SUMMARIES), ([, summary]) => summary);
  return [...bySummary].map(([summary, formats]) => [formats.map(([name]) => name).join(", "), summary]);
}
