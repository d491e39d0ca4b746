/** What the binary is made of: a CycloneDX bill of materials and the licences' texts, both from the lock file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../../src/version.ts";
import { ROOT } from "../project.ts";

interface LockedPackage {
  version: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
  dependencies?: Record<string, string>;
}

interface Part {
  name: string;
  version: string;
  license: string;
  /** Of the package's archive, base64, as the lock file has it. */
  sha512?: string;
  dependencies: string[];
}

/** The packages inside the binary, in the order of their names, and the runtime. */
export function parts(root: string = ROOT): Part[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages)
    .filter(([path, one]) => path !== "" && (!one.dev || path === "node_modules/bun"))
    .map(([path, { version, license, integrity, dependencies }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      license: license ?? "UNKNOWN",
      sha512: integrity?.startsWith("sha512-") ? integrity.slice("sha512-".length) : undefined,
      dependencies: Object.keys(dependencies ?? {}),
    }))
    .sort((one, other) => one.name < other.name ? -1 : 1);
}

/**
 * The bill of materials in CycloneDX 1.5.
 *
 * @param seconds the time of the release, since 1970
 */
export function billOfMaterials(seconds: number): string {
  const all = parts();
  const reference = ({ name, version }: { name: string; version: string }) =>
    `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  const known = new Map(all.map((part) => [part.name, reference(part)]));
  const self = `pkg:generic/mp@${VERSION}`;
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": self,
        name: "mp",
        version: VERSION,
        licenses: [{ license: { id: "MIT" } }],
        purl: self,
      },
    },
    components: all.map((part) => ({
      type: part.name === "bun" ? "platform" : "library",
      "bom-ref": reference(part),
      name: part.name,
      version: part.version,
      licenses: [{ license: { id: part.license } }],
      purl: reference(part),
      ...part.sha512 === undefined ? {} : {
        hashes: [{ alg: "SHA-512", content: Buffer.from(part.sha512, "base64").toString("hex") }],
      },
    })),
    dependencies: [
      { ref: self, dependsOn: directDependencies().map((name) => known.get(name)).filter(Boolean) },
      ...all.map((part) => ({
        ref: reference(part),
        dependsOn: part.dependencies.map((name) => known.get(name)).filter(Boolean),
      })),
    ],
  };
  return JSON.stringify(document, null, 2) + "\n";
}

function directDependencies(): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return [...Object.keys(manifest.dependencies), "bun"];
}

/** The licences of everything inside the binary, each with its text where the package carries one. */
export function thirdPartyNotices(): string {
  const pieces = parts().map(({ name, version, license }) => {
    const title = `${name} ${version} (${license})`;
    return `${title}\n${"=".repeat(title.length)}\n\n${
      licenseText(name) ?? `Licence: ${license}. Source: ${sourceOf(name)}`
    }`;
  });
  const bun =
    "The program is compiled with Bun, which contains JavaScriptCore, BoringSSL, zlib and other software under " +
    "licences of their own: LGPL-2.1, Apache-2.0, BSD, MIT and zlib. Bun's own list of them is its LICENSE.md.";
  return [`Software inside mp ${VERSION}\n\n${bun}`, ...pieces].join("\n\n\n") + "\n";
}

/** Where a package's source is, which the Mozilla Public License wants to be said. */
function sourceOf(name: string): string {
  const { repository } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
  const address: string = typeof repository === "string" ? repository : repository?.url ?? "the package itself";
  return address.replace(/^git@([^:]+):/, "https://$1/").replace(/^git\+/, "").replace(/\.git$/, "");
}

function licenseText(name: string): string | undefined {
  const folder = join(ROOT, "node_modules", name);
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).sort().find((one) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(one));
  return file && readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}
