/** A sandbox with five sign-ups and two purchases of three people, over three days that end today. */
import assert from "node:assert/strict";
import { Lab, record } from "../lab.ts";

export const at = (iso: string): number => Date.parse(`${iso}Z`) / 1000;
export const days = { from_date: "2026-11-21", to_date: "2026-11-23" };

export class ReportLab extends Lab {
  constructor() {
    super();
    const signup = (time: string, user: string, more: object) =>
      record({ time: at(time), distinct_id: user, $insert_id: `${time}${user}`, ...more });
    this.load([
      signup("2026-11-21T08:00:00", "a", { country: "DE", age: 20 }),
      signup("2026-11-21T09:00:00", "a", { country: "DE", age: 20 }),
      signup("2026-11-22T10:00:00", "b", { country: "US", age: 35, tags: ["x", "y"] }),
      signup("2026-11-23T01:00:00", "c", { age: 50 }),
      signup("2026-11-23T02:00:00", "c", { country: "DE", age: 50 }),
      record({ time: at("2026-11-22T11:00:00"), distinct_id: "b", $insert_id: "p1", amount: 10 }, "Purchase"),
      record({ time: at("2026-11-23T03:00:00"), distinct_id: "c", $insert_id: "p2", amount: 5 }, "Purchase"),
    ]);
  }

  /** The JSON of a report that must succeed. */
  // deno-lint-ignore no-explicit-any
  async report(path: string, parameters: Record<string, string>): Promise<any> {
    const reply = await this.query(path, parameters);
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  }
}
