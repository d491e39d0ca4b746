import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "smol-toml";
import fc from "fast-check";
import { isSameJson } from "../../../src/streams/json/same_json.ts";
import type { PlanDefinition } from "../../../src/jobs/plan/definition.ts";
import { definitionFileName, definitionText, readDefinition } from "../../../src/jobs/plan/definition_file.ts";

const FORM = { kind: "reports", jsonFields: ["params"], fields: ["type", "description", "params", "look", "tags"] };

const REPORT: PlanDefinition = {
  kind: "reports",
  name: "Weekly orders",
  fields: {
    type: "insights",
    params: { sections: { show: [{ measurement: { math: "total", property: null } }] } },
    look: { unit: "day" },
  },
};

describe("a definition's file", () => {
  it("has its name first, JSON in lines, and tables last", () => {
    assert.equal(
      definitionText(REPORT, FORM),
      `name = "Weekly orders"
type = "insights"

params = '''
{
  "sections": {
    "show": [
      {
        "measurement": {
          "math": "total",
          "property": null
        }
      }
    ]
  }
}
'''

[look]
unit = "day"
`,
    );
  });

  it("is TOML that gives the same definition back, whatever is in it", () => {
    const text = fc.string({ unit: "binary" }).filter((one) => one !== "" && one.isWellFormed());
    const json = fc.jsonValue({ stringUnit: "binary" }).map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(fc.property(text, json, text, (name, params, description) => {
      const definition = { kind: "reports", name, fields: { description, tags: [description], params } };
      const written = definitionText(definition, FORM);
      assert.equal(parse(written).name, name);
      const read = readDefinition(written, "x.toml", FORM);
      assert.ok(isSameJson(read, definition), written);
    }));
  });

  it("keeps every digit of long ids", () => {
    const params = { id: 1234567890123456789n };
    const text = definitionText({ kind: "reports", name: "x", fields: { params } }, FORM);
    assert.deepEqual(readDefinition(text, "x.toml", FORM).fields, { params });
  });

  const wrong: [what: string, text: string, message: RegExp][] = [
    ["no TOML", 'name = "x"\ntype = oh', /^Cannot read plan\/x\.toml: line 2, column \d+: /],
    ["no name", 'type = "insights"', /^Cannot read plan\/x\.toml: it has no name$/],
    ["a field of another kind", 'name = "x"\ntitle = "y"', /there is no field "title"$/],
    ["a number that would be the first", 'name = "x"\nnumber = 1', /number is 1, not 2 or more$/],
    ["broken JSON", "name = 'x'\nparams = '{'", /params: not valid JSON$/],
    ["a table for JSON", "name = 'x'\n[params]\na = 1", /params is not a text of JSON$/],
  ];
  for (const [what, text, message] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readDefinition(text, "plan/x.toml", FORM), { message, category: "input" });
    });
  }

  it("has a name that every file system takes, and that nothing else has", () => {
    const taken = new Set(["payers.toml"]);
    const nameOf = (name: string) => definitionFileName(name, (file) => taken.has(file));
    assert.equal(nameOf("Payers"), "payers-2.toml");
    assert.equal(nameOf("../../etc/passwd"), "etc-passwd.toml");
    assert.equal(nameOf("CON"), "con-.toml");
    assert.equal(nameOf("日本"), "unnamed.toml");
    assert.equal(nameOf("Café — weekly"), "cafe-weekly.toml");
    assert.ok(nameOf("x".repeat(400)).length < 80);
  });
});
