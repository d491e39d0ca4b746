/** The lines of `mp sandbox --log`. */
import type { Context } from "../../../cli/context.ts";
import { cleanLine } from "../../../output/clean.ts";
import { createStyle, type Style, wantsColour } from "../../../output/colour.ts";
import type { Feed, WatchedRequest } from "../../../sandbox/watch/feed.ts";

/** Writes a line to standard error for each request from now on. */
export function logRequests({ stderr, env, globals }: Context, feed: Feed): void {
  const style = createStyle(
    wantsColour({ isTerminal: stderr.isTerminal, environment: env, refused: !globals.color }),
  );
  // expected: any fault of standard error, since the sandbox goes on when nobody reads its log
  feed.onRequest((request) => void stderr.write(logLine(request, style) + "\n").catch(() => {}));
}

/** When it came, what it was, how it was answered, and what it meant: what was refused last. */
function logLine(request: WatchedRequest, style: Style): string {
  const { timeMs, method, path, status, durationMs, meaning, problem } = request;
  const answered = problem === undefined ? style.green : style.red;
  return [
    style.dim(new Date(timeMs).toISOString().slice(11, 19) + "Z"),
    cleanLine(`${method} ${path}`),
    answered(String(status)),
    style.dim(`${durationMs} ms`),
    cleanLine(meaning),
    style.red(cleanLine(problem ?? "")),
  ].filter((part) => part !== "").join("  ");
}
