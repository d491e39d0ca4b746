/**
 * A process that uses a ledger, for `ledger_processes_test.ts`.
 *
 * Arguments: the file, `hammer` or `hold`, how many requests to make, and how long each takes.
 * Prints `START END` in milliseconds for each request; `hold` prints `held` and then waits to be killed.
 */
import process from "node:process";
import { openLedger } from "../../../src/client/pacing/ledger.ts";
import { systemClock } from "../../../src/runtime/clock.ts";

const [path = "", mode, count, heldMs] = process.argv.slice(-4);
let lastSeen = 0;
const ledger = openLedger({
  path,
  // The last time that the ledger has seen before it lets a request go is the one that it enters.
  clock: { ...systemClock, now: () => lastSeen = Date.now() },
  patienceMs: 60_000,
  trace: (line) => line.includes("cannot") && console.error(line),
});
const key = { host: "stub.test", project: "1", assumed: false };

if (mode === "hold") {
  await ledger.reserve(key, "query");
  console.log("held");
  setInterval(() => {}, 1000);
} else {
  const lines: string[] = [];
  for (let index = 0; index < Number(count); index++) {
    const reservation = await ledger.reserve(key, "query");
    const start = lastSeen;
    await systemClock.sleep(Number(heldMs));
    const end = Date.now();
    reservation.release();
    lines.push(`${start} ${end}`);
  }
  console.log(lines.join("\n"));
  ledger.close();
}
