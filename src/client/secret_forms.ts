/** The forms in which a secret can stand in a text: as it is, and as addresses, JSON, HTML, base64 and hex have it. */

/** A piece that is shorter would be met by chance. */
const LEAST_MARK = 4;

/**
 * Pieces of which each form has one: runs of letters and digits, which no form changes. Undefined for a secret that has
 * no run that is long enough.
 */
export function marksOf(secret: string): string[] | undefined {
  const runs = [secret, ...base64Cores(secret)].map(longestRun);
  return runs.some((run) => run.length < LEAST_MARK) ? undefined : [...new Set([...runs, ...inHex(secret)])];
}

/** Matches each form of a secret. It takes a while: `marksOf` tells beforehand whether a text can hold one. */
export function secretPattern(secret: string): RegExp {
  const plain = [...secret].map(charactersForms).join("");
  const cores = [...base64Cores(secret), ...inHex(secret)].map((core) => [...core].map(base64Forms).join(""));
  // Base64 puts six bits into each character, so that those of the secret reach into the neighbours at its ends.
  const ends = "[A-Za-z0-9+/_-]{0,2}";
  return new RegExp(`${plain}|${ends}(?:${cores.join("|")})${ends}(?:=|%3[dD]){0,2}`, "g");
}

/** A character as it is, behind backslashes, and as an address (once or again), JSON or HTML may have it instead. */
function charactersForms(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const percent = [...new TextEncoder().encode(character)].map((byte) => `%(?:25)*${anyCase(hex(byte, 2))}`).join("");
  const units = character.split("").map((unit) => `\\\\+u${anyCase(hex(unit.charCodeAt(0), 4))}`).join("");
  const code = character.codePointAt(0)!;
  const named = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[character];
  const entities = [`#0*${code}`, `#[xX]0*${anyCase(hex(code, 1))}`, ...named === undefined ? [] : [named]];
  const itself = character === "\\" ? "\\\\+" : `\\\\*${RegExp.escape(character)}`;
  const inForm = character === " " ? ["\\+"] : [];
  return `(?:${[itself, percent, units, `&(?:${entities.join("|")});`, ...inForm].join("|")})`;
}

/** The same for the two signs of base64, which its other alphabet has in other ways. */
function base64Forms(character: string): string {
  if (character === "+") return `(?:-|${charactersForms("+")})`;
  return character === "/" ? `(?:_|${charactersForms("/")})` : character;
}

/**
 * What base64 makes of a text that stands somewhere in a longer one: three texts, by their place, without the characters
 * at the ends that the neighbours have a part in. JSON within base64 has some characters in other ways.
 */
function base64Cores(secret: string): string[] {
  const texts = new Set([secret, JSON.stringify(secret).slice(1, -1)]);
  return [...texts].flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    return [0, 1, 2].map((before) => {
      const padded = new Uint8Array(before + bytes.length);
      padded.set(bytes, before);
      const encoded = padded.toBase64({ omitPadding: true });
      return encoded.slice(Math.ceil(before * 8 / 6), Math.floor(padded.length * 8 / 6));
    });
  });
}

function inHex(secret: string): string[] {
  const small = new TextEncoder().encode(secret).toHex();
  return [small, small.toUpperCase()];
}

function longestRun(text: string): string {
  const runs = text.match(/[A-Za-z0-9]+/g) ?? [];
  return runs.reduce((longest, run) => run.length > longest.length ? run : longest, "");
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

const anyCase = (digits: string): string => digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
