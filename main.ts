import { run } from "./src/program.ts";
import { exit, programArguments } from "./src/runtime/process.ts";
import { realWorld } from "./src/runtime/world.ts";

exit(await run(programArguments(), realWorld()));
