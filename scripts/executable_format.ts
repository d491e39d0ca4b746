/** What system and machine an executable is for, from its first bytes. */

const ELF = 0x464c457f;
const MACH_O = 0xfeedfacf;
const DOS = 0x5a4d;
const PE = 0x4550;

const ELF_MACHINES: Readonly<Record<number, string>> = { 62: "x86_64", 183: "aarch64" };
const MACH_O_MACHINES: Readonly<Record<number, string>> = { 0x01000007: "x86_64", 0x0100000c: "aarch64" };
const PE_MACHINES: Readonly<Record<number, string>> = { 0x8664: "x86_64", 0xaa64: "aarch64" };

/** The platform as LLVM calls it, such as `x86_64-unknown-linux-gnu`; undefined for what is no executable of a target. */
export function platformOfExecutable(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64) return undefined;
  if (view.getUint32(0, true) === ELF) {
    return named(ELF_MACHINES[view.getUint16(18, true)], "unknown-linux-gnu");
  }
  if (view.getUint32(0, true) === MACH_O) return named(MACH_O_MACHINES[view.getUint32(4, true)], "apple-darwin");
  if (view.getUint16(0, true) !== DOS) return undefined;
  const header = view.getUint32(60, true);
  if (header + 6 > bytes.length || view.getUint16(header, true) !== PE) return undefined;
  return named(PE_MACHINES[view.getUint16(header + 4, true)], "pc-windows-msvc");
}

function named(machine: string | undefined, system: string): string | undefined {
  return machine && `${machine}-${system}`;
}
