/** The texts of a chunk's events, which lie in pieces that are read as a whole. */

/** Texts one after another. */
export interface Texts {
  /** Where each ends. */
  ends: Uint32Array;
  text: Uint8Array;
}

/** A piece: as many texts as there are from its first one to the first one of the next piece. */
export interface Piece {
  /** The place of its first text, or its row. */
  first: number;
  read(): Texts;
  /** What the texts are made from, when it is a body that was kept as it was sent. */
  body?: KeptBody;
}

/** The body of a request, from which events were stored as their bytes say. */
export interface KeptBody {
  /** The row of the first. */
  firstRow: number;
  /** Where each event begins in the body. */
  starts: Uint32Array;
  /** The body as gzip data. */
  packed: Uint8Array;
  /** How many bytes it has without. */
  size: number;
}

export interface ChunkTexts {
  /** The chunk's rows in the order of time. Those that were deleted are not among them. */
  readonly order: Uint16Array;
  /** Reads texts by their places in that order. Best one after the other. A text is good until the next one is read. */
  reader(): (place: number) => Uint8Array;
}

/** A reader keeps so many pieces that it has read. */
const MOST_OPEN = 3;

/** Texts that lie in the order of time, or, if `areByRow`, in that of rows. */
export function chunkTexts(order: Uint16Array, pieces: readonly Piece[], areByRow = false): ChunkTexts {
  return {
    order,
    reader: () => {
      const read = piecesReader(pieces);
      return areByRow ? (place) => read(order[place] as number) : read;
    },
  };
}

/** Reads texts of pieces by their numbers. */
export function piecesReader(pieces: readonly Piece[], mostOpen = MOST_OPEN): (number: number) => Uint8Array {
  /** The newest is the last. */
  const open: { first: number; end: number; texts: Texts }[] = [];
  let { first, end, texts }: typeof open[number] = { first: 0, end: 0, texts: NO_TEXTS };
  return (number) => {
    if (number < first || number >= end) {
      const index = open.findIndex((one) => number >= one.first && number < one.end);
      let found = open[index];
      if (found === undefined) {
        const piece = pieces[pieceOf(pieces, number)] as Piece;
        const read = piece.read();
        found = { first: piece.first, end: piece.first + read.ends.length, texts: read };
        if (open.length === mostOpen) open.shift();
      } else {
        open.splice(index, 1);
      }
      open.push(found);
      ({ first, end, texts } = found);
    }
    return textAt(texts, number - first);
  };
}

const NO_TEXTS: Texts = { ends: new Uint32Array(0), text: new Uint8Array(0) };

function textAt({ ends, text }: Texts, index: number): Uint8Array {
  return text.subarray(index === 0 ? 0 : ends[index - 1] as number, ends[index]);
}

/** The index of the last piece that begins at or before a number. */
export function pieceOf(pieces: readonly Piece[], number: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle] as Piece).first <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Whether a reader that goes through the rows in this order reads few of the pieces twice.
 *
 * @param firsts the first rows of the pieces
 */
export function areInRuns(order: Uint16Array, firsts: readonly number[]): boolean {
  const pieces = firsts.map((first) => ({ first, read: () => NO_TEXTS }));
  const open: number[] = [];
  let first = 0, end = 0, reads = 0;
  for (const row of order) {
    if (row >= first && row < end) continue;
    const piece = pieceOf(pieces, row);
    first = firsts[piece] as number;
    end = firsts[piece + 1] ?? Infinity;
    const index = open.indexOf(piece);
    if (index >= 0) open.splice(index, 1);
    else if (++reads > 2 * firsts.length) return false;
    else if (open.length === MOST_OPEN) open.shift();
    open.push(piece);
  }
  return true;
}

/** Rows in the order of time, and of arrival within a moment. */
export function inOrderOfTime(timesMs: Float64Array): Uint16Array {
  const order = new Uint16Array(timesMs.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  for (let row = 1; row < timesMs.length; row++) {
    if ((timesMs[row] as number) < (timesMs[row - 1] as number)) {
      return order.sort((a, b) => (timesMs[a] as number) - (timesMs[b] as number) || a - b);
    }
  }
  return order;
}
