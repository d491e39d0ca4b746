import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { renderTable } from "../../src/output/table.ts";
import { textWidth } from "../../src/output/text_width.ts";
import { assertGolden } from "../helpers/golden.ts";

const rows = [
  {
    id: 7509,
    name: "Signup funnel",
    steps: 3,
    count: 1234567,
    rate: 0.4512,
    note: "日本語のメモ and a long text",
    ok: true,
  },
  { id: 1234567890123456789n, name: "🇫🇷 France\x1b[31m", steps: 12, count: 12, rate: 12.25, note: null, ok: false },
  { id: 3, name: "e\u0301té 👩‍👩‍👧", steps: 1, count: -5, rate: 100, note: "line\nbreak\ttab", tags: { x: [1] } },
];

const plain = { colour: false, width: Infinity };

describe("renderTable", () => {
  it("aligns text left, numbers right and decimal points below each other", () => {
    assertGolden(import.meta.url, "table_plain", renderTable(rows, plain));
  });

  it("writes the header bold and the rule dim in colour, and nothing else", () => {
    assertGolden(import.meta.url, "table_colour", renderTable(rows.slice(0, 1), { colour: true, width: 80 }));
  });

  it("shortens long text first, then leaves out the last columns and says so", () => {
    assertGolden(import.meta.url, "table_60", renderTable(rows, { colour: false, width: 60 }));
  });

  it("lets a sentence go on below itself where it would be cut, and keeps its words", () => {
    const why = "in rollout 1 (place 39 of 100, below 100); variant by place 12";
    const columns = ["flag", { key: "why", isSentence: true }, "value"];
    const table = renderTable([{ flag: "new", why, value: 1 }, { flag: "old", why: "off", value: 2 }], {
      columns,
      width: 40,
      colour: false,
    });
    assert.deepEqual(table.split("\n").map((line) => line.trimEnd()).slice(2), [
      "new   in rollout 1 (place 39 of        1",
      "      100, below 100); variant by",
      "      place 12",
      "old   off                              2",
      "",
    ]);
  });

  it("fits any width, in cells", () => {
    for (let width = 1; width <= 130; width++) {
      for (const line of renderTable(rows, { colour: false, width }).split("\n")) {
        assert.ok(textWidth(line) <= width, `${textWidth(line)} cells in ${width}: ${line}`);
      }
    }
  });

  it("never shortens a number while another column can give way", () => {
    const table = renderTable([{ text: "x".repeat(50), count: 123456789 }], { colour: false, width: 30 });
    assert.ok(table.includes("123,456,789"), table);
  });

  it("leaves identifiers and times without thousands separators", () => {
    const row = { id: 1234, project_id: 2345, funnelId: 3456, time: 1785000000, paid: 4567 };
    const line = renderTable([row], plain).split("\n")[2];
    assert.equal(line.trim().replace(/ +/g, " "), "1234 2345 3456 1785000000 4,567");
  });

  it("takes titles, alignment and formats from its columns", () => {
    const table = renderTable([{ name: "a", size: 1500 }], {
      ...plain,
      columns: [
        { key: "size", title: "Size", align: "right", format: (value) => `${Number(value) / 1000} kB\x1b[2J` },
        "name",
        { key: "absent", title: "Absent" },
      ],
    });
    assert.deepEqual(table.split("\n"), [
      "      Size  name  Absent",
      "──────────  ────  ──────",
      "1.5 kB␛[2J  a",
      "",
    ]);
  });

  it("shows only the header when there are no rows, and nothing when there are no columns either", () => {
    assert.equal(renderTable([], { ...plain, columns: ["id", "name"] }), "id  name\n──  ────\n");
    assert.equal(renderTable([], plain), "");
  });

  it("lets no control character from names or values through", () => {
    const table = renderTable([{ "\x1b[1mkey\r": "\x9b31m\x07", nested: { "\x7f": "\u009b" } }], plain);
    // deno-lint-ignore no-control-regex -- control characters are the subject
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(table), JSON.stringify(table));
  });

  it("lays out ten thousand rows quickly", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...rows[index % 3], n: index }));
    const started = performance.now();
    renderTable(many, { colour: true, width: 100 });
    assert.ok(performance.now() - started < 5_000);
  });
});
