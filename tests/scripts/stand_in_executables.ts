/** The smallest files that pass for executables of a platform: they stand for base binaries, and start nowhere. */

const text = (characters: string) => new TextEncoder().encode(characters);

/** An ELF file with one empty segment. `machine`: 62 for x86_64, 183 for aarch64. */
export function elf(machine: number): Uint8Array {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, ...text("ELF"), 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(32, 64n, true);
  for (const [at, size] of [[52, 64], [54, 56], [56, 1], [58, 64]] as const) view.setUint16(at, size, true);
  view.setUint32(64, 1, true);
  for (const at of [96, 104]) view.setBigUint64(at, 4096n, true);
  return bytes;
}

/** A Mach-O file for Intel, with the two segments that every program has. */
export function machO(): Uint8Array {
  const bytes = new Uint8Array(16_384);
  const view = new DataView(bytes.buffer);
  [0xfeedfacf, 0x01000007, 3, 2, 2, 144, 0x85, 0].forEach((word, at) => view.setUint32(at * 4, word, true));
  for (const [at, name, offset] of [[32, "__TEXT", 0], [104, "__LINKEDIT", 8192]] as const) {
    view.setUint32(at, 0x19, true);
    view.setUint32(at + 4, 72, true);
    bytes.set(text(name), at + 8);
    [0x1_0000_0000 + offset, 8192, offset, 8192].forEach((word, index) =>
      view.setBigUint64(at + 24 + 8 * index, BigInt(word), true)
    );
  }
  return bytes;
}

/** A PE file with one section. `machine`: 0x8664 for x86_64, 0xaa64 for aarch64. */
export function pe(machine: number): Uint8Array {
  const bytes = new Uint8Array(1024);
  const view = new DataView(bytes.buffer);
  const [header, optional, section] = [128, 152, 392];
  bytes.set(text("MZ"));
  view.setUint32(60, header, true);
  bytes.set(text("PE"), header);
  view.setUint16(header + 4, machine, true);
  view.setUint16(header + 6, 1, true);
  view.setUint16(header + 20, section - optional, true);
  view.setUint16(header + 22, 0x22e, true);
  view.setUint16(optional, 0x20b, true);
  view.setBigUint64(optional + 24, 0x1_4000_0000n, true);
  const sizes = [[16, 0x1000], [32, 0x1000], [36, 0x200], [56, 0x2000], [60, 0x200], [108, 16]] as const;
  for (const [at, size] of sizes) view.setUint32(optional + at, size, true);
  bytes.set(text(".text"), section);
  const facts = [[8, 16], [12, 0x1000], [16, 0x200], [20, 0x200], [36, 0x6000_0020]] as const;
  for (const [at, fact] of facts) view.setUint32(section + at, fact, true);
  return bytes;
}
