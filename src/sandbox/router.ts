/** Finds the endpoint that a request means. */
import type { SandboxEndpoint } from "./endpoint.ts";

export type RouteMatch =
  | { kind: "endpoint"; endpoint: SandboxEndpoint; path: Record<string, string> }
  /** The path ends in a slash, and the request's doesn't. */
  | { kind: "redirect"; to: string }
  /** The path exists, for these methods. */
  | { kind: "wrong_method"; endpoint: SandboxEndpoint; methods: string[] }
  | { kind: "unknown" };

interface Pattern {
  endpoint: SandboxEndpoint;
  segments: string[];
  /** How many segments fit anything. */
  openness: number;
}

export class Router {
  /** By the number of segments, so that a request is held against few patterns. */
  readonly #patterns = new Map<number, Pattern[]>();

  constructor(endpoints: readonly SandboxEndpoint[]) {
    for (const endpoint of endpoints) {
      for (const prefix of endpoint.surface.prefixes) {
        const segments = segmentsOf(prefix + endpoint.path);
        const openness = segments.filter((segment) => segment.startsWith("{")).length;
        const others = this.#patterns.get(segments.length) ?? [];
        // A path that is spelled out takes precedence over one that takes any word in its place.
        others.push({ endpoint, segments, openness });
        this.#patterns.set(segments.length, others.sort((a, b) => a.openness - b.openness));
      }
    }
  }

  match(method: string, pathname: string): RouteMatch {
    const segments = segmentsOf(pathname);
    const found = (this.#patterns.get(segments.length) ?? []).flatMap(({ endpoint, segments: pattern }) => {
      const path = fit(pattern, segments);
      return path ? [{ endpoint, path }] : [];
    });
    if (found.length === 0) return { kind: "unknown" };
    const chosen = found.find(({ endpoint }) => (endpoint.methods as readonly string[]).includes(method));
    if (chosen === undefined) {
      const methods = found.flatMap(({ endpoint }) => endpoint.methods);
      return { kind: "wrong_method", endpoint: found[0].endpoint, methods };
    }
    if (chosen.endpoint.path.endsWith("/") && !pathname.endsWith("/")) return { kind: "redirect", to: `${pathname}/` };
    return { kind: "endpoint", ...chosen };
  }
}

function segmentsOf(pathname: string): string[] {
  return pathname.split("/").filter((segment) => segment !== "");
}

/** What stands in the places of the pattern's `{names}`, or undefined when the pattern doesn't fit. */
function fit(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  for (let index = 0; index < pattern.length; index++) {
    const expected = pattern[index];
    if (expected.startsWith("{")) path[expected.slice(1, -1)] = decoded(segments[index]);
    else if (expected !== segments[index]) return undefined;
  }
  return path;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return segment;
  }
}
