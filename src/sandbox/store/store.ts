/** Everything that the sandbox remembers, in one SQLite database. */
import { MpError } from "../../errors.ts";
import { type Database, openDatabase } from "../../runtime/sqlite.ts";
import { EventViews } from "./event_views.ts";
import { Events } from "./events.ts";
import { Identities } from "./identities.ts";
import { LookupTables } from "./lookup_tables.ts";
import { Profiles } from "./profiles.ts";
import { Projects } from "./projects.ts";
import { SavedObjects } from "./saved_objects.ts";
import { prepareSchema } from "./schema.ts";
import { convertRows } from "./event_rows.ts";
import { UserData } from "./user_data.ts";

const MEMORY = ":memory:";

export class Store {
  readonly projects: Projects;
  readonly events: Events;
  readonly views: EventViews;
  readonly profiles: Profiles;
  readonly identities: Identities;
  readonly lookupTables: LookupTables;
  readonly savedObjects: SavedObjects;
  readonly userData: UserData;

  /** @param isKept whether the database outlives the process */
  constructor(private readonly database: Database, isKept: boolean) {
    this.projects = new Projects(database);
    this.identities = new Identities(database);
    this.events = new Events(database, this.identities, isKept);
    this.views = new EventViews(this.events);
    this.profiles = new Profiles(database);
    this.lookupTables = new LookupTables(database);
    this.savedObjects = new SavedObjects(database);
    this.userData = new UserData(database, this.events);
  }

  close(): void {
    try {
      this.events.close();
    } finally {
      this.database.close();
    }
  }
}

/**
 * Opens a store: a file, which is made when it is not there, or `:memory:` for one that is gone when it is closed.
 *
 * @throws MpError (input) when the file is something else, or cannot be opened.
 */
export function openStore(path: string): Store {
  let database: Database | undefined;
  try {
    database = openDatabase(path);
    prepareSchema(database, path);
    const store = new Store(database, path !== MEMORY);
    convertRows(database, store.events);
    return store;
  } catch (cause) {
    database?.close();
    if (cause instanceof MpError) throw cause;
    const state = cause instanceof Error ? cause.message : String(cause);
    throw new MpError(`Cannot open ${path}: ${state}`, { category: "input", code: "bad_store", cause });
  }
}
