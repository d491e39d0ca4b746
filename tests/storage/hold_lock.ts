/** Holds the lock of the folder that is named, until it is killed. */
import { argv, stdout } from "node:process";
import { localStorage } from "../../src/storage/files/local.ts";
import { lockOutput } from "../../src/storage/lock.ts";

const folder = argv[2]!;
await lockOutput(localStorage(folder), folder);
stdout.write("locked\n");
setTimeout(() => {}, 60_000);
