/**
 * The other side of the benchmarks, in a process of its own, so that its work is not measured:
 *
 *     bun scripts/bench/servers/main.ts FOLDER EVENTS
 *
 * It serves the dataset in FOLDER and prints a line with the ports. It ends when its standard input does.
 */
import { join } from "node:path";
import process from "node:process";
import { type Handler, serve } from "../../../src/runtime/network/server.ts";
import { readSegments } from "../dataset.ts";
import { engageHandler } from "./engage_handler.ts";
import { exportHandler } from "./export_handler.ts";
import { checkingSink, importSink } from "./import_sink.ts";

/** Where each kind of answer is to be had. */
export interface Ports {
  /** Raw exports, at once. */
  export: number;
  /** Raw exports, with the first byte after `LATE_MS`. */
  lateExport: number;
  /** Raw exports with blanks in their JSON, of the dataset in `BLANKS`, once that is there. */
  blankExport: number;
  /** Pages of profiles. */
  engage: number;
  /** Imports, answered at once. */
  sink: number;
  /** Imports, answered after `LATE_MS`. */
  lateSink: number;
  /** Imports, counted and looked at. */
  checkingSink: number;
}

export const LATE_MS = 50;
/** The folder in the dataset's where the same events have blanks. */
export const BLANKS = "blanks";
export const PAGES = 200;
export const PAGE_MS = 30;

if (import.meta.main) {
  const [folder = "", events = "0"] = process.argv.slice(2);
  const segments = readSegments(folder);
  const listen = (handler: Handler) => serve(handler, { hostname: "127.0.0.1", port: 0 }).port;
  let blanks: Handler | undefined;
  const ports: Ports = {
    export: listen(exportHandler(segments, 0)),
    lateExport: listen(exportHandler(segments, LATE_MS)),
    blankExport: listen((...asked) => (blanks ??= exportHandler(readSegments(join(folder, BLANKS)), 0))(...asked)),
    engage: listen(engageHandler(PAGES, PAGE_MS)),
    sink: listen(importSink(0)),
    lateSink: listen(importSink(LATE_MS)),
    checkingSink: listen(checkingSink(Number(events))),
  };
  console.log(JSON.stringify(ports));
  process.stdin.on("end", () => process.exit(0)).resume();
}
