/** What those do who run it on servers. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtRelease } from "./release.ts";
import type { Walk } from "./walk.ts";

const CLOSED = "http://127.0.0.1:9";

/** Each exit code, and a command that ends with it. */
const ENDS: readonly (readonly [code: number, line: string, shows: RegExp])[] = [
  [0, "mp events list", /Purchase/],
  [1, "mp events list -f csv > /dev/full", /^mp: Cannot write[^]*the disk is full/m],
  [2, "MP_SECRET=wrong mp events list", /the credentials were\s+refused/],
  [3, "mp query segmentation Purchase --last soon", /--last/],
  [4, "mp query funnel 7099 --last 7d", /'mp funnels list' shows what there is/],
  // A proxy that is not there is no matter of trying again, so that this ends at once.
  [7, `MP_API_BASE_URL= HTTPS_PROXY=${CLOSED} mp events list`, /the proxy cannot be\s+reached/],
  [8, "mp import half.jsonl", /1 rejected/],
];

const codes: Walk[] = ENDS.map(([code, line, shows]) => ({
  job: 22,
  who: `a job that ends with ${code}`,
  type: [line],
  codes: [code],
  before({ desk }) {
    const lines = ['{"event":"A","properties":{"time":1780000000,"distinct_id":"u"}}', '{"event":"B"}'];
    writeFileSync(join(desk.folder, "half.jsonl"), lines.join("\n"));
  },
  shows,
}));

export const OPERATOR: readonly Walk[] = [
  {
    job: 21,
    who: "an installation without a network, the manual and the completions, and their removal",
    type: [
      `sh "$RELEASE/install.sh" --from "$RELEASE" --unsigned --to "$PWD/here"`,
      "here/bin/mp --version && ls here/share/man/man1/mp.1 here/share/bash-completion/completions/mp",
      `sh "$RELEASE/install.sh" --remove --to "$PWD/here"; ls here/bin`,
    ],
    before: async () => ({ RELEASE: await builtRelease() }),
    shows: [/^Installed mp /m, /^mp \d[^]*mp\.1/, /^Removed mp from /m],
    check: ([, , removed]) => assert.doesNotMatch(removed!, /^mp$/m),
  },
  ...codes,
  {
    job: 22,
    who: "a job that ends with 5",
    type: ["mp query events Purchase --last 7d --no-pacing"],
    codes: [5],
    before: ({ sandbox }) =>
      sandbox.addFaults({ kind: "rate_limit", path: "/api/query/*", times: 50, retryAfterSeconds: 3000 }),
    shows: /rate limit/,
    check: async (_screens, { sandbox }) => void await sandbox.clearFaults(),
  },
  {
    job: 22,
    who: "a job that ends with 6",
    type: ["mp track Seen --distinct-id u-1"],
    codes: [6],
    before: ({ sandbox }) => sandbox.addFaults({ kind: "answer", path: "/track", status: 501, times: 50 }),
    shows: /501|server/,
    check: async (_screens, { sandbox }) => void await sandbox.clearFaults(),
  },
  {
    job: 23,
    who: "what stands in the way: nothing",
    type: ["mp doctor"],
    shows: /✓ App API/,
  },
  {
    job: 23,
    who: "what stands in the way: the network, and a proxy that is not there",
    type: [`MP_API_BASE_URL=${CLOSED} mp doctor`, `MP_API_BASE_URL= HTTPS_PROXY=${CLOSED} mp events list`],
    codes: [1, 7],
    shows: [/✗ connection to/, /the proxy cannot be\s+reached\s+hint: check HTTPS_PROXY/],
  },
  {
    job: 24,
    who: "which project uses up the queries",
    type: ["mp query events Purchase --last 7d", "mp query events Purchase --last 8d", "mp limits"],
    before: ({ quotas }) => quotas.env,
    shows: /1000001 +query +2 +none /,
  },
];
