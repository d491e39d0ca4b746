/** The least work of thirty exports at once: `bun fetch_days.ts FOLDER URL…` writes a file for each address. */
import process from "node:process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

const [folder = "", ...urls] = process.argv.slice(2);
await Promise.all(urls.map(async (url, index) => {
  const file = openSync(join(folder, `${index}.jsonl`), "w");
  const { body } = await fetch(url);
  for await (const chunk of body!) writeSync(file, chunk);
  closeSync(file);
}));
