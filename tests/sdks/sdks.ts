/** Mixpanel's SDKs as they are published, and what makes a program of the lines that mp shows for each. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BUN, ROOT } from "../../scripts/project.ts";
import { CHROMIUM } from "../helpers/browser.ts";
import { install } from "../helpers/install.ts";
import { installPackages, SDK as PYTHON_SDK } from "../helpers/python_packages.ts";
import { GO_SDK, goEnv, installBrowserSdk, installGoSdk, installJavaSdk } from "../helpers/registries.ts";

export interface Sdk {
  /** Where programs are run, or why they cannot be. */
  prepare(): { folder: string } | { reason: string };
  /** The name of the program's file. */
  file: string;
  /** The program, around the lines. */
  program(lines: string): string;
  /** What runs the file in the folder. */
  command(file: string, folder: string): readonly string[];
  env?(folder: string): Record<string, string>;
}

/** Those that run on a desk, by the names of the snippets. */
export const SDKS: Readonly<Record<string, Sdk>> = {
  "Node.js": {
    prepare: () => ({ folder: join(ROOT, "dist") }),
    file: "snippet.mjs",
    program: (lines) => lines,
    command: (file) => [BUN, file],
  },
  Python: {
    prepare() {
      const installed = installPackages(PYTHON_SDK);
      return "reason" in installed ? installed : { folder: join(installed.python, "..", "..") };
    },
    file: "snippet.py",
    program: (lines) => lines,
    command: (file, folder) => [join(folder, "bin", "python"), file],
  },
  Go: {
    prepare: () => missing("go") ?? installGoSdk(),
    file: "snippet_test.go",
    // The one snippet leaves the error to the reader, the other ends with it.
    program: (lines) =>
      `package snippet\nimport (\n"context"\n"os"\n"testing"\n"${GO_SDK}"\n)\n` +
      `func TestSnippet(t *testing.T) {\nctx := context.Background()\n_ = os.Getenv\n${lines}` +
      `${lines.includes("t.Fatal") ? "" : "\nif err != nil {\nt.Fatal(err)\n}"}\n}\n`,
    command: (file) => ["go", "test", "-count=1", file],
    env: goEnv,
  },
  Java: {
    prepare: () => missing("mvn", "java") ?? installJavaSdk(),
    file: "Snippet.java",
    program: (lines) =>
      `import com.mixpanel.mixpanelapi.*;\nimport org.json.JSONObject;\npublic class Snippet {\n` +
      `public static void main(String[] args) throws Exception {\n${lines}\n}\n}\n`,
    command: (file, folder) => ["java", "-cp", join(folder, "*"), file],
  },
  PHP: {
    prepare: () =>
      missing("php", "composer") ?? install({
        name: "php-sdk-2",
        commands: () => [["composer", "--no-interaction", "--quiet", "require", "mixpanel/mixpanel-php"]],
      }),
    file: "snippet.php",
    program: (lines) => `<?php\nrequire "vendor/autoload.php";\n${lines}\n`,
    command: (file) => ["php", file],
  },
  Ruby: {
    prepare: () =>
      missing("ruby", "gem") ?? install({
        name: "ruby-sdk",
        commands: (folder) => [["gem", "install", "--no-document", "--install-dir", folder, "mixpanel-ruby"]],
      }),
    file: "snippet.rb",
    program: (lines) => `require "mixpanel-ruby"\n${lines}\n`,
    command: (file) => ["ruby", file],
    env: (folder) => ({ GEM_PATH: folder }),
  },
};

/** The SDK for browsers, which a page has to load. */
export const prepareBrowserSdk = (): { folder: string } | { reason: string } =>
  CHROMIUM === undefined ? { reason: "no Chromium" } : installBrowserSdk();

/** The first of these programs that is not here. */
function missing(...programs: string[]): { reason: string } | undefined {
  const absent = programs.find((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return absent === undefined ? undefined : { reason: `no ${absent}` };
}
