/** Run as a process of its own by `file_test.ts`: adds five accounts, one by one. Arguments: the file, a prefix. */
import process from "node:process";
import { updateConfig } from "../../src/settings/file.ts";

const [path, prefix] = process.argv.slice(2) as [string, string];
for (let index = 0; index < 5; index++) {
  await updateConfig(path, () => ({
    set: [{ name: `${prefix}${index}`, oauthToken: { kind: "value", value: "abc" } }],
  }));
}
