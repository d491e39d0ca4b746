/**
 * What a raw export says in place of an event when something is wrong. The status was 200 by then, so the text is all
 * there is. Users of other clients have reported `terminated early` (also as the whole answer), `export terminated
 * early`, `rate limit reached`, `error completing export request`, a cut-off `{"error":` and half a line.
 */
import { MpError } from "../../errors.ts";

const MAX_SHOWN_CHARACTERS = 120;
const GAVE_UP = /(export )?terminated early|error completing export request/i;
const RATE_LIMIT = /rate limit reached|too many export requests|exceeded .*rate limit/i;
const ERROR_OBJECT = /^\{\s*"error"\s*:/;

/**
 * The error that a line stands for, when the line is no event.
 *
 * @param records how many events came before it
 * @param options.cut true when the answer ended in this line, without a line feed
 */
export function interruption(line: Uint8Array, records: number, options: { cut?: boolean } = {}): MpError {
  const text = printable(new TextDecoder().decode(line.subarray(0, 4096)));
  const after = `after ${plural(records)}`;
  const quoted = JSON.stringify(shorten(text));
  if (RATE_LIMIT.test(text)) {
    return new MpError(`Cannot finish the export: Mixpanel stopped it ${after} with ${quoted}`, {
      category: "rate_limited",
      code: "export_rate_limited",
      serverMessage: text,
      hint: "wait a minute and run the command again; 'mp limits' shows what is left",
    });
  }
  if (GAVE_UP.test(text) || ERROR_OBJECT.test(text)) {
    return new MpError(`Cannot finish the export: Mixpanel stopped it ${after} with ${quoted}`, {
      category: "server",
      code: "export_terminated",
      serverMessage: serverWords(text),
      hint: "run the command again; fewer days at a time help when it happens again",
    });
  }
  if (options.cut && text.startsWith("{")) {
    return new MpError(`Cannot finish the export: the answer ends in the middle of a line, ${after}`, {
      category: "network",
      code: "export_cut",
      hint: "run the command again",
    });
  }
  const code = isWholeObject(line)
    ? "export_not_an_event"
    : records > 0 || text.startsWith("{")
    ? "export_broken"
    : "not_an_export";
  return new MpError(`Cannot finish the export: ${after} comes a line that is no event: ${quoted}`, {
    category: "server",
    code,
    serverMessage: text,
    hint: HINTS[code],
  });
}

const HINTS = {
  not_an_export: "something else than Mixpanel's export has answered: check the region and the host with 'mp whoami'",
  export_broken: "run the command again; if it stays, check the region and the host with 'mp whoami'",
  export_not_an_event: "the same answer would come again: leave the day of that line out, and ask Mixpanel about it",
} as const;

const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, SPACE = 0x20;

/** Whether a line begins and ends as an event does, so that nothing of it is missing. */
function isWholeObject(line: Uint8Array): boolean {
  return line.find((byte) => byte > SPACE) === OPEN_OBJECT && line.findLast((byte) => byte > SPACE) === CLOSE_OBJECT;
}

function plural(records: number): string {
  return records === 1 ? "1 event" : `${records.toLocaleString("en-US")} events`;
}

function serverWords(text: string): string {
  const match = /"error"\s*:\s*"([^"]*)/.exec(text);
  return match?.[1] || text;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** Control characters could move a terminal's cursor. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it looks for
  return text.replace(/[\u0000-\u0020\u007f-\u009f]+/g, " ").trim();
}
