/** Finds files that import each other in a circle. Type imports and lazy imports count like any other. */
import { importedFile, importsOf, readSource } from "./source_text.ts";

/**
 * One shortest circle of each group of files that all reach each other, in the order in which they import.
 *
 * @param files path → text; imports of files that are not among them are skipped
 */
export function circlesOf(files: ReadonlyMap<string, string>): string[][] {
  const imports = new Map([...files].map(([path, text]) => [path, importedFiles(path, text, files)]));
  const circles: string[][] = [];
  const done = new Set<string>();
  for (const path of [...files.keys()].sort()) {
    if (done.has(path)) continue;
    const circle = shortestWayBack(path, imports);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const member of reachedFrom(path, imports)) {
      if (reachedFrom(member, imports).has(path)) done.add(member);
    }
  }
  return circles;
}

function importedFiles(path: string, text: string, files: ReadonlyMap<string, string>): string[] {
  const targets = importsOf(readSource(text)).map(({ target = "" }) => importedFile(path, target));
  return [...new Set(targets)].filter((target) => target !== undefined && files.has(target)) as string[];
}

function shortestWayBack(start: string, imports: ReadonlyMap<string, string[]>): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>();
  const queue = [start];
  for (const path of queue) {
    for (const next of imports.get(path)!) {
      if (next === start) return wayTo(path, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(path: string | undefined, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const way: string[] = [];
  for (let at = path; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}

function reachedFrom(start: string, imports: ReadonlyMap<string, string[]>): Set<string> {
  const reached = new Set<string>();
  const queue = [start];
  for (const path of queue) {
    for (const next of imports.get(path)!) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}
