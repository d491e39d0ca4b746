/** Texts of events that come in, by their rows: one after another, or in the bodies that they were sent in. */
import { GrowingBytes, withRoom } from "../../analytics/table/bytes.ts";
import { giveSpare, inflatedAgain } from "../../runtime/compression/inflate_whole.ts";
import { areInRuns, type KeptBody, type Piece, piecesReader, type Texts } from "./chunk_texts.ts";
import { EventSpans } from "./event_spans.ts";

/** The body of a request, and the gzip data that it came as. */
export interface SentBody {
  bytes: Uint8Array;
  packed: Uint8Array;
}

/** Smaller bodies are compressed better together; of larger ones too much has to be read for a single event. */
const LEAST_BYTES = 64 * 1024, MOST_BYTES = 2 * 1024 * 1024;
/** It has to be so much shorter when it is compressed, */
const LEAST_RATIO = 3;
/** and most of it has to be what events are stored from. */
const LEAST_SHARE = 0.75;
/** As long as no body is kept, its events may be so many. */
const USUAL_ROWS = 256;

export class OpenTexts {
  readonly text = new GrowingBytes(64 * 1024);
  /** By row: where its text ends. Those in bodies have none. */
  ends = new Uint32Array(1024);
  rows = 0;
  #kept: KeptBody[] = [];
  /** Whether it seems worth while to keep bodies: they lie in the order of arrival, and are read in the order of time. */
  #keepsBodies = true;
  /** The body whose events come now, and that may be kept. */
  #sent: SentBody | undefined;
  /** The row of its first event, where its events begin, and how many bytes they have. */
  #firstSent = 0;
  #starts = new Uint32Array(256);
  #sentBytes = 0;
  /** What looks at bodies again. */
  readonly spans = new EventSpans();

  /** Whether the next event that was scanned is left in its body. */
  get keepsBody(): boolean {
    return this.#sent !== undefined;
  }

  get hasBodies(): boolean {
    return this.#kept.length > 0;
  }

  /** Begins with events that come together; the ordinary ones of them in `sent`. */
  begin(sent?: SentBody): void {
    this.#sent = this.#keepsBodies && sent !== undefined && isWorthKeeping(sent) ? sent : undefined;
    this.#firstSent = this.rows;
    this.#sentBytes = 0;
  }

  /** Adds the text of the event that was scanned last, which is stored as its bytes say. */
  addScanned(spans: EventSpans): void {
    if (this.#sent === undefined) {
      spans.appendText(this.text);
    } else {
      const index = this.rows - this.#firstSent;
      const { start, end } = spans.spans;
      if (index === this.#starts.length) this.#starts = withRoom(this.#starts, index + 1);
      this.#starts[index] = start;
      this.#sentBytes += end - start;
    }
    this.#endRow();
  }

  /** Adds the text of another event, which `append` puts at the end. */
  add(append: (text: GrowingBytes) => void): void {
    this.leaveBody();
    append(this.text);
    this.#endRow();
  }

  #endRow(): void {
    if (this.rows === this.ends.length) this.ends = withRoom(this.ends, this.rows + 1);
    this.ends[this.rows++] = this.text.length;
  }

  /** Keeps what has come since `begin`. */
  commit(): void {
    const sent = this.#sent;
    const count = this.rows - this.#firstSent;
    if (sent !== undefined && count > 0 && this.#sentBytes < LEAST_SHARE * sent.bytes.length) this.leaveBody();
    if (this.#sent !== undefined && count > 0) {
      const starts = this.#starts.slice(0, count);
      this.#kept.push({ firstRow: this.#firstSent, starts, packed: sent!.packed, size: sent!.bytes.length });
    }
    this.#sent = undefined;
  }

  /** Takes back what has come since `begin`. */
  discard(): void {
    this.rows = this.#firstSent;
    this.text.length = this.rows === 0 ? 0 : this.ends[this.rows - 1] as number;
    this.#sentBytes = 0;
  }

  /** Keeps nothing of the body whose events come now: those so far get texts. */
  leaveBody(): void {
    if (this.#sent === undefined) return;
    const { bytes } = this.#sent;
    for (let row = this.#firstSent; row < this.rows; row++) {
      this.spans.scan(bytes, this.#starts[row - this.#firstSent] as number);
      this.spans.appendText(this.text);
      this.ends[row] = this.text.length;
    }
    this.#sent = undefined;
  }

  /** Reads texts by their rows, mostly in the order of rows. */
  reader(mostOpen?: number): (row: number) => Uint8Array {
    return piecesReader(this.pieces(), mostOpen);
  }

  /** The texts so far, in the order of rows: they are good until more come. */
  pieces(): Piece[] {
    const pieces: Piece[] = [];
    let row = 0;
    for (const body of this.#kept) {
      if (row < body.firstRow) pieces.push(this.#copied(row, body.firstRow));
      pieces.push({ first: body.firstRow, body, read: () => textsOf(body, this.spans) });
      row = body.firstRow + body.starts.length;
    }
    if (row < this.rows) pieces.push(this.#copied(row, this.rows));
    return pieces;
  }

  /** Texts that lie one after another. */
  #copied(first: number, end: number): Piece {
    const begin = first === 0 ? 0 : this.ends[first - 1] as number;
    return {
      first,
      read: () => ({
        ends: first === 0 ? this.ends.subarray(0, end) : this.ends.slice(first, end).map((at) => at - begin),
        text: this.text.bytes.subarray(begin, this.ends[end - 1]),
      }),
    };
  }

  /** Begins with the next chunk, after one of whose rows the order of time is given. */
  clear(order: Uint16Array): void {
    const usual = Array.from({ length: Math.ceil(order.length / USUAL_ROWS) }, (_, index) => index * USUAL_ROWS);
    this.#keepsBodies = areInRuns(order, this.#kept.length > 0 ? this.pieces().map(({ first }) => first) : usual);
    this.#kept = [];
    this.text.length = this.rows = 0;
  }
}

function isWorthKeeping({ bytes, packed }: SentBody): boolean {
  const { length } = bytes;
  return length >= LEAST_BYTES && length <= MOST_BYTES && LEAST_RATIO * packed.length <= length;
}

/** Calls `read` with a body that was kept, decompressed: it is good until that returns. */
export function withBytes({ packed, size }: KeptBody, read: (bytes: Uint8Array) => void): void {
  const bytes = inflatedAgain(packed, size);
  read(bytes);
  giveSpare(bytes);
}

function textsOf(body: KeptBody, spans: EventSpans): Texts {
  const { size, starts } = body;
  const text = new GrowingBytes(size);
  const ends = new Uint32Array(starts.length);
  withBytes(body, (bytes) => {
    for (let index = 0; index < starts.length; index++) {
      spans.scan(bytes, starts[index] as number);
      spans.appendText(text);
      ends[index] = text.length;
    }
  });
  return { ends, text: text.bytes.subarray(0, text.length) };
}
