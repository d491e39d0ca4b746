import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "'mp doctor' looks at files, settings, network and credentials, and names what to change. What messages mean:",
    {
      title: "Messages",
      rows: [
        [
          "no credentials are set",
          "Run 'mp login', or set MP_USERNAME and MP_SECRET. 'mp help credentials' has the kinds.",
        ],
        [
          "the server refused the credentials",
          "The secret is wrong or was deleted, the service account is not a member of the project, or the project is in " +
          "another region: try --region eu or in. 'mp whoami' shows where each value comes from.",
        ],
        ["no project is chosen", "Add --project ID, or set MP_PROJECT_ID. 'mp projects list' shows the ids."],
        [
          "rate limited",
          "A project has 60 queries an hour, shared with dashboards and other tools. 'mp limits' shows what this machine " +
          "has used and when the next slot is free. An export with -o goes on with the same command.",
        ],
        [
          'There is a flat line at zero, or "No … in these days"',
          "Names of events and properties are case-sensitive: 'mp events list', 'mp events properties EVENT'. " +
          "--check-properties asks before the query.",
        ],
        [
          "the connection was lost",
          "Run the same command again: exports, imports and copies continue where they were. In a company network, look at " +
          "HTTPS_PROXY and SSL_CERT_FILE ('mp help air-gapped').",
        ],
        [
          "records were rejected (exit code 8)",
          "--rejects FILE keeps each with its reason. Fix them there, and send them with 'mp import FILE'.",
        ],
        [
          "is not a number, is not a time",
          "A column is not read as it is meant. --check shows what becomes of each; --map renames, --time-format says how " +
          "times are written.",
        ],
        [
          "there is something in it already (exit code 3)",
          "The folder or file is of another job. Choose another -o, or add --since-last to go on with what is there.",
        ],
        ["another mp is running there", "Two jobs do not write to one place. The message names the process."],
        [
          "This list is not whole",
          "The server stopped giving pages. What came is printed; exit code 8 says that more is missing.",
        ],
        [
          "in doubt",
          "A connection ended before the answer to a change. It may have been made: look before you repeat it, with the " +
          "command in the hint.",
        ],
      ],
    },
    "-v traces every request without secrets. --dry-run prints a request as a curl command. 'mp doctor --bundle FILE' " +
    "writes what you would attach to a bug report, without secrets.",
  ],
  seeAlso: ["mp help exit-codes", "mp help credentials", "mp help air-gapped"],
} satisfies Topic;
