/** Where items go, one by one. */
export interface Sink {
  push(item: unknown): void;
  /** All items have come. */
  end(): void;
}

/** @throws TypeError for anything else. */
export function needFunction(name: string, given: unknown): void {
  if (typeof given !== "function") throw new TypeError(`${name}() needs a function`);
}
