import type { Topic } from "../../../cli/topic.ts";
import { QUOTAS, type QuotaWindow } from "../../../client/pacing/quotas.ts";

const SPANS: Readonly<Record<number, string>> = {
  1000: "a second",
  60_000: "a minute",
  3_600_000: "an hour",
  86_400_000: "a day",
};

function rate({ limit, windowMs }: QuotaWindow): string {
  return `${limit} ${SPANS[windowMs] ?? `in ${windowMs / 1000} s`}`;
}

export default {
  parts: [
    "Mixpanel limits requests per project (Lexicon: per organization); dashboards and other tools share some of them. " +
    "All mp processes of a user keep one ledger of what they have sent. Below a limit it costs nothing. Near it, a " +
    "request waits when the wait is short; else it fails at once with exit code 5 and the time of the next free slot, " +
    "having sent nothing. Long jobs such as 'mp export events' wait as long as it takes, and say so.",
    {
      title: "Published limits",
      rows: Object.values(QUOTAS).map(({ unit, windows, concurrent, includes, scope }) => {
        const limits = windows.map(rate);
        if (concurrent !== undefined) limits.push(`${concurrent} at a time`);
        const also = includes === undefined ? "" : `; each also counts among the ${QUOTAS[includes].unit}`;
        return [unit, `${limits.join(", ")}, per ${scope}${also}`] as const;
      }),
    },
    "What a server announces (RateLimit headers, Retry-After) replaces the published numbers. Servers on this machine, " +
    "such as the sandbox, have no limits until they announce some; what they were asked is counted. --no-pacing ignores the ledger.",
    {
      examples: [
        { text: "What has been used, and when the next slot is free", run: "mp limits" },
        { text: "Forget what was counted, after another tool has reset its use", run: "mp limits --reset" },
      ],
    },
  ],
  seeAlso: ["mp help exit-codes"],
} satisfies Topic;
