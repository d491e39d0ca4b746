/**
 * What is loaded before a JQL script. It runs inside the interpreter, with ECMAScript alone: no DOM, no timers, nothing
 * of the runtime that the sandbox has; `interpreter.json` checks that. The build bundles it into `prelude.generated.ts`.
 */
import { JqlCollection } from "./collection.ts";
import { installDate } from "./date.ts";
import { mixpanel } from "./mixpanel.ts";
import type { Sink } from "./sink.ts";
import { eventsCollection, joinCollections, peopleCollection } from "./sources.ts";
import { underscore } from "./underscore.ts";

interface User {
  distinct_id: string;
}

/** What the sandbox calls, and no script can reach. */
interface Engine {
  /** Runs main(). Returns its source as JSON text. */
  plan(main: unknown): string;
  /** Takes a batch. Returns the items that came out, as JSON text without brackets. */
  push(text: string): string;
  /** Takes a batch of a join: new users by id, then pairs of an event and the id of its user. */
  pushPairs(text: string): string;
  end(): string;
}

/** Gives a script its globals. */
export function start(nowMs: number): Engine {
  installDate(nowMs);
  Object.assign(globalThis, {
    _: underscore,
    mixpanel,
    Events: eventsCollection,
    People: peopleCollection,
    join: joinCollections,
  });
  return engine();
}

function engine(): Engine {
  const users = new Map<string, User>();
  let printed: unknown[] = [];
  let sink: Sink = { push: (item) => void printed.push(item), end() {} };
  const drain = () => {
    const text = printed.map((item) => JSON.stringify(item) ?? "null").join();
    printed = [];
    return text;
  };
  return {
    plan(main) {
      if (typeof main !== "function") throw new Error("The script must define a main() function");
      const collection: unknown = main();
      if (!(collection instanceof JqlCollection)) {
        throw new Error("main() must return a collection: Events(), People() or join(), and what is applied to it");
      }
      for (const stage of [...collection.stages].reverse()) sink = stage.into(sink);
      return JSON.stringify(collection.source);
    },
    push(text) {
      for (const item of JSON.parse(text) as unknown[]) sink.push(item);
      return drain();
    },
    pushPairs(text) {
      const batch = JSON.parse(text) as { users: User[]; pairs: { distinct_id: string; event: unknown }[] };
      for (const user of batch.users) users.set(user.distinct_id, user);
      for (const { distinct_id, event } of batch.pairs) sink.push({ distinct_id, event, user: users.get(distinct_id) });
      return drain();
    },
    end() {
      sink.end();
      return drain();
    },
  };
}
