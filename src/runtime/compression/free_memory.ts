/** Gives memory back before a garbage collector would, which sees neither how much there is nor how soon it is needed. */

/** Frees what holds these bytes and nothing else; nobody may use them any more. */
export function freeMemory(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer;
  if (bytes.length > 0 && bytes.length === buffer.byteLength) buffer.transfer(0);
}
