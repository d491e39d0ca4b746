/** The least work of a raw export: `bun fetch_to_file.ts URL FILE` writes what comes, decoded and not looked at. */
import process from "node:process";
import { createWriteStream } from "node:fs";
import { once } from "node:events";

const [url = "", path = ""] = process.argv.slice(2);
const file = createWriteStream(path, { highWaterMark: 1 << 20 });
const { body } = await fetch(url);
for await (const chunk of body!) if (!file.write(chunk)) await once(file, "drain");
file.end();
