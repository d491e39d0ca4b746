/** Records that follow each other in the input, and are settled together. */
import type { Batch, RejectedRecord } from "./batch.ts";
import { addFixes, type DeliverySummary } from "./delivery_summary.ts";

/** A rejected record, with how many of the records that are sent come before it. */
interface PlacedReject {
  before: number;
  record: RejectedRecord;
}

export class DeliveryUnit {
  /** Records of the input up to its end, those included that were skipped. */
  endRecord: number;
  read = 0;
  /** Repairs by kind. */
  fixed: readonly (readonly [kind: string, count: number])[] = [];
  accepted = 0;
  skipped = 0;
  /** Of what was sent and answered. */
  bytes = 0;
  /** Whether what became of all its records is known. */
  isAnswered = false;
  /** Rejected before they were sent. */
  localRejects = 0;
  /** What the texts of those take, about. */
  localCharacters = 0;
  #rejects: PlacedReject[] = [];

  constructor(startRecord: number) {
    this.endRecord = startRecord;
  }

  /** @param characters in what stood in the source, where that is kept */
  rejectLocally(record: RejectedRecord, before: number, characters: number): void {
    this.localRejects++;
    this.localCharacters += characters;
    this.#rejects.push({ before, record });
  }

  /** Takes what became of its batch, which is not needed after this. */
  answer(batch: Batch, accepted: number, refused: readonly RejectedRecord[]): void {
    this.accepted = accepted;
    this.bytes = batch.bytes.length;
    if (refused.length === 0) return;
    const placeOf = new Map<string, number>();
    for (let index = batch.count - 1; index >= 0; index--) placeOf.set(nameOf(batch.placeOf(index)), index);
    for (const record of refused) {
      this.#rejects.push({ before: placeOf.get(nameOf(record)) ?? 0, record });
    }
    this.#rejects.sort((a, b) => a.before - b.before);
  }

  /** All its rejected records, in the order of the input, once. */
  takeRejected(): RejectedRecord[] {
    const records = this.#rejects.map(({ record }) => record);
    this.#rejects = [];
    return records;
  }

  /** Adds what became of its records. */
  addTo(summary: DeliverySummary, rejected: readonly RejectedRecord[]): void {
    summary.read += this.read;
    summary.accepted += this.accepted;
    summary.rejected += countOf(rejected);
    summary.skipped += this.skipped;
    summary.bytes += this.bytes;
    addFixes(summary.fixed, this.fixed);
  }
}

/** How many records these entries stand for. */
export function countOf(rejected: readonly RejectedRecord[]): number {
  return rejected.reduce((sum, { count }) => sum + count, 0);
}

function nameOf({ source, line }: { source: string; line: number }): string {
  return `${line} ${source}`;
}
