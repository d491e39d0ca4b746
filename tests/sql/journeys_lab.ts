/** Random journeys of people: in the emulator, and in a table of DuckDB. */
import assert from "node:assert/strict";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { openStore } from "../../src/sandbox/store/store.ts";
import { askedBy } from "../../src/lake/needs.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import type { Random } from "../helpers/random.ts";
import { answerOf, openDuckDb } from "./duckdb_engine.ts";

export const NAMES = ["Open", `View "it's" \\ -- ;`, "Käufe"];
export const FIRST_DAY_MS = Date.UTC(2026, 9, 20);
/** The clocks of Berlin go back on 2026-10-25. */
export const DAYS = 12;
const NOW_MS = Date.UTC(2026, 9, 31, 12);
const DAY_MS = 86_400_000, HOUR_MS = 3_600_000;

interface JourneyEvent {
  event: string;
  properties: {
    time: number;
    distinct_id: string;
    $insert_id: string;
    plan?: string;
    amount?: number;
    ok?: boolean;
  };
}

/** Many people with a few events each: hours, minutes, seconds and parts of them apart, and sometimes at one moment. */
export function randomJourneys(random: Random, people = 60): JourneyEvent[] {
  const events: JourneyEvent[] = [];
  for (let person = 0; person < people; person++) {
    for (let count = random.below(14); count > 0; count--) {
      const base = FIRST_DAY_MS + random.pick([random.below(24 * DAYS) * HOUR_MS, 2 * DAY_MS, 5 * DAY_MS, 6 * DAY_MS]);
      const time = Math.min(base + random.below(16) * 500 + random.below(3) * 20 * 60_000, NOW_MS - 1000);
      events.push({
        event: random.pick(NAMES),
        properties: {
          time,
          distinct_id: `u-${person}`,
          $insert_id: "",
          ...(random.chance(0.7) && { plan: random.pick(["pro", "free", "undefined", "it's \\n"]) }),
          ...(random.chance(0.7) && { amount: random.pick([1, 150, 2.5, -3]) }),
          ...(random.chance(0.5) && { ok: random.chance(0.5) }),
        },
      });
    }
  }
  // Of one moment in the order in which the statements take them.
  events.sort((a, b) => a.properties.time - b.properties.time || (a.event < b.event ? -1 : a.event > b.event ? 1 : 0));
  for (const [index, { properties }] of events.entries()) properties.$insert_id = `i-${String(index).padStart(6, "0")}`;
  return events;
}

const COLUMNS = new Map(
  ([["plan", "string"], ["amount", "number"], ["ok", "boolean"]] as const)
    .map(([name, type]) => [name, { name, type }] as const),
);

/** Both, with the same events. */
export class JourneysLab {
  readonly #authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;

  private constructor(
    readonly timeZone: string,
    readonly connection: Awaited<ReturnType<typeof openDuckDb>>,
    private readonly sandbox: ReturnType<typeof createSandbox>,
    private readonly close: () => void,
  ) {}

  static async open(events: readonly JourneyEvent[], timeZone: string): Promise<JourneysLab> {
    const store = openStore(":memory:");
    seedDefaults(store, { timeZone });
    const sandbox = createSandbox({ store, clock: fakeClock(NOW_MS), settings: {} });
    const connection = await openDuckDb();
    const lab = new JourneysLab(timeZone, connection, sandbox, () => store.close());
    for (let start = 0; start < events.length; start += 1000) {
      const sent = await lab.#send(
        `/import?strict=1&project_id=${SANDBOX.projectId}`,
        events.slice(start, start + 1000),
      );
      assert.equal(sent.status, 200, await sent.text());
    }
    const value = (one: unknown) =>
      one === undefined ? "NULL" : typeof one === "string" ? duckdb.text(one) : String(one);
    await connection.run(
      `CREATE TABLE events ("event" VARCHAR, "time" TIMESTAMPTZ, distinct_id VARCHAR, "$insert_id" VARCHAR, plan VARCHAR, amount DOUBLE, ok BOOLEAN)`,
    );
    const rows = events.flatMap(({ event, properties: { time, distinct_id, $insert_id, plan, amount, ok } }, index) => {
      const row = `(${
        [event, distinct_id, $insert_id, plan, amount, ok].map(value).toSpliced(
          1,
          0,
          `make_timestamptz(${time * 1000})`,
        ).join(", ")
      })`;
      // A copy counts once.
      return index % 7 === 0 ? [row, row] : [row];
    });
    if (rows.length > 0) await connection.run(`INSERT INTO events VALUES ${rows.join(", ")}`);
    return lab;
  }

  async #send(path: string, body?: unknown): Promise<Response> {
    const request = new Request(`http://127.0.0.1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: this.#authorization,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return await this.sandbox.handle(request, "127.0.0.1");
  }

  /** What the emulator answers. */
  async emulated(path: string, body?: unknown): Promise<unknown> {
    const separator = path.includes("?") ? "&" : "?";
    const response = await this.#send(`${path}${separator}project_id=${SANDBOX.projectId}`, body);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  }

  /** What the rows of DuckDB make, and the statement. */
  async computed(path: string, body?: unknown, table: SqlTable = { from: "events", columns: COLUMNS }) {
    const request = new Request(
      `http://127.0.0.1${path}`,
      body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
    );
    const { timeZone } = this;
    const question = sqlQuestion(await askedBy(request), { table, dialect: duckdb, timeZone, nowMs: NOW_MS });
    try {
      return {
        statement: question.statement,
        answer: JSON.parse(JSON.stringify(await answerOf(this.connection, question))),
      };
    } catch (error) {
      throw new Error(`${error}\n${question.statement}`);
    }
  }

  stop(): void {
    this.connection.closeSync();
    this.close();
  }
}

export const dayOf = (index: number): string => new Date(FIRST_DAY_MS + index * DAY_MS).toISOString().slice(0, 10);
