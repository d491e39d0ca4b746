/** Kinds of objects that people manage through the App API, each from one declaration. */
import type { AccessRule } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type HttpMethod, type SandboxEndpoint } from "../endpoint.ts";
import type { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { type Body, idOf, readBody } from "./body.ts";

/** An object with the number that it is saved under. */
export interface Stored<T> {
  id: number;
  body: T;
}

/** What is particular to one kind of managed object. All other members have defaults or leave endpoints out. */
export interface CollectionOptions<T extends object> {
  /** The kind of saved objects that its members are. */
  kind: string;
  /**
   * Where members are listed and created: `/projects/{project_id}/annotations`. One that ends in a slash makes the paths
   * of members end in one, too.
   */
  path: string;
  /** Who may read. */
  access: AccessRule;
  /** Who may create, change and delete. Default: whoever may read, from analysts up. */
  writeAccess?: AccessRule;
  /** A member as answers show it. */
  show(call: SandboxCall, member: Stored<T>): unknown;
  /** The same in a list. Default: `show`. */
  showInList?(call: SandboxCall, member: Stored<T>): unknown;
  /** A member that is known by its id alone, and in no list: what is saved as something else. */
  standIn?(call: SandboxCall, id: number): T | undefined;
  /** Filters and sorts a list by the query string. Default: all members, in the order of creation. */
  select?(call: SandboxCall, members: Stored<T>[]): Stored<T>[];
  /** Brings a member up to date when it is read, where time alone changes it. */
  refresh?(call: SandboxCall, member: T): T;
  /** Validates the body of a POST and makes a member of it. Without it, nothing can be created. */
  create?(call: SandboxCall, body: Body): T;
  /** How bodies are read. Default: any JSON object, or nothing at all. */
  readBody?(call: SandboxCall): Promise<Body>;
  /** Default: 201. */
  createStatus?: number;
  /** The shape of a list's answer. Default: that of the other answers. */
  answerList?(call: SandboxCall, results: unknown[]): Response;
  /** The shape of answers. Default: the App API's envelope. */
  answer?(results: unknown, status?: number): Response;

  /** The name of the id in the path of one member: `annotation_id`. Without it, members are only listed and created. */
  idParameter?: string;
  /** Clients know a member by its own `id`, a UUID, and not by the number that it is saved under. */
  hasUuid?: boolean;
  /** Members are only shown in lists: one alone cannot be asked for. */
  isListedOnly?: boolean;
  /** Answers for an id that no member has. Needed together with `idParameter`. */
  notFound?(id: string): Refusal;
  /** Validates the body of an update and returns what it changes. Without it, members have no update endpoint. */
  update?(call: SandboxCall, body: Body, member: T): Partial<T>;
  /** Default: PATCH. */
  updateMethod?: HttpMethod;
  /** Called before any change of a member is saved: stamps it, or tells what depends on it. Returns what is saved. */
  changed?(call: SandboxCall, member: T): T;
  /** Called before a member is deleted: throws a Refusal where the sender may not. */
  checkRemoval?(call: SandboxCall, member: Stored<T>): void;
  /** Called after a member is deleted: what depended on it goes, too. */
  removed?(call: SandboxCall, member: Stored<T>): void;
  /**
   * Members have `/bulk-delete`, which takes ids under this name, and `/bulk-update`, which takes members with their
   * ids under that name, if they can be updated at all.
   */
  bulk?: { ids: string; members: string };
  /** Answers a deletion. Default: the id, in the shape of the other answers. */
  deleted?(): Response;
  /** Members have `/archive`, which sets their `deletedMs`; archived ones are in lists with `include_archived` alone, and keep their ids. */
  isArchivable?: boolean;
}

/**
 * A kind of managed object: its endpoints, and access to its members for other endpoints.
 *
 * ```ts
 * const tags: Collection<SavedTag> = new Collection({
 *   kind: "annotation_tag",
 *   path: "/projects/{project_id}/annotations/tags",
 *   access: appUser,
 *   show: (_call, { id, body }) => ({ id, name: body.name }),
 *   create: (_call, body) => ({ name: body.requiredText("name") }),
 *   idParameter: "tag_id",
 *   notFound: () => new Refusal(404, "Tag not found"),
 * });
 * export const tagEndpoints = tags.endpoints(); // GET and POST of the path; GET and DELETE of one tag
 * ```
 *
 * `update` adds PATCH; `action` adds what else one member can be told to do. What members need from each other belongs
 * into `changed` and `show`.
 */
export class Collection<T extends object> {
  readonly #options: CollectionOptions<T>;
  readonly #answer: (results: unknown, status?: number) => Response;
  readonly #readBody: (call: SandboxCall) => Promise<Body>;
  readonly #writeAccess: AccessRule;

  constructor(options: CollectionOptions<T>) {
    this.#options = options;
    this.#answer = options.answer ?? appAnswer;
    this.#readBody = options.readBody ?? readBody;
    this.#writeAccess = options.writeAccess ?? atLeast("analyst", options.access);
  }

  /** List, create, get, update, delete and archive, as far as the options have them. */
  endpoints(): SandboxEndpoint[] {
    const { path, access, idParameter, create, update, updateMethod = "PATCH", isArchivable, isListedOnly } =
      this.#options;
    const read = { methods: ["GET"], surface: appSurface, access } as const;
    const write = { surface: appSurface, access: this.#writeAccess } as const;
    const all: SandboxEndpoint[] = [{ ...read, path, respond: this.list }];
    if (create !== undefined) all.push({ ...write, methods: ["POST"], path, respond: this.create });
    if (idParameter === undefined) return all;
    const one = this.#pathOfOne();
    if (!isListedOnly) all.push({ ...read, path: one, respond: (call) => this.shown(call, this.named(call)) });
    if (update !== undefined) {
      all.push(this.action(updateMethod, "", async (call, member) => update(call, await this.#readBody(call), member)));
    }
    all.push({ ...write, methods: ["DELETE"], path: one, respond: (call) => this.#delete(call) });
    all.push(...this.#bulkEndpoints());
    if (!isArchivable) return all;
    const archive = {
      ...write,
      methods: ["POST"],
      path: this.#pathOfOne("/archive"),
      respond: (call: SandboxCall) => this.#archive(call),
    };
    const unarchive = this.action("DELETE", "/archive", () => ({ deletedMs: undefined }) as object);
    return [...all, archive as SandboxEndpoint, unarchive];
  }

  /** Many members at once: each of them, or none, when one is not there or is refused. */
  #bulkEndpoints(): SandboxEndpoint[] {
    const { path, bulk, update } = this.#options;
    if (bulk === undefined) return [];
    const write = { surface: appSurface, access: this.#writeAccess, methods: ["POST"] } as const;
    const deleteAll = async (call: SandboxCall) => {
      const ids = (await this.#readBody(call)).ids(bulk.ids) ?? [];
      const members = ids.map((id) => this.#known(call, id));
      for (const member of members) this.#options.checkRemoval?.(call, member);
      for (const member of members) this.#remove(call, member);
      return this.#answer(ids);
    };
    const updateAll = async (call: SandboxCall) => {
      const changes = (await this.#readBody(call)).objects(bulk.members) ?? [];
      const members = changes.map((change) => {
        const { id, body } = this.#known(call, change.id("id") ?? "");
        return { id, body: { ...body, ...update!(call, change, body) } };
      });
      return this.#answer(members.map((member) => this.#options.show(call, this.save(call, member))));
    };
    return [
      { ...write, path: `${path}/bulk-delete`, respond: deleteAll },
      ...update === undefined ? [] : [{ ...write, path: `${path}/bulk-update`, respond: updateAll }],
    ];
  }

  /** An endpoint below one member's path that saves what `change` returns, and shows the member. */
  action(
    method: HttpMethod,
    subpath: string,
    change: (call: SandboxCall, member: T) => Partial<T> | Promise<Partial<T>>,
  ): SandboxEndpoint {
    return {
      surface: appSurface,
      access: this.#writeAccess,
      methods: [method],
      path: this.#pathOfOne(subpath),
      respond: async (call) => {
        const { id, body } = this.named(call);
        return this.shown(call, this.save(call, { id, body: { ...body, ...await change(call, body) } }));
      },
    };
  }

  /** Answers a list: for further paths. */
  readonly list = (call: SandboxCall): Response => {
    const { select = (_call, members) => members, show, showInList = show, isArchivable } = this.#options;
    const hidesArchived = isArchivable && call.url.searchParams.get("include_archived") !== "true";
    const members = this.members(call).filter(({ body }) => !hidesArchived || deletedMsOf(body) === undefined);
    const results = select(call, members).map((member) => showInList(call, member));
    return this.#options.answerList?.(call, results) ?? this.#answer(results);
  };

  /** Answers the creation of a member: for further paths. */
  readonly create = async (call: SandboxCall): Promise<Response> => {
    const { create, createStatus = 201 } = this.#options;
    return this.shown(call, this.add(call, create!(call, await this.#readBody(call))), createStatus);
  };

  /** All members, archived ones too, in the order of creation. */
  members(call: SandboxCall): Stored<T>[] {
    return call.store.savedObjects.list<T>(call.project.id, this.#options.kind).map((one) =>
      this.#refreshed(call, one)
    );
  }

  /** The member that clients know by an id. */
  find(call: SandboxCall, id: string | number): Stored<T> | undefined {
    const { kind, hasUuid } = this.#options;
    if (hasUuid) return this.members(call).find((member) => this.#publicId(member) === id);
    const number = idOf(id);
    if (number === undefined) return undefined;
    const body = call.store.savedObjects.get<T>(call.project.id, kind, number) ?? this.#options.standIn?.(call, number);
    return body === undefined ? undefined : this.#refreshed(call, { id: number, body });
  }

  /**
   * The member that the path names.
   *
   * @throws Refusal 404
   */
  named(call: SandboxCall): Stored<T> {
    return this.#known(call, call.path[this.#options.idParameter!]!);
  }

  #known(call: SandboxCall, id: string | number): Stored<T> {
    const member = this.find(call, id);
    if (member === undefined) throw this.#options.notFound!(String(id));
    return member;
  }

  add(call: SandboxCall, body: T): Stored<T> {
    return { id: call.store.savedObjects.add(call.project.id, this.#options.kind, body), body };
  }

  save(call: SandboxCall, { id, body }: Stored<T>): Stored<T> {
    const saved = this.#options.changed?.(call, body) ?? body;
    call.store.savedObjects.put(call.project.id, this.#options.kind, id, saved);
    return { id, body: saved };
  }

  /** Answers with a member. */
  shown(call: SandboxCall, member: Stored<T>, status?: number): Response {
    return this.#answer(this.#options.show(call, member), status);
  }

  #delete(call: SandboxCall): Response {
    const member = this.named(call);
    this.#options.checkRemoval?.(call, member);
    this.#remove(call, member);
    return this.#options.deleted?.() ?? this.#answer({ id: this.#publicId(member) });
  }

  #remove(call: SandboxCall, member: Stored<T>): void {
    call.store.savedObjects.delete(call.project.id, this.#options.kind, member.id);
    this.#options.removed?.(call, member);
  }

  #archive(call: SandboxCall): Response {
    const { id, body } = this.named(call);
    const saved = this.save(call, { id, body: { ...body, deletedMs: deletedMsOf(body) ?? call.nowMs } });
    return this.#answer({ id: this.#publicId(saved) });
  }

  /** The path of one member, or one below it; with a slash at its end where the list has one. */
  #pathOfOne(subpath = ""): string {
    const { path, idParameter } = this.#options;
    const one = `${path.replace(/\/$/, "")}/{${idParameter}}${subpath}`;
    return path.endsWith("/") && !one.endsWith("/") ? `${one}/` : one;
  }

  #publicId({ id, body }: Stored<T>): unknown {
    return this.#options.hasUuid ? (body as { id?: string }).id : id;
  }

  #refreshed(call: SandboxCall, { id, body }: Stored<T>): Stored<T> {
    return { id, body: this.#options.refresh?.(call, body) ?? body };
  }
}

function deletedMsOf(member: object): number | undefined {
  return (member as { deletedMs?: number }).deletedMs;
}
