/** What another program reads in a picture: `npm run test:readers`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { it } from "node:test";
import { pictureFile } from "../../src/output/svg/picture.ts";
import { pngOf } from "../../src/output/svg/png.ts";
import { describeUnless } from "../helpers/needs.ts";
import { readPng } from "../helpers/png_reader.ts";
import { installPackages, PICTURES } from "../helpers/python_packages.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { CHARTS, HEADING } from "../output/sample_reports.ts";

/** The size, and the colour of each 97th pixel. */
const SCRIPT = `
import json, sys
from PIL import Image
image = Image.open(sys.argv[1])
image.load()
pixels = list(image.convert("RGB").getdata())
print(json.dumps([image.format, *image.size, ["#%02x%02x%02x" % one for one in pixels[::97]]]))
`;

const installed = installPackages(PICTURES);
describeUnless("reason" in installed && installed.reason, "pictures", () => {
  const { python } = installed as { python: string };
  const folder = temporaryFolder();

  for (const [kind, chart] of Object.entries(CHARTS)) {
    it(`of the kind ${kind} are the same for Pillow`, async () => {
      const path = folder.path(`${kind}.png`);
      const bytes = await pngOf(pictureFile(chart, HEADING, { isLight: true }));
      writeFileSync(path, bytes);
      const { stdout, stderr } = spawnSync(python, ["-c", SCRIPT, path], { encoding: "utf8" });
      const [format, width, height, sample] = JSON.parse(stdout || JSON.stringify(stderr));
      const pixels = readPng(bytes);
      assert.deepEqual([format, width, height], ["PNG", pixels.width, pixels.height]);
      assert.deepEqual(
        sample,
        Array.from(sample, (_, index) => pixels.at(index * 97 % width, Math.floor(index * 97 / width))),
      );
      assert.ok(new Set(sample).size > 3);
    });
  }
});
