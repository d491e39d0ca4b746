/** Copies one part, and accounts for each of its records. */
import type { Clock } from "../../runtime/clock.ts";
import type { Client } from "../../client/types.ts";
import type { JobProgress } from "../progress.ts";
import type { Settled } from "../import/deliver.ts";
import { DeliveryStoppedError, type DeliverySummary } from "../import/delivery_summary.ts";
import type { ReadWith } from "../../records/read/rejected_lines.ts";
import type { RecordBlock } from "../../records/read/record_block.ts";
import type { RejectedRecord } from "../import/batch.ts";
import { alsoFailed } from "../../errors.ts";
import { copiedBlocks, type RewriteLine } from "./copied_blocks.ts";
import type { RejectFile } from "../import/reject_file.ts";
import type { CopiedPart, CopyState } from "./copy_state.ts";

/** What the parts of a copy have in common. */
export interface CopyContext {
  source: Client;
  target: Client;
  state: CopyState;
  rejects: RejectFile;
  /** Of this machine, for what is on its way. */
  folder: string;
  clock: Clock;
  signal?: AbortSignal;
  onReject?(record: RejectedRecord): Promise<void> | void;
  progress: JobProgress;
  /** Called with a part that could not be finished, as far as it came. */
  onStopped?(part: CopiedPart): void;
  onNote(line: string): Promise<void>;
}

/** How records are delivered: an import of events, or updates of profiles. */
export type Deliver = (blocks: AsyncIterable<RecordBlock>, options: {
  clock: Clock;
  signal?: AbortSignal;
  earlier?: Settled;
  resuming(): string;
  onReject(record: RejectedRecord): Promise<void>;
  onSettled(settled: Settled): Promise<void>;
  progress: JobProgress;
}) => Promise<DeliverySummary>;

export interface PartToCopy {
  name: string;
  from?: string;
  to?: string;
  /** Tells its records from those that an earlier run may have had under this name. */
  version: string;
  /** Default: as many as are read. */
  exported?: number;
  lines(): AsyncIterable<Uint8Array>;
  rewrite: RewriteLine;
  growth: number;
  /** What takes the rejected ones, when it is not `mp import`. */
  readWith?: ReadWith;
}

export const GO_ON = "run the same command again: it continues where this one stopped";

/**
 * Delivers the records of a part that an earlier run has not settled.
 *
 * @throws DeliveryStoppedError when it cannot go on; what is settled stays so.
 */
export async function copyPart(context: CopyContext, part: PartToCopy, deliver: Deliver): Promise<CopiedPart> {
  const { state, rejects, clock, signal, onReject, progress } = context;
  const { name, version, from, to } = part;
  const earlier = state.earlierOf(name, version);
  if (earlier === undefined) await rejects.cutTo(await state.giveUpPart());
  else progress.advance({ records: earlier.summary.accepted + earlier.summary.rejected });
  let leftOut = 0;
  const blocks = copiedBlocks(part.lines(), {
    name,
    rewrite: part.rewrite,
    growth: part.growth,
    onLeftOut: (count) => void (leftOut += count),
  });
  try {
    const { read, accepted, rejected } = await deliver(blocks, {
      clock,
      signal,
      earlier,
      resuming: () => GO_ON,
      onReject: async (record) => {
        await rejects.write(record, part.readWith);
        await onReject?.(record);
      },
      onSettled: (settled) => state.settle({ name, version, settled, rejectsBytes: rejects.bytes }),
      progress,
    });
    const copied = { name, from, to, exported: part.exported ?? read + leftOut, accepted, rejected, leftOut };
    await state.finish(copied, rejects.bytes);
    return copied;
  } catch (error) {
    if (error instanceof DeliveryStoppedError) {
      const { read, accepted, rejected, inDoubt } = error.summary;
      const exported = part.exported ?? read + leftOut;
      context.onStopped?.({ name, from, to, exported, accepted, rejected, leftOut, inDoubt });
    }
    throw await state.save().then(() => error, (further) => alsoFailed(error, further));
  }
}
