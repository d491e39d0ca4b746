/** A canvas of braille characters: each cell holds 2 × 4 dots. Several layers share it, one for each line. */

/** What stands in one cell of the canvas. */
export interface BrailleCell {
  character: string;
  /** The layer that has the most dots in it; undefined when the cell is empty. */
  layer?: number;
}

// The dots of a cell by column and row, as the Unicode braille block numbers them.
const DOTS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

export class BrailleCanvas {
  readonly #layers: Uint8Array[];

  constructor(readonly columns: number, readonly rows: number, layers: number) {
    this.#layers = Array.from({ length: layers }, () => new Uint8Array(columns * rows));
  }

  /** Sets a dot; x counts from the left to `columns * 2`, y from the top to `rows * 4`. */
  dot(layer: number, x: number, y: number): void {
    this.#layers[layer][(y >> 2) * this.columns + (x >> 1)] |= DOTS[x & 1][y & 3];
  }

  /** A straight line of dots, both ends included; with a `stride`, only every n-th dot, counted from the far end. */
  line(layer: number, fromX: number, fromY: number, toX: number, toY: number, stride = 1): void {
    const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1);
    for (let step = steps; step >= 0; step -= stride) {
      const part = step / steps;
      this.dot(layer, Math.round(fromX + (toX - fromX) * part), Math.round(fromY + (toY - fromY) * part));
    }
  }

  cell(column: number, row: number): BrailleCell {
    const index = row * this.columns + column;
    let dots = 0;
    let layer: number | undefined;
    let most = 0;
    this.#layers.forEach((bits, candidate) => {
      const count = bitCount(bits[index]);
      dots |= bits[index];
      if (count > most) [layer, most] = [candidate, count];
    });
    return { character: dots === 0 ? " " : String.fromCharCode(0x2800 + dots), layer };
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
