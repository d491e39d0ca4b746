/** JSON from the sandbox, with every digit of its integers where the browser can keep them. */

interface NewerJson {
  /** A number that is written out as it was read. */
  rawJSON?(text: string): unknown;
}

/** Asks the sandbox. Rejects when it does not answer, or refuses. */
export async function askSandbox<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  return JSON.parse(await answer.text(), keepDigits) as T;
}

function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source === undefined ? value : (JSON as NewerJson).rawJSON?.(source) ?? value;
}
