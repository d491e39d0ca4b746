/**
 * Lookup tables: columns that Mixpanel adds to a property's values in reports. Listing and replacing them is published;
 * the rest is known from Mixpanel's Python client, and knows a table by the id of its data group.
 */
import { z } from "zod";
import { DEFINITIONS } from "./data_definitions.ts";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { anyId, count, id, text } from "./params.ts";

/** Most bytes of a table, uncompressed: the published 100 MB, of which it is not said which megabytes. */
export const MAX_TABLE_BYTES = 100 * 1024 * 1024;

export const listLookupTables = operation({
  id: "lookup_tables.list",
  summary: "lookup tables and their ids",
  routes: [get("ingestion", "/lookup-tables")],
  auth: ["service_account"],
  projectIn: "query",
  envelope: true,
  params: z.object({}),
  result: z.array(z.looseObject({ id: z.string(), name: z.string().nullish() })),
});

export const replaceLookupTable = operation({
  id: "lookup_tables.replace",
  summary: "replace all rows of a lookup table by those of a CSV file",
  routes: [put("ingestion", "/lookup-tables/{id}")],
  look: "mp lookup-tables list",
  auth: ["service_account", "project_secret"],
  projectIn: "query",
  quota: "lookup_tables",
  body: { kind: "raw", of: "csv", contentType: "text/csv" },
  // All rows or none: a second copy leaves what the first left.
  repeatable: true,
  params: z.object({
    id: text("Which table: its id, from 'mp lookup-tables list'", {
      placeholder: "ID",
      lists: "mp lookup-tables list",
    }),
    csv: z.custom<string | Uint8Array>((value) => typeof value === "string" || value instanceof Uint8Array).meta({
      description: "The table; its first column is the key",
    }),
  }),
  result: z.looseObject({
    code: z.number().optional(),
    status: z.union([z.string(), z.number()]).optional(),
    error: z.string().nullish(),
  }),
});

const TABLES = `${DEFINITIONS}/lookup-tables/`;
const client = { ...APP, unpublished: "client" } as const;
const groupId = id("Table's data group id, from 'mp lookup-tables groups'", { completes: "lookup_tables" });
const tableName = text("Table's name", { placeholder: "NAME" }).max(255);

const table = z.looseObject({
  id: anyId.nullish(),
  name: z.string().nullish(),
  token: z.string().nullish(),
  createdAt: z.string().nullish(),
  lastModifiedAt: z.string().nullish(),
});

export const listTableGroups = operation({
  id: "lookup_tables.list_groups",
  summary: "lookup tables and the ids of their data groups",
  routes: [get("app", TABLES)],
  ...client,
  params: z.object({
    group_id: groupId.meta({ wire: "data-group-id", flag: "group-id", description: "Only the table of this id" })
      .optional(),
  }),
  result: z.array(table),
});

/** Where a table's CSV goes, by a PUT without credentials: the address is signed, and good for an hour. */
export const tableUploadAddress = operation({
  id: "lookup_tables.upload_url",
  summary: "a signed address to upload a table's CSV to",
  routes: [get("app", `${TABLES}upload-url/`)],
  ...client,
  makesSecret: true,
  params: z.object({ content_type: z.literal("text/csv").meta({ wire: "content-type" }) }),
  result: z.looseObject({ url: z.string(), path: z.string(), key: z.string() }),
});

/** Makes a table of what was uploaded, or replaces one. Large tables are read later: the answer then has an `uploadId`. */
export const registerTable = operation({
  id: "lookup_tables.create",
  summary: "make a lookup table of an uploaded CSV file",
  routes: [post("app", TABLES)],
  look: "mp lookup-tables list",
  ...client,
  body: { kind: "form" },
  params: z.object({
    name: tableName,
    path: z.string(),
    key: z.string(),
    "data-group-id": groupId.optional(),
  }),
  result: z.looseObject({ id: anyId.nullish(), uploadId: anyId.nullish() }),
});

export const tableUploadStatus = operation({
  id: "lookup_tables.upload_status",
  summary: "how far a large table has been read",
  routes: [get("app", `${TABLES}upload-status/`)],
  ...client,
  params: z.object({ upload_id: text("Upload's id").meta({ wire: "upload-id" }) }),
  result: z.looseObject({ uploadStatus: z.string(), result: z.unknown().optional() }),
});

export const renameTable = operation({
  id: "lookup_tables.rename",
  summary: "rename a lookup table",
  routes: [patch("app", TABLES)],
  look: "mp lookup-tables list",
  ...client,
  repeatable: true,
  params: z.object({ "data-group-id": groupId, name: tableName }),
  result: z.unknown(),
});

export const deleteTables = operation({
  id: "lookup_tables.delete",
  summary: "delete lookup tables",
  routes: [del("app", TABLES)],
  look: "mp lookup-tables list",
  ...client,
  body: { kind: "json" },
  params: z.object({
    "data-group-ids": z.array(groupId).min(1).meta({
      placeholder: "ID",
      description: "Tables' data group ids, from 'mp lookup-tables groups'",
      completes: "lookup_tables",
    }),
  }),
  result: z.unknown(),
});

export const downloadTable = operation({
  id: "lookup_tables.download",
  summary: "print a lookup table as CSV",
  routes: [get("app", `${TABLES}download/`)],
  ...client,
  answer: "text",
  params: z.object({
    id: groupId.meta({ wire: "data-group-id" }),
    file_name: text("Name of the file that Mixpanel makes", { wire: "file-name", placeholder: "NAME" }).optional(),
    limit: count("Most rows", { min: 1 }).optional(),
  }),
  result: z.string(),
});

export const tableDownloadAddress = operation({
  id: "lookup_tables.download_url",
  summary: "a signed address to download a table from",
  routes: [get("app", `${TABLES}download-url/`)],
  ...client,
  makesSecret: true,
  params: z.object({ id: groupId.meta({ wire: "data-group-id" }) }),
  result: z.union([z.string(), z.looseObject({ url: z.string() })]),
});
