import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    {
      title: "Exit codes",
      rows: [
        ["0", "done; also when the reader of a pipe has gone (mp … | head)"],
        ["1", "failure that is none of the others, such as a full disk"],
        ["2", "authentication or permission: wrong or missing credentials, a role or plan that does not allow it"],
        ["3", "bad input, found before anything was sent or by the server"],
        ["4", "not found"],
        ["5", "rate limited, by the server or by the shared ledger before anything was sent"],
        ["6", "server error"],
        ["7", "network, TLS or proxy"],
        [
          "8",
          "done in part: some records were rejected, some files not read, or a list came in part, each with a reason",
        ],
        ["9", "differences found: by mp plan diff and mp plan check"],
        ["130", "interrupted by Ctrl-C; the work so far is kept"],
      ],
    },
    "mp check alone has other codes, those of Nagios's plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Whatever fails in " +
    "mp itself is 3 there, wrong credentials and an interrupt included. mp watch has the codes above.",
    "Errors go to standard error: a sentence, the server's own words, and a hint with what to type next. With " +
    '--format json an error is one object, {"error": {code, category, message, hint, status, request_id}}; its ' +
    "'code' is a short stable name such as quota_used. What the server itself says of it is in server_message, error_code " +
    "and parameter.",
    {
      examples: [
        {
          text: "Try again later when the quota is used up, and fail for any other reason",
          run: "mp query events Purchase --last 7d || test $? -eq 5",
        },
      ],
    },
  ],
  seeAlso: ["mp help quotas"],
} satisfies Topic;
