/**
 * What people do in their first hour, each with one command on a terminal of 80 × 24 and one of 100 × 30: no line is wider than
 * the terminal, no number is cut, and the numbers are those of the events themselves.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { textWidth } from "../../src/output/text_width.ts";
import type { BinaryResult } from "../helpers/binary.ts";
import { itUnless } from "../helpers/needs.ts";
import { type Desk, openWorkbench, type Workbench } from "./workbench.ts";

const SCRIPT = fileURLToPath(new URL("./on_terminal.py", import.meta.url));
const hasPython = process.platform !== "win32" &&
  spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;
const missing = !hasPython && "needs Python 3.9 and a terminal";
const TERMINALS = [[24, 80], [30, 100]] as const;

interface Job {
  who: string;
  type: string;
  /** What must be on the screen. */
  shows: RegExp;
  code?: number;
}

const JOBS: readonly Job[] = [
  { who: "a funnel by country", type: "mp query funnel 7001 --last 30d --on mp_country_code", shows: /\$overall/ },
  { who: "a funnel week by week", type: "mp query funnel 7001 --last 8w --unit week", shows: /is not over yet/ },
  { who: "retention by weeks", type: "mp query retention 'Sign Up' --event Purchase --last 8w", shows: /average/ },
  { who: "the top events", type: "mp events top --last 30d", shows: /Page View/ },
  { who: "active users", type: "mp query active --last 60d", shows: /monthly.*weekly.*daily/s },
  {
    who: "this period against the one before",
    type: "mp query segmentation Purchase --last 7d --compare previous -f table",
    shows: /difference/,
  },
  { who: "revenue", type: "mp query sum Purchase amount --last 30d", shows: /sum:/ },
  { who: "the average purchase", type: "mp query average Purchase amount --last 30d", shows: /average/ },
  {
    who: "sessions by platform",
    type: "mp query segmentation 'Session Start' --last 30d --on '$os'",
    shows: /iOS/,
  },
  { who: "numeric buckets", type: "mp query numeric Purchase amount --last 30d", shows: /\d/ },
  {
    who: "a report for a spreadsheet",
    type: "mp query segmentation Purchase --last 30d -o p.csv",
    shows: /Wrote p\.csv/,
  },
  { who: "raw events for a spreadsheet", type: "mp export events --last 2d -o raw.csv", shows: /Exported/ },
  {
    who: "one user's timeline",
    type: "mp query activity customer-10001 --last 30d",
    shows: /customer-10001|No results/,
  },
  {
    who: "profiles with a filter",
    type: `mp profiles list --where 'properties["plan"] == "pro"' --limit 5`,
    shows: /distinct_id/,
  },
  { who: "a picture for a slide", type: "mp query funnel 7001 --last 30d -o funnel.svg", shows: /Wrote funnel\.svg/ },
  { who: "a picture for a chat", type: "mp query funnel 7001 --last 30d -o funnel.png", shows: /Wrote funnel\.png/ },
  { who: "a page to send around", type: "mp query funnel 7001 --last 30d -o funnel.html", shows: /Wrote funnel\.html/ },
  { who: "Parquet in folders", type: "mp export events --last 3d -f parquet --hive -o lake/", shows: /Exported/ },
  { who: "its verification", type: "mp export verify lake/", shows: /no problems/ },
  {
    who: "a CSV whose columns have other names",
    type: "mp import purchases.csv --map event=action --map distinct_id=user --map time=at --check",
    shows: /1 can be sent|can be sent/,
  },
  { who: "a backup", type: "mp export all backup-folder --last 2d", shows: /events/ },
  { who: "the variant of a user, and why", type: "mp flags evaluate customer-10001", shows: /why/ },
  { who: "the list of events", type: "mp events list", shows: /Purchase/ },
  { who: "the list of funnels", type: "mp funnels list", shows: /7001/ },
  { who: "the list of flags", type: "mp flags list", shows: /key/ },
  { who: "the list of projects", type: "mp projects list", shows: /1000001/ },
  { who: "which settings are in force", type: "mp whoami", shows: /project/ },
  { who: "the limits", type: "mp limits", shows: /counted|quer/i },
  { who: "help on a command", type: "mp query funnel -h", shows: /Usage:/ },
  { who: "help on a topic", type: "mp help quotas", shows: /an hour/ },
  { who: "the way from the web page", type: "mp help from-the-web", shows: /mp query segmentation/ },
  { who: "a misspelt command", type: "mp quary funnel", shows: /did you mean 'mp query'/, code: 3 },
  { who: "a misspelt event", type: "mp query segmentation Purchse --last 7d", shows: /Purchse/ },
  { who: "a misspelt flag", type: "mp events top --lats 7d", shows: /--last/, code: 3 },
];

/** What a person sees, line by line: without styles, and of a line that was written over only what stayed. */
function screen(text: string): string[] {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, "");
  return plain.split(/\r?\n/).map((line) => line.split("\r").filter((part) => part !== "").at(-1) ?? "");
}

describe("the first hour", () => {
  let workbench: Workbench;
  let desk: Desk;
  before(async () => {
    if (missing) return;
    workbench = await openWorkbench();
    desk = workbench.newDesk();
  });
  after(() => workbench?.close());

  const onTerminal = (line: string, [rows, columns]: readonly [number, number]): Promise<BinaryResult> =>
    desk.type(`python3 '${SCRIPT}' ${rows} ${columns} 71 "$(command -v sh)" -c "${line.replace(/["$\\]/g, "\\$&")}"`, {
      MP_PAGER: "cat",
      LANG: "C.UTF-8",
    });

  for (const { who, type, shows, code = 0 } of JOBS) {
    for (const [rows, columns] of TERMINALS) {
      itUnless(missing, `${who}, on ${columns} × ${rows}: ${type}`, { timeout: 120_000 }, async () => {
        // What is there already must not be in the way of the second terminal.
        const line = type.replace(/(lake|backup-folder|raw)/g, `$1${columns}`);
        const result = await onTerminal(line, [rows, columns]);
        const lines = screen(result.stdout);
        assert.equal(result.code, code, lines.join("\n"));
        assert.match(lines.join("\n"), shows);
        for (const one of lines) {
          assert.ok(textWidth(one) <= columns, `${textWidth(one)} columns: ${one}`);
          assert.doesNotMatch(one, /\d…/, "a number is cut");
        }
      });
    }
  }

  itUnless(missing, "shows the numbers of the events themselves", { timeout: 120_000 }, async () => {
    const path = join(desk.folder, "all.jsonl");
    assert.equal((await desk.type("mp export events --last 30d -o all.jsonl")).code, 0);
    const events = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const counted = Map.groupBy(events, ({ event }) => event as string);
    const top = screen((await onTerminal("mp events top --last 30d", [30, 100])).stdout).join("\n");
    for (const [event, own] of counted) {
      assert.match(top, new RegExp(`^${event} +${own.length.toLocaleString("en-US")} `, "m"), event);
    }
    const amounts = (counted.get("Purchase") ?? []).map(({ properties }) => Number(properties.amount ?? 0));
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const sum = screen((await onTerminal("mp query sum Purchase amount --last 30d", [30, 100])).stdout).join("\n");
    const shown = Number(/sum: ([\d,.]+)/.exec(sum)?.[1]?.replaceAll(",", ""));
    assert.ok(Math.abs(shown - total) < 0.01, `${shown} instead of ${total}`);
  });
});
