/** Runs scripts against the events of a report lab. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Reply } from "../lab.ts";
import { ReportLab } from "../query/report_lab.ts";

/** The lab's days, for `Events(…)`. */
export const DAYS = `{ from_date: "2026-11-21", to_date: "2026-11-23" }`;

export class JqlLab extends ReportLab {
  constructor() {
    super();
    const { profiles } = this.store;
    profiles.put(SANDBOX.projectId, "", "a", { plan: "pro", age: 20, $last_seen: "2026-11-21T09:00:00" });
    profiles.put(SANDBOX.projectId, "", "b", { plan: "free", age: 35, tags: ["x", "y"] });
    profiles.put(SANDBOX.projectId, "", "z", { plan: "free", age: 61, tags: ["x"] });
  }

  jql(script: string, params?: object): Promise<Reply> {
    const form = new URLSearchParams({ script });
    if (params !== undefined) form.set("params", JSON.stringify(params));
    return this.query("/jql", {}, { method: "POST", body: form });
  }

  /** What `main()` returns when its body is a lone expression. */
  async main(expression: string, params?: object): Promise<unknown> {
    const reply = await this.jql(`function main() { return ${expression}; }`, params);
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  }

  /** The error of a script that must fail. */
  async fails(script: string): Promise<string> {
    const reply = await this.jql(script);
    assert.equal(reply.status, 412, reply.text);
    return reply.json.error;
  }
}
