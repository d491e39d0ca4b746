/** The pages that `mp help TOPIC` shows. Only names and summaries: nothing here loads a page. */
import type { Topic } from "../../../cli/topic.ts";

export interface TopicEntry {
  name: string;
  /** One line, without a final period. */
  summary: string;
  load(): Promise<Topic>;
}

export const topics: readonly TopicEntry[] = [
  {
    name: "credentials",
    summary: "which credentials there are, and how mp gets them",
    load: async () => (await import("./credentials.ts")).credentials,
  },
  {
    name: "regions",
    summary: "where a project's data lives, and which hosts mp talks to",
    load: async () => (await import("./regions.ts")).regions,
  },
  {
    name: "expressions",
    summary: "the language of --where and --on",
    load: async () => (await import("./expressions.ts")).expressions,
  },
  {
    name: "formats",
    summary: "how results are printed, and which files exports write and imports read",
    load: async () => (await import("./formats.ts")).formats,
  },
  {
    name: "exit-codes",
    summary: "what the exit code of every command means",
    load: async () => (await import("./exit_codes.ts")).exitCodes,
  },
  {
    name: "environment",
    summary: "the environment variables that mp reads",
    load: async () => (await import("./environment.ts")).environment,
  },
  {
    name: "quotas",
    summary: "Mixpanel's rate limits, and how mp stays within them",
    load: async () => (await import("./quotas.ts")).quotas,
  },
  {
    name: "air-gapped",
    summary: "servers without the internet, proxies, certificates, read-only homes",
    load: async () => (await import("./air_gapped.ts")).airGapped,
  },
];
