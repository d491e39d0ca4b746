/** The main module of a thread that makes tables: the events come from the thread that fetches them. */
import { answerMessages } from "../../runtime/worker.ts";
import type { LinesMessage, TableAnswer, TableMessage, UnitsMessage } from "./table_messages.ts";
import { TableWriter } from "./table_writer.ts";
import { UnitTables } from "./unit_tables.ts";

let writer: TableWriter;
let units: UnitTables | undefined;

const DONE: TableAnswer = { kind: "done" };

answerMessages(async (message): Promise<TableAnswer> => {
  try {
    return await answerTo(message as LinesMessage | TableMessage | UnitsMessage);
  } catch (error) {
    return { kind: "fault", message: error instanceof Error ? error.message : String(error) };
  }
});

async function answerTo(message: LinesMessage | TableMessage | UnitsMessage): Promise<TableAnswer> {
  switch (message.kind) {
    case "open":
      writer = await TableWriter.open(message.file, message.output);
      return DONE;
    case "take": {
      const lines = new Uint8Array(message.memory, 0, message.bytes);
      await (units === undefined ? writer.take(lines) : units.take(message.id, lines));
      return DONE;
    }
    case "leave":
      await writer.leave();
      return DONE;
    case "end":
      return { kind: "ended", end: await writer.end() };
    case "units":
      units = new UnitTables(message.job);
      return DONE;
    case "begin":
      units!.begin(message.slice);
      return DONE;
    case "whole":
      return { kind: "slice", tables: await units!.whole(message.id) };
    case "drop":
      await units!.drop(message.id);
      return DONE;
    case "finish":
      return { kind: "made", made: await units!.finish(message.id, message.unit, message.schema) };
  }
}
