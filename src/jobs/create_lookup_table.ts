/**
 * Makes a lookup table: asks for a signed address, uploads the CSV to it, and has Mixpanel read what lies there. Large
 * tables are read later, and waited for.
 */
import { call } from "../api/call.ts";
import { registerTable, tableUploadAddress, tableUploadStatus } from "../api/lookup_tables.ts";
import type { Client } from "../client/types.ts";
import { MpError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { NetworkFault } from "../runtime/network/network_fault.ts";
import type { Transport } from "../runtime/network/transport.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { signedAddress } from "./signed_address.ts";

const CSV = "text/csv";
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
/** Mixpanel's terraform provider waits as long. */
const DEFAULT_PATIENCE_MS = 600_000;

export interface NewTable {
  name: string;
  csv: Uint8Array;
  /** The data group of a table to replace; undefined for a new one. */
  groupId?: string | number | bigint;
}

interface CreateOptions {
  /** Reaches the storage, which is no server of Mixpanel's. */
  transport: Transport;
  clock: Clock;
  signal?: AbortSignal;
  /** How long to wait for a large table to be read. Default: ten minutes. */
  patienceMs?: number;
  /** Called when a table is to be read later. */
  onPending?(uploadId: string): Promise<void>;
}

/** What became of it: the server's last answer, whose body says more. */
export interface CreatedTable {
  id?: string;
  answer: { text: string; data: unknown };
}

/** @throws MpError; in doubt when the table has been uploaded and the end of its reading is not known. */
export async function createLookupTable(
  client: Client,
  { name, csv, groupId }: NewTable,
  options: CreateOptions,
): Promise<CreatedTable> {
  const { signal } = options;
  const { url, path, key } = (await call(client, tableUploadAddress, { content_type: CSV }, { signal })).result();
  await upload(url, csv, client.connection.timeoutMs, options);
  const table = { name, path, key, "data-group-id": groupId };
  const answer = await call(client, registerTable, table, { signal });
  const { id, uploadId } = answer.result();
  if (uploadId === undefined || uploadId === null) return { id: idOf(id), answer };
  await options.onPending?.(String(uploadId));
  return await finished(client, String(uploadId), options);
}

/** Sends the CSV with its type, and nothing else of ours. */
async function upload(
  address: string,
  csv: Uint8Array,
  timeoutMs: number,
  { transport, signal }: CreateOptions,
): Promise<void> {
  const url = signedAddress(address, "upload the table");
  try {
    const headers = { "content-type": CSV };
    const { status, body } = await transport({ method: "PUT", url, headers, body: csv, signal, timeoutMs });
    await body.cancel();
    if (status >= 200 && status < 300) return;
    throw new MpError(`Cannot upload the table to ${url.host}: it answered ${status}`, {
      category: status >= 500 ? "server" : "failure",
      code: "upload_refused",
      hint: "no table was made; run the command again for a new address",
      status,
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof NetworkFault)) throw error;
    throw new MpError(`Cannot upload the table to ${url.host}: ${error.detail}`, {
      category: "network",
      code: error.kind,
      hint: "no table was made; run the command again",
      cause: error,
    });
  }
}

async function finished(client: Client, uploadId: string, options: CreateOptions): Promise<CreatedTable> {
  const { clock, signal, patienceMs = DEFAULT_PATIENCE_MS } = options;
  const endMs = clock.now() + patienceMs;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await call(client, tableUploadStatus, { upload_id: uploadId }, { signal });
    const { uploadStatus, result } = answer.result();
    if (uploadStatus === "SUCCESS") return { id: idOf((result as { id?: unknown } | null | undefined)?.id), answer };
    if (uploadStatus !== "PENDING") {
      throw new MpError(`Cannot make the table: Mixpanel says ${uploadStatus} of upload ${uploadId}`, {
        category: "failure",
        code: "upload_failed",
        serverMessage: result === undefined || result === null ? undefined : stringifyJson(result),
      });
    }
    if (clock.now() + pauseMs > endMs) {
      throw new MpError(`Cannot tell what became of the table: upload ${uploadId} is still being read`, {
        category: "failure",
        code: "still_pending",
        hint: "'mp lookup-tables list' shows whether it is there",
        inDoubt: true,
      });
    }
    await clock.sleep(pauseMs, signal);
  }
}

function idOf(id: unknown): string | undefined {
  return id === undefined || id === null ? undefined : String(id);
}
