/** A program for `standard_streams_test.ts` and `self_test.ts`: does one thing with its real standard streams. */
import process from "node:process";
import { ClosedPipeError } from "../../src/errors.ts";
import { exit, programArguments } from "../../src/runtime/process.ts";
import { runSelf } from "../../src/runtime/self.ts";
import { standardInput, standardOutput } from "../../src/runtime/standard_streams.ts";
import { realWorld } from "../../src/runtime/world.ts";

const [task = "", ...rest] = programArguments();
const stdout = standardOutput(1);
const stderr = standardOutput(2);

const tasks: Record<string, () => Promise<number>> = {
  async copy() {
    let bytes = 0;
    for await (const chunk of standardInput().stream()) {
      bytes += chunk.length;
      await stdout.write(chunk);
    }
    await stderr.write(`${bytes} bytes\n`);
    return 0;
  },
  async facts() {
    const terminals = [standardInput().isTerminal, stdout.isTerminal, stderr.isTerminal];
    await stderr.write(JSON.stringify([terminals, stdout.columns()]));
    return 0;
  },
  async flood() {
    try {
      for (;;) await stdout.write("x".repeat(100_000));
    } catch (error) {
      await stderr.write(error instanceof ClosedPipeError ? "closed\n" : `${error}\n`);
      return error instanceof ClosedPipeError ? 0 : 1;
    }
  },
  /** Writes that nobody waits for, one after the other. */
  async order() {
    const writes = Array.from({ length: 200 }, (_, index) => stdout.write(`${index}\n`.repeat(50)));
    await Promise.all(writes);
    return 0;
  },
  /** Sleeps in the real world until it is interrupted. */
  async sleep() {
    const world = realWorld();
    await world.clock.sleep(1);
    await world.stdout.write("asleep\n");
    try {
      await world.clock.sleep(60_000, world.signal);
    } catch (error) {
      const again = await world.clock.sleep(60_000, world.signal).catch((reason) => reason);
      await world.stdout.write(`${(error as Error).message}, ${again === error}\n`);
    }
    // Only a second interrupt ends this.
    if (rest[0] === "stubborn") await world.clock.sleep(60_000);
    return 3;
  },
  async self() {
    const signal = rest[0] === "aborted" ? AbortSignal.abort() : new AbortController().signal;
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, GREETING: "hello" };
    const code = await runSelf(["child", ...rest], { env, cwd: "/", signal });
    await stdout.write(`ended with ${code}\n`);
    return 0;
  },
  async child() {
    if (rest[0] === "aborted") await new Promise((resolve) => setTimeout(resolve, 20_000));
    await stdout.write(JSON.stringify({ rest, cwd: process.cwd(), greeting: process.env.GREETING }) + "\n");
    return 7;
  },
};

exit(await tasks[task]!());
