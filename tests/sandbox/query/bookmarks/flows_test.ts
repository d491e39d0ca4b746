import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab } from "./bookmark_lab.ts";

const step = (event: string, more: object = {}) => ({
  ...{ event, step_label: event, forward: 2, reverse: 0, bool_op: "and", property_filter_params_list: [] },
  ...more,
});
const flow = (steps: object[], more: object = {}) => ({
  steps,
  date_range: { type: "between", from_date: "2026-11-21", to_date: "2026-11-23" },
  chartType: "sankey",
  flows_merge_type: "graph",
  count_type: "unique",
  cardinality_threshold: 3,
  version: 2,
  conversion_window: { unit: "day", value: 7 },
  anchor_position: 1,
  collapse_repeated: false,
  show_custom_events: true,
  hidden_events: [],
  exclusions: [],
  ...more,
});
const onPlan = (operator: string, operand: unknown) => ({
  property: { name: "plan", source: "properties", type: "string" },
  type: "string",
  selected_property_type: "string",
  filter: { operator, operand },
});

/** After Visit: a and b do Look and Buy, c does Look and nothing more, d leaves, e does Help and Buy. */
class FlowLab extends BookmarkLab {
  constructor() {
    super();
    const ways: Record<string, string[]> = {
      a: ["Start", "Visit", "Look", "Buy"],
      b: ["Start", "Visit", "Look", "Buy"],
      c: ["Visit", "Look"],
      d: ["Visit"],
      e: ["Visit", "Help", "Buy"],
    };
    this.load(
      Object.entries(ways).flatMap(([id, names]) =>
        names.map((name, index) => {
          const time = at("2026-11-22T08:00:00") + 60 * index;
          return record(
            { time, distinct_id: `f-${id}`, $insert_id: `${id}${index}`, plan: id < "c" ? "pro" : "free" },
            name,
          );
        })
      ),
    );
  }

  // deno-lint-ignore no-explicit-any
  async flows(bookmark: object, query_type = "flows_sankey"): Promise<any> {
    const reply = await this.postQuery("/arb_funnels", { bookmark, query_type, project_id: SANDBOX.projectId });
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  }

  /** `2 Look NORMAL` for each node of each column. */
  async nodes(bookmark: object): Promise<string[][]> {
    const { steps } = await this.flows(bookmark);
    return steps.map(({ nodes }: { nodes: { event: string; totalCount: string; type: string }[] }) =>
      nodes.map(({ event, totalCount, type }) => `${totalCount} ${event} ${type}`)
    );
  }

  async flowRefusal(bookmark: object): Promise<string> {
    const reply = await this.postQuery("/arb_funnels", { bookmark });
    assert.equal(reply.status, 400, reply.text);
    return reply.json.error;
  }
}

