/** Events that are stored without being parsed are answered, stored and exported as those that are parsed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { exportedLine } from "../../../src/sandbox/export/line.ts";
import { eventRow } from "../../../src/sandbox/ingestion/event_row.ts";
import { breachOf } from "../../../src/sandbox/ingestion/event_rules.ts";
import { sentEvent } from "../../../src/sandbox/ingestion/record.ts";
import { hashOf } from "../../../src/sandbox/ingestion/track.ts";
import type { EventRow } from "../../../src/sandbox/store/events.ts";
import { Lab, NOW_MS, NOW_SECONDS } from "../lab.ts";

const often = <T>(common: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: common }, { weight: 1, arbitrary: rare });

const name = often(
  fc.constantFrom('"A"', '"Sign Up"', '"été"', '"$mp_web_page_view"'),
  fc.constantFrom('""', '" "', '"\\u0041"', '"$identify"', '"\u00a0"', "5", "null", `"${"x".repeat(256)}"`),
);
const time = often(
  fc.integer({ min: 0, max: 20 }).map((seconds) => String(NOW_SECONDS - seconds)),
  fc.constantFrom(
    `${NOW_SECONDS}000`,
    `${NOW_SECONDS - 5}.25`,
    `"${NOW_SECONDS - 7}"`,
    `${NOW_SECONDS + 60}`,
    `${NOW_SECONDS + 9000}`,
    "-5",
    "0",
    "null",
    '"x"',
    "1e400",
    "17e8",
  ),
);
const distinctId = often(
  fc.constantFrom('"u"', '"user-12345678"', '"7"', '"é"', '"$device:x"'),
  fc.constantFrom('""', '"Anon"', '"0"', '"00000000-0000-0000-0000-000000000000"', "5", "null", '"a\\/b"', '"true"'),
);
const insertId = often(
  fc.integer({ min: 0, max: 9 }).map((number) => `"id-${number}"`),
  fc.constantFrom('""', '"a b"', '"null"', "5", "null", `"${"x".repeat(37)}"`, `"${"x".repeat(36)}"`, '"\\u0061"'),
);
const value = often(
  fc.constantFrom('"x"', '"é\\n"', "1.50", "9223372036854775807", "null", "[1,[2]]", '{"a":{"b":1}}', '[{"a":[1]}]'),
  fc.constantFrom(
    '{"a":{"b":{"c":{}}}}',
    '{"a":{"b":{"c":1}}}',
    '[[{"a":[{"b":[1]}]}]]',
    `[${Array(256).fill("1").join()}]`,
    '"\\ud800"',
    '"a\tb"',
  ),
);
const key = often(
  fc.constantFrom('"a"', '"b"', '"$os"', '"__proto__"', '"toString"', '"$user_id"', '"$device_id"'),
  fc.constantFrom('"$ignore"', '"\\u0061"', '"ti\\u006de"', '"time"', `"${"k".repeat(256)}"`, '"\\ud800"'),
);
/** Between tokens. */
const space = often(fc.constantFrom("", " "), fc.constantFrom("\t", "  ", "\r"));

const properties = fc.record({
  time: fc.option(time, { freq: 15 }),
  distinctId: fc.option(distinctId, { freq: 15 }),
  insertId: fc.option(insertId, { freq: 15 }),
  token: fc.option(fc.constantFrom(`"${SANDBOX.token}"`), { freq: 15 }),
  others: fc.array(fc.tuple(key, value), { maxLength: 4 }),
  order: fc.integer({ min: 0, max: 3 }),
  space,
}).map(({ time, distinctId, insertId, token, others, order, space }) => {
  const own = [['"time"', time], ['"distinct_id"', distinctId], ['"$insert_id"', insertId], ['"token"', token]]
    .filter(([, one]) => one !== null) as [string, string][];
  const members = [...own.slice(order), ...others, ...own.slice(0, order)];
  return `{${space}${members.map(([name, one]) => `${name}:${space}${one}`).join(`${space},`)}${space}}`;
});
const record = often(
  fc.tuple(name, properties, space).map(([name, properties, space]) =>
    `{"event":${space}${name},"properties":${properties}${space}}`
  ),
  fc.oneof(
    properties.map((properties) => `{"properties":${properties},"event":"A","more":[{}]}`),
    properties.map((properties) => `{"event":"A","properties":{},"properties":${properties}}`),
    properties.map((properties) => `{"event":"A","event":"B","properties":${properties}}`),
    properties.map((properties) => `{"event":"A","prop\\u0065rties":${properties}}`),
    fc.constantFrom("{}", "[]", "5", '"x"', "null", '{"event":"A"}', '{"event":"A","properties":5}'),
  ),
);
const records = fc.array(record, { minLength: 1, maxLength: 12 });

