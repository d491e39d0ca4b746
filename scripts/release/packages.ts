/** The files by which other installers take a release: a Debian package, a Homebrew formula, a Scoop manifest, a Dockerfile. */
import { gzipSync } from "node:zlib";
import { ar, type ArchiveFile, tarGz, textFile } from "./archives.ts";
import { archiveName, RELEASE_TARGETS } from "./targets.ts";

const DESCRIPTION = "Mixpanel's HTTP API on the command line";

/** Where the files of an archive go on a Debian system. */
const DEBIAN_PLACES: readonly (readonly [from: string, to: string])[] = [
  ["mp", "usr/bin/mp"],
  ["completions/mp.bash", "usr/share/bash-completion/completions/mp"],
  ["completions/_mp", "usr/share/zsh/vendor-completions/_mp"],
  ["completions/mp.fish", "usr/share/fish/vendor_completions.d/mp.fish"],
  ["LICENSE", "usr/share/doc/mp/copyright"],
  ["THIRD_PARTY_NOTICES.txt", "usr/share/doc/mp/THIRD_PARTY_NOTICES.txt"],
];

/**
 * A Debian package of the files of an archive, whose paths are relative to the archive's folder.
 *
 * @param facts.architecture in Debian's words: `amd64`, `arm64`
 * @param facts.maintainer a name with an address, as Debian wants one
 */
export function debianPackage(
  files: readonly ArchiveFile[],
  facts: { version: string; architecture: string; maintainer: string; seconds: number; level?: number },
): Uint8Array {
  const placed = files.flatMap((file): ArchiveFile[] => {
    const place = DEBIAN_PLACES.find(([from]) => from === file.path)?.[1];
    if (place !== undefined) return [{ ...file, path: `./${place}` }];
    if (file.path.startsWith("guides/")) return [{ ...file, path: `./usr/share/doc/mp/${file.path}` }];
    if (!file.path.startsWith("man/")) return [];
    const manual = new Uint8Array(gzipSync(file.content, { level: 9 }));
    manual[9] = 0xff;
    return [{ path: `./usr/share/${file.path}.gz`, content: manual }];
  });
  const kibibytes = Math.ceil(placed.reduce((sum, { content }) => sum + content.length, 0) / 1024);
  const control = [
    "Package: mp",
    `Version: ${facts.version}`,
    "Section: utils",
    "Priority: optional",
    `Architecture: ${facts.architecture}`,
    "Depends: libc6 (>= 2.27)",
    `Installed-Size: ${kibibytes}`,
    `Maintainer: ${facts.maintainer}`,
    `Description: ${DESCRIPTION}`,
    " Sends events and profiles, queries reports, exports and imports raw data and",
    " administers projects. One binary, with an emulator of Mixpanel inside.",
  ].join("\n") + "\n";
  return ar([
    textFile("debian-binary", "2.0\n"),
    { path: "control.tar.gz", content: tarGz([textFile("./control", control)], facts.seconds) },
    { path: "data.tar.gz", content: tarGz(placed, facts.seconds, facts.level) },
  ], facts.seconds);
}

/** What the generated manifests point to. */
export interface Published {
  version: string;
  /** Folder of the release's files, without a slash at its end. */
  url: string;
  /** SHA-256 in hexadecimal, by the archive's name. */
  sums: ReadonlyMap<string, string>;
}

function addressOf(name: string, { version, url, sums }: Published): { url: string; sum: string } {
  const target = RELEASE_TARGETS.find((one) => one.name === name);
  const archive = target && archiveName(version, target);
  const sum = archive && sums.get(archive);
  if (archive === undefined || sum === undefined) throw new Error(`Cannot publish ${name}: it was not built`);
  return { url: `${url}/${archive}`, sum };
}

export function homebrewFormula(published: Published): string {
  const branch = (name: string, indent: string) => {
    const { url, sum } = addressOf(name, published);
    return `${indent}url "${url}"\n${indent}sha256 "${sum}"`;
  };
  const system = (name: string) =>
    `    on_intel do\n${branch(`${name}-x64`, "      ")}\n    end\n    on_arm do\n${
      branch(`${name}-arm64`, "      ")
    }\n    end`;
  return `class Mp < Formula
  desc "${DESCRIPTION}"
  homepage "${published.url}"
  version "${published.version}"
  license "MIT"

  on_macos do
${system("darwin")}
  end

  on_linux do
${system("linux")}
  end

  def install
    bin.install "mp"
    man1.install Dir["man/man1/*"]
    man7.install Dir["man/man7/*"]
    bash_completion.install "completions/mp.bash" => "mp"
    zsh_completion.install "completions/_mp"
    fish_completion.install "completions/mp.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mp --version")
    assert_match "properties", shell_output("#{bin}/mp expr format 'properties[\\"plan\\"]==1'")
  end
end
`;
}

export function scoopManifest(published: Published): string {
  const of = (name: string) => {
    const { url, sum } = addressOf(name, published);
    return { url, hash: sum };
  };
  return JSON.stringify(
    {
      version: published.version,
      description: DESCRIPTION,
      homepage: published.url,
      license: "MIT",
      architecture: { "64bit": of("windows-x64"), arm64: of("windows-arm64") },
      extract_dir: `mp-${published.version}`,
      bin: "mp.exe",
    },
    null,
    2,
  ) + "\n";
}

/** An image with nothing but the binary and what it links to. It runs as any user, with a home or without one. */
export function dockerfile({ version }: { version: string }): string {
  return `# docker build -t mp .    in a folder with the release's archives
FROM debian:stable-slim AS unpack
ARG TARGETARCH
COPY mp-${version}-linux-x64.tar.gz mp-${version}-linux-arm64.tar.gz /release/
RUN tar -xzf "/release/mp-${version}-linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64).tar.gz" -C /release

FROM debian:stable-slim
COPY --from=unpack /release/mp-${version}/mp /usr/local/bin/mp
COPY --from=unpack /release/mp-${version}/LICENSE /release/mp-${version}/THIRD_PARTY_NOTICES.txt /usr/local/share/doc/mp/
USER 65532:65532
ENTRYPOINT ["mp"]
`;
}
