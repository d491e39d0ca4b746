/** The main module of a thread that writes a table: the events come from the thread that fetches them. */
import { answerMessages } from "../../runtime/worker.ts";
import type { TableAnswer, TableMessage } from "./table_messages.ts";
import { TableWriter } from "./table_writer.ts";

let writer: TableWriter;
/** The lines in memory of this thread's own: decoders refuse such as is shared. */
let lines = new Uint8Array(0);

answerMessages(async (message): Promise<TableAnswer> => {
  try {
    return await answerTo(message as TableMessage);
  } catch (error) {
    return { kind: "fault", message: error instanceof Error ? error.message : String(error) };
  }
});

async function answerTo(message: TableMessage): Promise<TableAnswer> {
  switch (message.kind) {
    case "open":
      writer = await TableWriter.open(message.place, message.output);
      return { kind: "done" };
    case "take": {
      const { memory, bytes } = message;
      if (lines.length < bytes) lines = new Uint8Array(memory.byteLength);
      lines.set(new Uint8Array(memory, 0, bytes));
      await writer.take(lines.subarray(0, bytes));
      return { kind: "done" };
    }
    case "leave":
      await writer.leave();
      return { kind: "done" };
    case "end":
      return { kind: "ended", end: await writer.end() };
  }
}
