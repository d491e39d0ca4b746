/** The library of questions, as every command that asks uses it. Only interactive commands load it. */
import { promptStreams } from "../runtime/terminal.ts";

/** The key that says "nothing more comes". */
const CTRL_D = "\x04";

/** The questions, and the streams to give to each of them. Ctrl-C, Escape and Ctrl-D cancel them. */
export async function loadQuestions() {
  const ask = await import("@clack/prompts");
  ask.updateSettings({ aliases: { [CTRL_D]: "cancel" } });
  return { ask, streams: promptStreams() };
}
