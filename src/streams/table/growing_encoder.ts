/** Encodes records whose columns are found on the way, so that they are read once. */
import { concatenate } from "../chunks.ts";
import type { RecordColumns } from "./columns.ts";
import type { Column, EncodedEnd, EncodingReport, GrowingEncoder, RecordEncoder } from "./record_encoder.ts";

/** Where an encoder stops to wait for what may come; smaller ones make it wait less, and be wrong more often. */
export interface GrowthLimits {
  /** So much is looked at before anything is encoded: most columns are known then, and what their types are. */
  headBytes: number;
  /**
   * Of Parquet: after so many values the type of a column is taken for settled. Until then they are held, of all columns
   * together up to so many bytes.
   */
  settledValues: number;
  unsettledBytes: number;
  /** Of Parquet: rows of a group. */
  groupRows: number;
}

export const GROWTH_LIMITS: GrowthLimits = {
  headBytes: 4 * 1024 * 1024,
  settledValues: 4096,
  unsettledBytes: 16 * 1024 * 1024,
  groupRows: 64 * 1024,
};

const NOTHING = new Uint8Array(0);

export interface EncoderMakers {
  /** The columns that the finder has found so far, as the file would have them. */
  columns(): Column[];
  /** An encoder that begins with these columns and adds others. */
  growing(columns: readonly Column[]): GrowingEncoder;
  /** An encoder of these columns alone. */
  fixed(columns: readonly Column[]): RecordEncoder;
}

export class HeadFirstEncoder implements GrowingEncoder {
  readonly #finder: RecordColumns;
  readonly #make: EncoderMakers;
  readonly #mostHeadBytes: number;
  #encoder: GrowingEncoder | RecordEncoder | undefined;
  #head: Uint8Array[] = [];
  #headBytes = 0;

  constructor(finder: RecordColumns, make: EncoderMakers, headBytes: number) {
    this.#finder = finder;
    this.#mostHeadBytes = headBytes;
    this.#make = make;
  }

  get report(): EncodingReport {
    return this.#encoder?.report ?? { others: [], nuls: 0, replaced: 0 };
  }

  begin(): Uint8Array {
    return NOTHING;
  }

  async encode(lines: Uint8Array): Promise<Uint8Array> {
    if (this.#encoder !== undefined) return await this.#encoder.encode(lines);
    this.#finder.observe(lines);
    this.#head.push(lines.slice());
    this.#headBytes += lines.length;
    return this.#headBytes < this.#mostHeadBytes
      ? NOTHING
      : await this.#encodeHead(this.#make.growing(this.#make.columns()));
  }

  async endWith(columns: readonly Column[]): Promise<EncodedEnd | undefined> {
    if (this.#encoder !== undefined) return await (this.#encoder as GrowingEncoder).endWith(columns);
    const encoder = this.#make.fixed(columns);
    return { bytes: concatenate([await this.#encodeHead(encoder), await encoder.end()]) };
  }

  async #encodeHead(encoder: GrowingEncoder | RecordEncoder): Promise<Uint8Array> {
    this.#encoder = encoder;
    const parts = [encoder.begin().slice()];
    for (const lines of this.#head.splice(0)) parts.push((await encoder.encode(lines)).slice());
    return concatenate(parts);
  }
}
