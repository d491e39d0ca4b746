/** `docs/clients.md`: which clients the tests run against the emulator, and what is checked of each method. */
import type { Client } from "../tests/clients/client.ts";
import { FAST_CLIENTS, SLOW_CLIENTS, UNTRIED_CLIENTS } from "../tests/clients/clients.ts";
import { code, table } from "./markdown.ts";

export function clientsPage(notice: string): string {
  const clients = [...FAST_CLIENTS, ...SLOW_CLIENTS];
  return [
    "# Clients that run against the emulator",
    notice,
    "Each of these is run as its registry has it, against `mp sandbox`, by `npm run test:clients`: the tests call the " +
    "public methods that they find in it, but for those that have a reason below, and compare what comes back and what " +
    "has arrived, value by value. A method that the table lacks fails a test.",
    "Where a client insists on https or on Mixpanel's own host names, the tests answer for those names on this machine, " +
    "as `mp sandbox --proxy` does, with an authority made for it: by `HTTPS_PROXY` and a CA file, or, where a client knows neither, " +
    "by a file that is loaded before it and does what a line in `/etc/hosts` or in the system's CA file would.",
    table(["Client", "Package", "Methods", "Called, and right", "Not called"], clients.map(summaryOf)),
    "Not run where this page was made, and why; `npm run test:sdks` tries the first lines of each:",
    UNTRIED_CLIENTS.map(({ name, reason }) => `- ${name}: ${reason}.`).join("\n"),
    ...clients.flatMap(sectionOf),
  ].join("\n\n") + "\n";
}

function summaryOf({ name, package: id, version, registry, calls }: Client): string[] {
  const all = Object.values(calls);
  const left = all.filter((call) => "not" in call).length;
  const counts = [all.length, all.length - left, left].map(String);
  return [`[${name}](#${anchorOf(name)})`, `${code(`${id} ${version}`)}, ${registry}`, ...counts];
}

function sectionOf({ name, reaches, calls }: Client): string[] {
  const rows = Object.entries(calls).map(([method, call]) => [
    code(method),
    "not" in call ? `not called: ${call.not}` : call.shows,
  ]);
  return [`## ${name}`, `How it reaches the emulator: ${reaches}.`, table(["Method", "What is checked"], rows)];
}

const anchorOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9 -]/g, "").replaceAll(" ", "-");
