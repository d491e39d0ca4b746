/** The tables of the sandbox. */
import { MpError } from "../../errors.ts";
import type { Database } from "../../runtime/sqlite.ts";

/** Raised with each change of what is stored. A file of a version without an upgrade is refused, not guessed at. */
const SCHEMA_VERSION = 5;

/*
 * Events lie in chunks of columns, and beside them the texts of their properties as they came, in the order of time and
 * compressed. What has come since the last chunk was full is the tail.
 */
const EVENT_TABLES = `
  CREATE TABLE event_chunks (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX event_chunks_by_number ON event_chunks (project_id, number);
  CREATE TABLE event_texts (
    id INTEGER PRIMARY KEY,
    chunk_id INTEGER NOT NULL,
    places INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX event_texts_by_chunk ON event_texts (chunk_id);
  CREATE TABLE event_tails (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX event_tails_by_project ON event_tails (project_id);
`;

/** What brings a file of an older version up to date. */
const UPGRADES: Readonly<Record<number, string>> = {
  3: `UPDATE saved_objects SET body = json_set(json_remove(body, '$.facts'), '$.details', body -> '$.facts')
        WHERE kind = 'experiment';
      UPDATE saved_objects SET body = json_set(json_remove(body, '$.facts'), '$.settings', body -> '$.facts')
        WHERE kind = 'warehouse_import';`,
  // See `convertRows`.
  4: `ALTER TABLE events RENAME TO event_rows; DROP INDEX events_by_insert_id; ${EVENT_TABLES}`,
};

const TABLES = `${EVENT_TABLES}
  CREATE TABLE organizations (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations,
    workspace_id INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    stores_local_time INTEGER NOT NULL,
    identity TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  );
  CREATE TABLE service_accounts (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations,
    username TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    last_used_ms INTEGER
  );
  CREATE TABLE memberships (
    service_account_id INTEGER NOT NULL REFERENCES service_accounts ON DELETE CASCADE,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (service_account_id, project_id)
  );
  CREATE TABLE oauth_clients (
    id TEXT PRIMARY KEY,
    secret TEXT,
    organization_id INTEGER NOT NULL REFERENCES organizations,
    redirect_uris TEXT NOT NULL
  );
  CREATE TABLE oauth_grants (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES oauth_clients,
    user_email TEXT NOT NULL,
    scope TEXT NOT NULL,
    redirect_uri TEXT,
    challenge TEXT,
    expires_ms INTEGER NOT NULL
  );
  CREATE TABLE oauth_tokens (
    token TEXT PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations,
    user_email TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
  );
  CREATE TABLE profiles (
    project_id INTEGER NOT NULL,
    group_key TEXT NOT NULL,
    id TEXT NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (project_id, group_key, id)
  ) WITHOUT ROWID;
  CREATE TABLE identities (
    project_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    canonical_id TEXT NOT NULL,
    PRIMARY KEY (project_id, id)
  ) WITHOUT ROWID;
  CREATE TABLE lookup_tables (
    project_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    csv TEXT NOT NULL,
    PRIMARY KEY (project_id, id)
  );
  CREATE TABLE data_groups (
    project_id INTEGER NOT NULL,
    group_key TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (project_id, group_key)
  ) WITHOUT ROWID;
  CREATE TABLE saved_objects (
    project_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project_id, kind, id)
  ) WITHOUT ROWID;
`;

/**
 * Makes the tables in an empty database, and brings those of older versions up to date.
 *
 * @throws MpError (input) when the file holds the tables of another version, or something else.
 */
export function prepareSchema(database: Database, path: string): void {
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA cache_size = -65536");
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version === SCHEMA_VERSION) return;
  const upgrade = UPGRADES[version];
  if (upgrade !== undefined) {
    database.exec(`BEGIN; ${upgrade} PRAGMA user_version = ${version + 1}; COMMIT`);
    return prepareSchema(database, path);
  }
  const { count } = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get() as { count: number };
  if (version !== 0 || count > 0) {
    throw new MpError(`Cannot open ${path}: it was not made by this version of the sandbox`, {
      category: "input",
      code: "bad_store",
      hint: "name another file, or delete this one to start afresh",
    });
  }
  database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}
