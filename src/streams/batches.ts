/** Groups records into batches that a server takes. */

export interface BatchLimits {
  records: number;
  /** Of the records together, each with the line feed behind it. May be lowered while batches are made. */
  bytes: number;
}

/** A record that knows its size in bytes, as it will be sent. */
export interface Sized {
  bytes: number;
}

/**
 * Batches of at most `limits.records` records and `limits.bytes` bytes, in order. A record that is too large by itself
 * is a batch of its own. One batch is held in memory.
 */
export async function* batches<R extends Sized>(
  blocks: AsyncIterable<readonly R[]>,
  limits: Readonly<BatchLimits>,
): AsyncGenerator<R[], void> {
  let batch: R[] = [];
  let bytes = 0;
  for await (const block of blocks) {
    for (const record of block) {
      const size = record.bytes + 1;
      if (batch.length > 0 && (batch.length >= limits.records || bytes + size > limits.bytes)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(record);
      bytes += size;
    }
  }
  if (batch.length > 0) yield batch;
}
