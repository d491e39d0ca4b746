/** Where the events of a project lie in the database: full chunks, and a tail of what has come since. */
import { unzstdBlock, zstdBlock } from "../../runtime/compression/zstd_sync.ts";
import type { Database, Statement } from "../../runtime/sqlite.ts";
import { TextBlocks } from "./event_texts.ts";
import { inTransaction } from "./transaction.ts";

/** A database that is gone with the process keeps the texts of chunks alone: the rest is in memory anyway. */
export class EventFiles {
  readonly texts: TextBlocks;
  readonly #insertChunk: Statement;
  readonly #deleteChunk: Statement;
  readonly #insertTail: Statement;
  readonly #deleteTail: Statement;

  constructor(private readonly database: Database, readonly isKept: boolean) {
    this.texts = new TextBlocks(database);
    this.#insertChunk = database.prepare("INSERT INTO event_chunks (project_id, number, data) VALUES (?, ?, ?)");
    this.#deleteChunk = database.prepare("DELETE FROM event_chunks WHERE id = ?");
    this.#insertTail = database.prepare("INSERT INTO event_tails (project_id, data) VALUES (?, ?)");
    this.#deleteTail = database.prepare("DELETE FROM event_tails WHERE project_id = ?");
  }

  /** All of its writes or none; what `work` changes in memory is for the caller to undo. */
  together<T>(work: () => T): T {
    return inTransaction(this.database, work);
  }

  /** Begins a chunk, whose bytes are asked for if they are kept. Returns its id. */
  addChunk(projectId: number, number: number, bytes: () => Uint8Array): number {
    const data = this.isKept ? zstdBlock(bytes()) : new Uint8Array(0);
    return Number(this.#insertChunk.run(projectId, number, data).lastInsertRowid);
  }

  deleteChunk(id: number): void {
    this.texts.delete(id);
    this.#deleteChunk.run(id);
  }

  /** The chunks of a project in their order. */
  *chunks(projectId: number): Generator<{ id: number; bytes: Uint8Array }, void> {
    const ids = this.database.prepare("SELECT id FROM event_chunks WHERE project_id = ? ORDER BY number").all(
      projectId,
    );
    const read = this.database.prepare("SELECT data FROM event_chunks WHERE id = ?");
    for (const { id } of ids) {
      yield { id: id as number, bytes: unzstdBlock(read.get(id as number)!.data as Uint8Array) };
    }
  }

  /** Keeps what has come, in one step. */
  addTail(projectId: number, bytes: () => Uint8Array): void {
    if (this.isKept) this.#insertTail.run(projectId, bytes());
  }

  deleteTails(projectId: number): void {
    this.#deleteTail.run(projectId);
  }

  *tails(projectId: number): Generator<Uint8Array, void> {
    const rows = this.database.prepare("SELECT data FROM event_tails WHERE project_id = ? ORDER BY id").all(projectId);
    for (const { data } of rows) yield data as Uint8Array;
  }
}
