/** The files of a lake, as DuckDB reads them. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { duckDbFiles } from "../../src/sql/ddl/duckdb_table.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openDuckDb } from "./duckdb_engine.ts";

const folder = temporaryFolder();
const columns = [{ name: "plan", type: "string" }, { name: "amount", type: "number" }] as const;
const delimited = { separator: ",", time: "iso", nullText: "" } as const;

async function rows(statement: string): Promise<unknown[][]> {
  return (await (await openDuckDb()).runAndReadAll(statement)).getRows();
}

it("an empty text of CSV, which is in quotes, is not what is missing", async () => {
  for (const nullText of ["", "NULL"]) {
    folder.write(`texts${nullText}/a.csv`, `plan,amount\n"",1\n${nullText},2\n"NULL",3\n`);
    const lake = { location: folder.path(`texts${nullText}`), isFile: false, extension: ".csv", columns };
    const files = duckDbFiles({ ...lake, delimited: { ...delimited, nullText } });
    assert.deepEqual(await rows(`SELECT plan FROM ${files} ORDER BY amount`), [[""], [null], ["NULL"]]);
  }
});

it("a folder whose name has characters of patterns is that folder alone", async () => {
  const names = ["lake[1]", "lake1", ...process.platform === "win32" ? [] : ["lake*", "lake?"]];
  for (const name of names) folder.write(`${name}/a[2].csv`, `plan,amount\n${name},1\n`);
  for (const name of names) {
    for (const isFile of [false, true]) {
      const location = folder.path(isFile ? `${name}/a[2].csv` : name);
      const files = duckDbFiles({ location, isFile, extension: ".csv", columns, delimited });
      assert.deepEqual(await rows(`SELECT plan FROM ${files}`), [[name]]);
    }
  }
});
