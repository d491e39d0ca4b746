/** `/lookup-tables`: the tables of a project, and the replacement of one by a CSV file. */
import { type CsvRecord, csvRecords, CsvSyntaxError } from "../../streams/csv/delimited_rows.ts";
import { type AccessRule, projectWriter } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { strictIngestionSurface } from "../surfaces.ts";

const INVALID = "Some data points in the request failed validation.";
const MOST_FAILURES = 10;
/** Of a table. */
export const MOST_CSV_BYTES = 100 * 1024 * 1024;

/** As `/import`, but that a project's token, which is no secret, opens nothing. */
const tableWriter: AccessRule = async (call) => {
  const access = await projectWriter(call);
  if (access.principal.kind === "project_token") throw new Refusal(401, "Invalid credentials");
  return access;
};

const tables = { surface: strictIngestionSurface, access: tableWriter };

export const lookupTableEndpoints: SandboxEndpoint[] = [
  { ...tables, methods: ["GET"], path: "/lookup-tables", respond: list },
  {
    ...tables,
    methods: ["PUT"],
    path: "/lookup-tables/{id}",
    quota: "lookup_tables",
    mostBodyBytes: () => MOST_CSV_BYTES,
    respond: replace,
  },
];

interface Failure {
  /** The row's place, the header being 0. */
  index: number;
  message: string;
}

function list({ store, project }: SandboxCall): Response {
  return jsonAnswer({ code: 200, status: "OK", results: store.lookupTables.list(project.id) });
}

/** All rows, or none. */
async function replace(call: SandboxCall): Promise<Response> {
  const { store, project, path: { id } } = call;
  if (store.lookupTables.csv(project.id, id) === undefined) {
    // The code says 200 in Mixpanel's own sample.
    throw new Refusal(404, `Lookup table with id '${id}' was not found.`, { fields: { code: 200 } });
  }
  const csv = new TextDecoder().decode(await call.body());
  const failures = tableFailures(csv);
  if (failures.length > 0) {
    throw new Refusal(400, INVALID, { fields: { failed_records: failures.slice(0, MOST_FAILURES) } });
  }
  store.lookupTables.replace(project.id, id, csv);
  return jsonAnswer({ code: 200, status: "OK" });
}

/** What is wrong with a table: its first rows that are no good, or its header. */
export function tableFailures(csv: string): Failure[] {
  let records: CsvRecord[];
  try {
    records = [...csvRecords(csv)];
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    return [{ index: error.line - 1, message: `invalid row: ${error.message}` }];
  }
  const header = records[0]?.fields;
  if (header === undefined) return [{ index: 0, message: "invalid header: must not be missing" }];
  if (new Set(header).size < header.length) {
    return [{ index: 0, message: "invalid header: column names must be unique" }];
  }
  const failures: Failure[] = [];
  const indexOfKey = new Map<string, number>();
  for (let index = 1; index < records.length && failures.length < MOST_FAILURES; index++) {
    const { fields } = records[index];
    const earlier = indexOfKey.get(fields[0]);
    const message = fields.length !== header.length
      ? "invalid row: wrong number of fields"
      : fields[0].trim() === ""
      ? "primary key is required and cannot be blank"
      : earlier !== undefined
      ? `invalid row: row indexes ${earlier} and ${index} have the same primary key`
      : undefined;
    if (message !== undefined) failures.push({ index, message });
    else indexOfKey.set(fields[0], index);
  }
  return failures;
}
