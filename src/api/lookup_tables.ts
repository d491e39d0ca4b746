/** Lookup tables: columns that Mixpanel adds to a property's values in reports. They are made in its web interface. */
import { z } from "zod";
import { get, operation, put } from "./operation.ts";
import { text } from "./params.ts";

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
