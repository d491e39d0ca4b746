/** Asks the emulator questions in the form of the web page. */
import assert from "node:assert/strict";
import { ReportLab } from "../report_lab.ts";

export const RANGE = { dateRangeType: "between", unit: "day", value: ["2026-11-21", "2026-11-23"] };

export const metric = (name: string, measurement: object = { math: "total" }, more: object = {}) => ({
  type: "metric",
  behavior: { type: "event", name, resourceType: "events", filtersDeterminer: "all", filters: [], ...more },
  measurement,
});

export const by = (value: string, more: object = {}) => ({
  value,
  propertyName: value,
  resourceType: "events",
  propertyType: "string",
  propertyDefaultType: "string",
  ...more,
});

export const filter = (value: string, filterType: string, filterOperator: string, filterValue: unknown = null) => ({
  resourceType: "events",
  value,
  filterType,
  defaultType: filterType,
  filterOperator,
  filterValue,
});

/** Params with one chart, and sections besides those that are given. */
export const params = (sections: object, chartType = "line", more: object = {}) => ({
  sections: { time: [RANGE], ...sections },
  displayOptions: { chartType },
  ...more,
});

export class BookmarkLab extends ReportLab {
  postQuery(path: string, body: object, query: Record<string, string> = {}) {
    return this.query(path, query, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  }

  /** The answer to a question that must succeed. */
  // deno-lint-ignore no-explicit-any
  async ask(bookmark: object, more: object = {}): Promise<any> {
    const reply = await this.postQuery("/insights", { bookmark, ...more });
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  }

  /** The totals of the one metric of a bar chart, by what it is split by. */
  // deno-lint-ignore no-explicit-any
  async totals(sections: object): Promise<any> {
    const { series } = await this.ask(params(sections, "bar"));
    assert.equal(Object.keys(series).length, 1);
    return Object.values(series)[0];
  }

  /** The words with which a question is refused. */
  async refusal(bookmark: object, status = 400): Promise<string> {
    const reply = await this.postQuery("/insights", { bookmark });
    assert.equal(reply.status, status, reply.text);
    return reply.json.error;
  }
}
