/** A server that takes imports and does nothing with them. It prints its port, and ends when its standard input does. */
import process from "node:process";
import { serve } from "../../../src/runtime/network/server.ts";
import { importSink } from "./import_sink.ts";

console.log(serve(importSink(0), { hostname: "127.0.0.1", port: 0 }).port);
process.stdin.on("end", () => process.exit(0)).resume();
