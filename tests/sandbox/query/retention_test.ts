import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { days, ReportLab } from "./report_lab.ts";

describe("/retention", () => {
  it("watches who comes back, and counts a user once for a lifetime", async () => {
    const lab = new ReportLab();
    const born = await lab.report("/retention", { born_event: "Signup", event: "Purchase", ...days });
    assert.deepEqual(born, {
      "2026-11-21": { counts: [0, 0], first: 1 },
      "2026-11-22": { counts: [1, 0], first: 1 },
      "2026-11-23": { counts: [1, 0], first: 1 },
    });
    const range = { from_date: "2026-11-23", to_date: "2026-11-23" };
    const compounded = await lab.report("/retention", { retention_type: "compounded", event: "Signup", ...range });
    assert.deepEqual(compounded["2026-11-23"], { counts: [1, 0], first: 1 });
    assert.equal((await lab.query("/retention", days)).json.error, "Missing required parameter: born_event");
  });

  it("counts, by /retention/addiction, the active parts of a day", async () => {
    const lab = new ReportLab();
    const { data } = await lab.report("/retention/addiction", {
      unit: "day",
      addiction_unit: "hour",
      event: "Signup",
      ...days,
    });
    assert.deepEqual(data["2026-11-21"].slice(0, 3), [1, 1, 0]);
    assert.deepEqual(data["2026-11-22"].slice(0, 2), [1, 0]);
    assert.equal((await lab.query("/retention/addiction", { unit: "day", ...days })).status, 400);
  });
});
