/**
 * What loops over millions of rows need: arrays of one kind, and no branch on what is as good as random, such as the next
 * event's name. Each of these makes them several times as fast.
 */
import type { EventView } from "./event_view.ts";
import { chosenNames } from "./scan.ts";

const EVERY_BIT = -1;

/** By code of an event's name: all bits for those that are looked at, and none for others. */
export function nameMasks(view: EventView, names: readonly string[] | undefined): Int32Array {
  return Int32Array.from(chosenNames(view, names), (isChosen) => isChosen === 1 ? EVERY_BIT : 0);
}

/** Codes in words, copied into `room`. */
export function wordsOf(codes: ArrayLike<number>, room: Uint32Array): Uint32Array {
  room.set(codes);
  return room;
}