describe("flows (facts 3.1)", () => {
  it("are columns of nodes with edges, counts as digits, and drop-offs that stay", async () => {
    const lab = new FlowLab();
    assert.deepEqual(await lab.nodes(flow([step("Visit", { reverse: 1 })])), [
      ["2 Start NORMAL"],
      ["5 Visit ANCHOR"],
      ["3 Look NORMAL", "1 Help NORMAL", "1 DROPOFF DROPOFF"],
      ["3 Buy NORMAL", "2 DROPOFF DROPOFF"],
    ]);
    const { steps, overallConversionRate } = await lab.flows(flow([step("Visit", { reverse: 1 })]));
    assert.deepEqual(steps[1].nodes[0], {
      event: "Visit",
      totalCount: "5",
      type: "ANCHOR",
      anchorType: "NORMAL",
      isCustomEvent: false,
      edges: [
        { event: "Look", step: 2, totalCount: "3", type: "NORMAL" },
        { event: "DROPOFF", step: 2, totalCount: "1", type: "DROPOFF" },
        { event: "Help", step: 2, totalCount: "1", type: "NORMAL" },
      ],
    });
    assert.equal(steps[0].nodes[0].anchorType, "RELATIVE_REVERSE");
    assert.equal(steps[2].nodes[0].anchorType, "RELATIVE_FORWARD");
    assert.equal(overallConversionRate, 1);
  });

  it("prune branches beyond the threshold, and hide events without leaving them out", async () => {
    const lab = new FlowLab();
    assert.deepEqual((await lab.nodes(flow([step("Visit")], { cardinality_threshold: 1 })))[1], [
      "3 Look NORMAL",
      "1 PRUNED PRUNED",
      "1 DROPOFF DROPOFF",
    ]);
    assert.deepEqual(await lab.nodes(flow([step("Visit")], { hidden_events: ["Look"] })), [
      ["5 Visit ANCHOR"],
      ["1 Help NORMAL", "1 DROPOFF DROPOFF"],
      ["3 Buy NORMAL", "2 DROPOFF DROPOFF"],
    ]);
    assert.deepEqual((await lab.nodes(flow([step("Visit")], { exclusions: ["Look"] })))[1], [
      "2 Buy NORMAL",
      "1 Help NORMAL",
      "2 DROPOFF DROPOFF",
    ]);
  });

  it("pass several anchors, and say how many get through", async () => {
    const lab = new FlowLab();
    const asked = flow([step("Visit", { forward: 1 }), step("Buy", { forward: 0 })]);
    assert.deepEqual(await lab.nodes(asked), [
      ["5 Visit ANCHOR"],
      ["3 Look NORMAL", "1 Help NORMAL", "1 DROPOFF DROPOFF"],
      ["3 Buy ANCHOR", "2 DROPOFF DROPOFF"],
    ]);
    assert.equal((await lab.flows(asked)).overallConversionRate, 0.6);
  });

  it("are filtered by steps, events and cohorts", async () => {
    const lab = new FlowLab();
    const anchors = async (bookmark: object) => (await lab.nodes(bookmark))[0];
    const filtered = (filter: object) => flow([step("Visit", { property_filter_params_list: [filter] })]);
    assert.deepEqual(await anchors(filtered(onPlan("==", ["pro"]))), ["2 Visit ANCHOR"]);
    assert.deepEqual(await anchors(filtered(onPlan("!=", ["pro"]))), ["3 Visit ANCHOR"]);
    assert.deepEqual(await anchors(filtered(onPlan("in", "re"))), ["3 Visit ANCHOR"]);
    assert.deepEqual(await anchors(filtered(onPlan("set", ""))), ["5 Visit ANCHOR"]);
    const children = [{
      ...{ resourceType: "events", filterType: "string", propertyName: "plan" },
      ...{ filterOperator: "equals", filterValue: ["pro"] },
    }];
    assert.deepEqual(await anchors(flow([step("Visit")], { filter_by_event: { operator: "and", children } })), [
      "2 Visit ANCHOR",
    ]);
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 88, { name: "C", selector: 'properties["vip"]' });
    lab.store.profiles.put(SANDBOX.projectId, "", "f-a", { vip: true });
    const filter_by_cohort = { id: 88, name: "C", negated: false };
    assert.deepEqual(await anchors(flow([step("Visit")], { filter_by_cohort })), ["1 Visit ANCHOR"]);
    const negated = { ...filter_by_cohort, negated: true };
    assert.deepEqual(await anchors(flow([step("Visit")], { filter_by_cohort: negated })), ["4 Visit ANCHOR"]);
  });

  it("are a list of whole ways, most taken first", async () => {
    const { flows, steps } = await new FlowLab().flows(flow([step("Visit")]), "flows_top_paths");
    const ways = flows.map(({ flowSteps, totalCount }: { flowSteps: { event: string }[]; totalCount: string }) =>
      `${totalCount} ${flowSteps.map(({ event }) => event).join(" ")}`
    );
    assert.deepEqual(ways, ["2 Visit Look Buy", "1 Visit DROPOFF", "1 Visit Help Buy", "1 Visit Look DROPOFF"]);
    assert.deepEqual(steps, []);
  });

  it("are a tree whose root is no step", async () => {
    const { trees: [{ root }] } = await new FlowLab().flows(flow([step("Visit")]), "flows");
    assert.equal(root.step, null);
    const [visit] = root.children;
    assert.deepEqual(visit.step, {
      event: "Visit",
      type: "ANCHOR",
      stepNumber: 0,
      anchorType: "NORMAL",
      isComputed: false,
    });
    assert.deepEqual([visit.totalCount, visit.dropOffTotalCount, visit.convertedTotalCount], ["5", "1", "5"]);
    const [look] = visit.children;
    assert.deepEqual([look.step.event, look.totalCount, look.dropOffTotalCount], ["Look", "3", "1"]);
  });

  it("begin where sessions do, within the session", async () => {
    const lab = new FlowLab();
    const session = { count_type: "session", conversion_window: { unit: "session", value: 1 } };
    const { event: _, ...begin } = step("", { session_event: "start", step_label: "Session start", forward: 1 });
    const [first, second] = await lab.nodes(flow([begin], session));
    // The five of this lab, and those of the people who sign up and buy an hour apart: two of a, two of b, three of c.
    assert.deepEqual(first, ["12 Session start ANCHOR"]);
    assert.ok(second!.includes("2 Visit NORMAL"));
    assert.match(
      await lab.flowRefusal(flow([step("Visit")], { count_type: "session" })),
      /conversion_window of the unit/,
    );
  });

  it("are answered for saved reports by their ids, and have no CSV", async () => {
    const lab = new FlowLab();
    const params = flow([step("Visit")]);
    lab.store.savedObjects.put(SANDBOX.projectId, "report", 9006, { name: "F", type: "flows", params });
    const reply = await lab.query("/arb_funnels", { bookmark_id: "9006", query_type: "flows_sankey" });
    assert.equal(reply.json.steps[0].nodes[0].totalCount, "5");
    assert.equal((await lab.query("/arb_funnels", { bookmark_id: "9999" })).status, 404);
    assert.equal((await lab.postQuery("/arb_funnels", { bookmark: params, format: "csv" })).status, 400);
  });

  it("refuse keys that are not known, and what the emulator cannot compute", async () => {
    const lab = new FlowLab();
    assert.match(await lab.flowRefusal(flow([step("Visit")], { color: "red" })), /unknown key "color"/);
    assert.match(await lab.flowRefusal(flow([step("Visit", { color: "red" })])), /unknown key "color" in steps\[0\]/);
    assert.match(await lab.flowRefusal(flow([])), /steps is empty/);
    assert.match(await lab.flowRefusal(flow([step("Visit")], { segments: [{ value: "plan" }] })), /does not compute/);
    assert.match(await lab.flowRefusal(flow([step("Visit", { forward: -1 })])), /whole number/);
  });
});
