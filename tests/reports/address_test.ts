/** Expectations are from the fact sheet on report links. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAddress, reportPath } from "../../src/reports/address.ts";
import { parseJsurl } from "../../src/reports/jsurl.ts";

const US = { region: "us", host: "mixpanel.com", project: "123" } as const;

describe("an address of the web page", () => {
  const cases: [string, object][] = [
    ["https://mixpanel.com/project/123/app/insights#abcDEF123_-x", {
      ...US,
      app: "insights",
      target: { kind: "link", slug: "abcDEF123_-x" },
    }],
    ["https://mixpanel.com/project/123/view/456/app/insights#report/9001", {
      ...US,
      workspace: "456",
      app: "insights",
      target: { kind: "saved", id: "9001" },
    }],
    ["https://eu.mixpanel.com/project/123/app/funnels#view/7001/My-funnel", {
      region: "eu",
      host: "eu.mixpanel.com",
      project: "123",
      app: "funnels",
      target: { kind: "saved", id: "7001" },
    }],
    ["https://in.mixpanel.com/report/123/retention/#report/5/Title/~(a~1)", {
      region: "in",
      host: "in.mixpanel.com",
      project: "123",
      app: "retention",
      target: { kind: "saved", id: "5", changes: { a: 1 } },
    }],
    ["https://mixpanel.com/project/123/app/insights/?utm=1%23report/9001", {
      ...US,
      app: "insights",
      target: { kind: "saved", id: "9001" },
    }],
    ["https://mixpanel.com//project/123//app/flows#report/8", {
      ...US,
      app: "flows",
      target: { kind: "saved", id: "8" },
    }],
    ["https://mixpanel.org/project/123/app/insights#segmentation-report/9", {
      ...US,
      host: "mixpanel.org",
      app: "insights",
      target: { kind: "saved", id: "9" },
    }],
    ["https://mixpanel.com/project/123/app/boards#id=77&editor-card-id=%22report-9001%22", {
      ...US,
      app: "boards",
      target: { kind: "card", board: "77", id: "9001" },
    }],
    ["https://mixpanel.com/project/123/app/boards#id=77&edited-bookmark=abcDEF123_-x", {
      ...US,
      app: "boards",
      target: { kind: "card", board: "77", slug: "abcDEF123_-x" },
    }],
    [
      "https://mixpanel.com/project/123/app/insights#~(sections~(show~(~(type~'metric)))~displayOptions~(chartType~'line))",
      {
        ...US,
        app: "insights",
        target: {
          kind: "params",
          params: { sections: { show: [{ type: "metric" }] }, displayOptions: { chartType: "line" } },
        },
      },
    ],
    ["mixpanel.com/project/123/app/insights#report/9001", {
      ...US,
      app: "insights",
      target: { kind: "saved", id: "9001" },
    }],
    ["http://127.0.0.1:8787/project/123/app/insights#report/9001", {
      host: "127.0.0.1:8787",
      project: "123",
      app: "insights",
      target: { kind: "saved", id: "9001" },
    }],
  ];
  for (const [address, parsed] of cases) {
    it(`is understood: ${address}`, () => assert.deepEqual(parseAddress(address), parsed));
  }

  const refused: [string, RegExp][] = [
    ["https://mixpanel.com/s/abc", /short link/],
    ["https://mixpanel.com/project/123/app/events", /names no report/],
    ["https://mixpanel.com/project/123/app/boards#id=77", /none of its reports/],
    ["https://mixpanel.com/project/123/app/insights", /after the #/],
    ["https://mixpanel.com/project/123/app/insights#~(a", /cannot be read/],
    ["not an address", /not an address|names no report/],
  ];
  for (const [address, words] of refused) {
    it(`is refused with a reason: ${address}`, () => assert.throws(() => parseAddress(address), words));
  }

  it("is written as it is read", () => {
    for (const app of ["insights", "funnels", "retention", "flows", "impact"] as const) {
      const path = reportPath({ project: "1", workspace: "2", app, target: { id: "3" } });
      assert.deepEqual(parseAddress(`https://mixpanel.com${path}`), {
        ...US,
        project: "1",
        workspace: "2",
        app,
        target: { kind: "saved", id: "3" },
      });
    }
  });
});

describe("JSURL", () => {
  // The sample of the format's own description, and its marks.
  it("is read as its library reads it", () => {
    assert.deepEqual(parseJsurl("~(name~'John*20Doe~age~42~children~(~'Mary~'Bill))"), {
      name: "John Doe",
      age: 42,
      children: ["Mary", "Bill"],
    });
    assert.deepEqual(parseJsurl("~(~)"), []);
    assert.deepEqual(parseJsurl("~()"), {});
    assert.equal(parseJsurl("~'!os**20ac"), "$os€");
    assert.deepEqual(parseJsurl("~(~true~false~null~-1.5~12345678901234567890)"), [
      true,
      false,
      null,
      -1.5,
      12345678901234567890n,
    ]);
  });

  it("is refused when it is nested deeper than any report", () => {
    assert.throws(() => parseJsurl("~(".repeat(50_000) + ")".repeat(50_000)), SyntaxError);
  });

  for (const text of ["", "~", "x", "~(a~1", "~(a)", "~1)", "~Infinity", "~(a~)"]) {
    it(`is refused when it is none: ${text}`, () => assert.throws(() => parseJsurl(text), SyntaxError));
  }
});
