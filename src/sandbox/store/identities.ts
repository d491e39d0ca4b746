/** Which ids are the same user's: every id of a user but one points to that one, the canonical id. */
import type { Database, Statement } from "../../runtime/sqlite.ts";

interface People {
  canonicalOf: Map<string, string>;
  /** The ids that point to a canonical id. */
  othersOf: Map<string, Set<string>>;
}

/** Reports ask for every event, so that all of it is kept in memory beside the table. */
export class Identities {
  readonly #people = new Map<number, People>();
  readonly #put: Statement;

  constructor(private readonly database: Database) {
    this.#put = database.prepare("INSERT OR REPLACE INTO identities VALUES (?, ?, ?)");
  }

  /** The id that a person is known by; the id itself when it was never joined to another. */
  resolve(projectId: number, id: string): string {
    return this.#of(projectId).canonicalOf.get(id) ?? id;
  }

  /** The canonical ids of all ids that have another; undefined when a project has joined none. */
  canonicalIds(projectId: number): ReadonlyMap<string, string> | undefined {
    const { canonicalOf } = this.#of(projectId);
    return canonicalOf.size === 0 ? undefined : canonicalOf;
  }

  /** How many ids the person of an id has, that id included. */
  countIds(projectId: number, id: string): number {
    return 1 + (this.#of(projectId).othersOf.get(this.resolve(projectId, id))?.size ?? 0);
  }

  /** Makes the persons of two ids one, who is known by the canonical id of `into`. */
  join(projectId: number, id: string, into: string): void {
    const people = this.#of(projectId);
    const [from, to] = [this.resolve(projectId, id), this.resolve(projectId, into)];
    if (from === to) return;
    const moved = [from, ...people.othersOf.get(from) ?? []];
    for (const one of moved) {
      this.#put.run(projectId, one, to);
      remember(people, one, to);
    }
    people.othersOf.delete(from);
  }

  #of(projectId: number): People {
    let people = this.#people.get(projectId);
    if (people !== undefined) return people;
    people = { canonicalOf: new Map(), othersOf: new Map() };
    const rows = this.database.prepare("SELECT id, canonical_id FROM identities WHERE project_id = ?").all(projectId);
    for (const row of rows) remember(people, row.id as string, row.canonical_id as string);
    this.#people.set(projectId, people);
    return people;
  }
}

function remember({ canonicalOf, othersOf }: People, id: string, canonicalId: string): void {
  canonicalOf.set(id, canonicalId);
  const others = othersOf.get(canonicalId);
  if (others === undefined) othersOf.set(canonicalId, new Set([id]));
  else others.add(id);
}
