/** The same reports in the shapes of the API reference, where these differ from the published ones. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serve } from "../../src/runtime/network/server.ts";
import { type ProgramResult, runProgram } from "../helpers/world.ts";
import { cells } from "./query_lab.ts";

async function answered(body: unknown, argv: string[]): Promise<ProgramResult> {
  const server = serve(() => Response.json(body), { hostname: "127.0.0.1", port: 0 });
  const env = {
    MP_API_BASE_URL: `http://127.0.0.1:${server.port}`,
    MP_PROJECT_ID: "1",
    MP_USERNAME: "u",
    MP_SECRET: "s",
  };
  try {
    return await runProgram([...argv, "--no-pacing"], { env });
  } finally {
    await server.stop();
  }
}

describe("a funnel of the reference", () => {
  it("has steps with names, and no ratios", async () => {
    const body = {
      data: { "2024-01-01": [{ count: 1000, step: 0, name: "Step 1" }, { count: 800, step: 1, name: "Step 2" }] },
    };
    const { stdout } = await answered(body, ["query", "funnel", "1", "--last", "1d", "-f", "csv"]);
    assert.match(stdout, /\n1,Step 1,1000,1,/);
    assert.match(stdout, /\n2,Step 2,800,0\.8,0\.8,/);
  });
});

describe("retention of the reference", () => {
  it("has its rows in an envelope, and percentages for the people", async () => {
    const body = { data: { "2024-01-01": { counts: [1000, 800], percents: [100, 80] } } };
    const { stdout } = await answered(body, ["query", "retention", "A", "--last", "1d", "-f", "table"]);
    assert.deepEqual(cells(stdout), [["2024-01-01", "1,000", "100.0%", "80.0%"]]);
  });

  it("may have segments outside the dates", async () => {
    const body = { DE: { "2024-01-02": { counts: [1], first: 2 }, "2024-01-01": { counts: [2], first: 2 } } };
    const { stdout } = await answered(body, ["query", "retention", "A", "--last", "1d", "-f", "csv"]);
    assert.equal(stdout, "date,segment,people,day_0\n2024-01-01,DE,2,2\n2024-01-02,DE,2,1\n");
  });
});

describe("frequency", () => {
  it("may come without an envelope, and by segment", async () => {
    const argv = ["query", "frequency", "--last", "1d", "-f", "csv"];
    assert.equal((await answered({ "2024-01-01": [3, 1, 0] }, argv)).stdout, "date,1_hours,2_hours\n2024-01-01,3,1\n");
    assert.equal(
      (await answered({ data: { "2024-01-01": { US: [3], DE: [2] } } }, argv)).stdout,
      "date,segment,1_hours\n2024-01-01,US,3\n2024-01-01,DE,2\n",
    );
  });
});

describe("JQL of the reference", () => {
  it("has rows that are lists", async () => {
    const code = ["--code", "function main() {}"];
    const { stdout } = await answered([["Chrome", 1500], ["Firefox", 800]], ["query", "jql", ...code, "-f", "csv"]);
    assert.equal(stdout, "value_1,value_2\nChrome,1500\nFirefox,800\n");
  });
});

describe("insights of another shape", () => {
  it("have a column for each level of keys", async () => {
    const body = { headers: ["$metric", "plan"], series: { Users: { pro: 5, free: 7 } } };
    const { stdout } = await answered(body, ["query", "insights", "1", "-f", "csv"]);
    assert.equal(stdout, "$metric,plan,value\nUsers,pro,5\nUsers,free,7\n");
  });
});

describe("cohorts of the reference", () => {
  it("have ids that are text", async () => {
    const body = [{ id: "cohort123", name: "Power Users", count: 5000, created: "2024-01-01" }];
    const { stdout } = await answered(body, ["cohorts", "list", "-f", "csv"]);
    assert.equal(stdout, "id,name,count,visible,created,description\ncohort123,Power Users,5000,,2024-01-01,\n");
  });
});
