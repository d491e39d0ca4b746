/** Ids that a spreadsheet has made of longer ones: many users become one. */
import { LongNumber } from "../../streams/json/json.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";

/** `1.23457E+15`, as spreadsheets and most programs write a large number for which they have no room. */
const SHORTENED_ID = /^\d(?:\.\d+)?[eE]\+\d\d$/;
const NONE: readonly never[] = [];

/** What is to be said of ids, each with the name of its field. */
export function idWarnings(ids: Readonly<Record<string, unknown>>): readonly RecordProblem[] {
  let found: RecordProblem[] | undefined;
  for (const field in ids) {
    const id = ids[field];
    const text = typeof id === "string" ? id : id instanceof LongNumber ? id.text : "";
    if (SHORTENED_ID.test(text)) (found ??= []).push(ruleProblem("id_shortened", { field, detail: text }));
  }
  return found ?? NONE;
}