function isJson(text: string): boolean {
  try {
    sentEvent(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

/** What a project has stored, in the order of time. */
function storedRows(lab: Lab, projectId: number): EventRow[] {
  return Array.from(
    lab.store.events.inOrder(projectId, { fromMs: -Infinity, toMs: Infinity }),
    ({ name, timeMs, distinctId, properties }) => ({ name, timeMs, distinctId, properties }),
  );
}

/** Whether `/track` takes a time: in the last five days, as a number of seconds or milliseconds, or the text of one. */
function isTakenTime(time: unknown): boolean {
  if (time === undefined || time === null) return true;
  const number = typeof time === "string" && /^\d+(\.\d+)?$/.test(time) ? Number(time) : time;
  if (typeof number !== "number" || !Number.isFinite(number)) return false;
  return (number < 1e11 ? number * 1000 : number) >= NOW_MS - 5 * 86_400_000;
}

/** What an export has of the rows. */
function exportOf(rows: EventRow[]): string {
  return rows.map((row, index) => ({ row, index }))
    .sort((a, b) => a.row.timeMs - b.row.timeMs || a.index - b.index)
    .map(({ row }) => exportedLine(row) + "\n").join("");
}

for (const identity of ["original", "simplified"] as const) {
  describe(`events of a project with ${identity} ids`, () => {
    const setUp = () => {
      const lab = new Lab();
      const project = lab.addProject({ identity, token: "own-token" });
      return { lab, project };
    };

    it("are imported and exported as if each had been parsed", async () => {
      const body = fc.tuple(records, fc.constantFrom("lines", "list", "spaced list"));
      await fc.assert(
        fc.asyncProperty(body, async ([all, form]) => {
          const { lab, project } = setUp();
          const text = form === "lines"
            ? all.join("\n")
            : form === "list"
            ? `[${all.join()}]`
            : `[\n\t${all.join(" ,\n\t")}\n]\n`;
          const answer = await lab.send(`/import?strict=1&project_id=${project.id}`, {
            method: "POST",
            body: text,
            headers: { "content-type": form === "lines" ? "application/x-ndjson" : "application/json" },
          });
          const exported = exportOf(storedRows(lab, project.id));
          if (!all.every(isJson)) {
            assert.deepEqual([answer.status, exported], [400, ""]);
            return;
          }
          const sent = all.map((one) => sentEvent(one));
          const isSimplified = identity === "simplified";
          if (isSimplified && sent.some(({ event }) => event === "$identify")) {
            assert.deepEqual([answer.status, exported], [400, ""]);
            return;
          }
          const intake = {
            project,
            nowMs: NOW_MS,
            endpoint: "import",
            addServerProperties: false,
            clampsFuture: false,
          } as const;
          const breaches = sent.map((one) => breachOf(one, { nowMs: NOW_MS, isSimplified, hasBadBytes: false }));
          const rows = sent.filter((one, index) => breaches[index] === undefined && !one.properties!.$ignore)
            .map((one) => eventRow(one, { ...intake, senderId: hashOf("127.0.0.1") }));
          const failures = breaches.flatMap((breach, index) => breach === undefined ? [] : [{ index, ...breach }]);
          const failed = (answer.json.failed_records ?? [])
            .map(({ insert_id: _id, ...failure }: { insert_id: string }) => failure);
          assert.deepEqual(failed, failures);
          assert.equal(answer.json.num_records_imported, rows.length);
          assert.equal(exported, exportOf(rows));
        }),
        { numRuns: 400 },
      );
    });
  });
}

describe("events that are imported", () => {
  it("are exported byte by byte as they came, in the order of time", async () => {
    // Escaped keys could be those of the time and the token: such properties are written again.
    const plainKey = fc.string({ unit: "grapheme" }).filter((name) => !JSON.stringify(name).includes("\\"));
    const line = fc.tuple(fc.integer({ min: 0, max: 86_400 }), fc.array(fc.tuple(plainKey, value), { maxLength: 5 }))
      .map(([seconds, members]) => ({
        seconds,
        members: new Map(members.filter(([name]) => !["time", "token"].includes(name))),
      }));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 10 }), async (all) => {
        const lab = new Lab();
        const lines = all.map(({ seconds, members }, number) => {
          const others = [...members].filter(([, one]) => isJson(`{"a":${one}}`))
            .map(([name, one]) => `,${JSON.stringify(name)}: ${one}`).join("");
          return {
            seconds,
            number,
            text: `{"event":"A","properties":{"time":${NOW_SECONDS - 86_400 + seconds},"distinct_id":"u"${others}}}`,
          };
        });
        await lab.import(lines.map(({ text }) => text).join("\n"), "strict=0");
        const { text } = await lab.export({ from_date: "2026-11-20", to_date: "2026-11-23" });
        const inOrder = lines.toSorted((a, b) => a.seconds - b.seconds || a.number - b.number);
        assert.equal(text, inOrder.map(({ text }) => text + "\n").join(""));
      }),
      { numRuns: 200 },
    );
  });
});

describe("events that are tracked", () => {
  it("are stored as if each had been parsed", async () => {
    await fc.assert(
      fc.asyncProperty(records, async (all) => {
        const lab = new Lab({ addServerProperties: all.length % 2 === 0 });
        const answer = await lab.send("/track?verbose=1", {
          method: "POST",
          auth: "",
          body: `[${all.join()}]`,
          headers: { "content-type": "application/json" },
        });
        assert.equal(answer.status, 200);
        const stored = storedRows(lab, SANDBOX.projectId);
        if (!all.every(isJson)) {
          assert.deepEqual([answer.json.error, stored], ["data, invalid JSON", []]);
          return;
        }
        const project = lab.store.projects.project(SANDBOX.projectId)!;
        const rows = all.map((one) => sentEvent(one)).filter(({ event, properties }) =>
          typeof event === "string" && event !== "" && properties?.token === SANDBOX.token &&
          !properties.$ignore && isTakenTime(properties.time)
        ).map((one) =>
          eventRow(one, {
            project,
            nowMs: NOW_MS,
            endpoint: "track",
            addServerProperties: all.length % 2 === 0,
            clampsFuture: true,
          })
        );
        const withoutNewIds = (text: string) => text.replace(/"\$insert_id":"[0-9a-f]{16}"/g, '"$insert_id":NEW');
        assert.equal(withoutNewIds(exportOf(stored)), withoutNewIds(exportOf(rows)));
      }),
      { numRuns: 300 },
    );
  });
});
