/** Nights of events whose properties come, go and change their types. The same for the same seed. */

export interface Night {
  day: string;
  /** Values as JSON text, by the names of properties. */
  events: Record<string, string>[];
}

const NAMES = [
  "price",
  "seats",
  "plan",
  "ok",
  "cart",
  "id",
  "Plan",
  "new one",
  "$city",
  "date",
  "properties",
  "größe",
  "a.b",
];

/** How a value is written, for each kind. */
const KINDS: ((random: () => number) => string)[] = [
  (random) => String(Math.floor(random() * 100)),
  (random) => String(Math.floor(random() * 10_000) / 100),
  (random) => JSON.stringify(["pro", "", "49", "true", "é\u2028", 'a"b\\', "null", "{}"][Math.floor(random() * 8)]),
  (random) => String(random() < 0.5),
  (random) => ['{"a":1}', '[1,"x"]', "[]", '{"b":{"c":null}}'][Math.floor(random() * 4)] as string,
  () => "null",
  (random) => String(9_007_199_254_740_993n + 2n * BigInt(Math.floor(random() * 1e6))),
  (random) => `1${String(Math.floor(random() * 1e15)).padStart(24, "0")}`,
  () => "-0.5e-3",
  () => "1e400",
];

/** Ten nights, some of them without events. */
export function tenNights(seed: number): Night[] {
  const random = randomOf(seed);
  const usual = new Map(NAMES.map((name) => [name, Math.floor(random() * KINDS.length)]));
  return Array.from({ length: 10 }, (_, night) => {
    const day = `2026-01-${String(night + 1).padStart(2, "0")}`;
    const count = random() < 0.2 ? 0 : 1 + Math.floor(random() * 12);
    return {
      day,
      events: Array.from({ length: count }, (_, index) => {
        const event: Record<string, string> = {
          time: String(Date.parse(day) / 1000 + index),
          distinct_id: JSON.stringify(`u-${index}`),
          $insert_id: JSON.stringify(`${day}-${index}`),
        };
        for (const name of NAMES) {
          if (random() < 0.4) continue;
          const kind = random() < 0.8 ? usual.get(name) as number : Math.floor(random() * KINDS.length);
          event[name] = (KINDS[kind] as (random: () => number) => string)(random);
        }
        if (random() < 0.1) event[`odd-${Math.floor(random() * 50)}`] = "1";
        return event;
      }),
    };
  });
}

/** The events as Mixpanel sends them. */
export function linesOfNight({ events }: Night): string {
  return events.map((event) =>
    `{"event":"E","properties":{${
      Object.entries(event).map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")
    }}}\n`
  ).join("");
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    mixed = (mixed ^ (mixed >>> 15)) >>> 0;
    return mixed / 2 ** 32;
  };
}
