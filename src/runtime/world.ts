/** The real world, as `main.ts` hands it to the program. */
import { MpError } from "../errors.ts";
import { systemClock } from "./clock.ts";
import { exit, onInterrupt, processEnvironment } from "./process.ts";
import { standardInput, standardOutput } from "./standard_streams.ts";

/** The world of `cli/context.ts`, made of this process. The second Ctrl-C ends it at once. */
export function realWorld() {
  const controller = new AbortController();
  onInterrupt(() => {
    if (controller.signal.aborted) exit(130);
    controller.abort(new MpError("Interrupted", { category: "interrupted" }));
  });
  return {
    stdin: standardInput(),
    stdout: standardOutput(1),
    stderr: standardOutput(2),
    env: processEnvironment(),
    clock: systemClock,
    signal: controller.signal,
  };
}
