/** `install.sh`: finds the archive for a machine, checks its signature and sum, and puts its files in place. */

/** What the script is told when it is written. */
export interface InstallFacts {
  version: string;
  /** Where the release's files are; undefined: only `--from` works. */
  url?: string;
  /** PEM text; undefined for a release that is not signed. */
  publicKey?: string;
}

export function installScript({ version, url = "", publicKey = "" }: InstallFacts): string {
  const check = publicKey === ""
    ? "# This release is not signed: the archive is checked by its checksum alone, and only with --unsigned."
    : "# The checksums' signature is checked with openssl, and the archive by its checksum, before anything is unpacked.";
  return String.raw`#!/bin/sh
# Installs mp ${version} for the current user, or for everyone when root runs it.
#
#   sh install.sh                   fetches the release
#   sh install.sh --from DIR        takes its files from a folder, without a network
#   sh install.sh --to PREFIX       default: ~/.local, or /usr/local for root
#   sh install.sh --remove          deletes what it put there
#
${check}
set -eu

VERSION='${version}'
FROM='${url}'
PUBLIC_KEY='${publicKey.trim()}'
PREFIX=
REMOVE=
SIGNATURE=check

fail() { echo "install.sh: $1" >&2; [ -z "${"${2-}"}" ] || echo "hint: $2" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --from) [ $# -ge 2 ] || fail "--from needs a folder or address"; FROM=$2; shift 2 ;;
    --to) [ $# -ge 2 ] || fail "--to needs a folder"; PREFIX=$2; shift 2 ;;
    --remove) REMOVE=yes; shift ;;
    --unsigned) SIGNATURE=skip; shift ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown argument: $1" "sh install.sh --help" ;;
  esac
done
[ -n "$REMOVE" ] || [ -n "$FROM" ] || fail "this script knows no address to fetch from" "sh install.sh --from DIR"
if [ -z "$PREFIX" ]; then
  if [ "$(id -u)" = 0 ]; then PREFIX=/usr/local
  else [ -n "${"${HOME-}"}" ] || fail "HOME is not set" "sh install.sh --to PREFIX"; PREFIX=$HOME/.local; fi
fi

list=$PREFIX/share/doc/mp/FILES
if [ -n "$REMOVE" ]; then
  [ -f "$list" ] || fail "nothing that this script installed is in $PREFIX" "sh install.sh --remove --to PREFIX"
  while IFS= read -r file; do rm -f "$PREFIX/$file"; done <"$list"
  rm -f "$list"
  rmdir "$PREFIX/share/doc/mp" || :
  echo "Removed mp from $PREFIX/bin"
  echo "Accounts and state stay; to delete them: rm -r ~/.config/mp ~/.local/state/mp"
  exit 0
fi

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=darwin ;;
  *) fail "there is no archive for $(uname -s)" ;;
esac
case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) fail "there is no archive for $(uname -m)" ;;
esac
libc=
if [ $system = linux ] && ! ls /lib*/ld-linux-* /lib/*-linux-gnu*/libc.so.6 >/dev/null 2>&1; then libc=-musl; fi
archive=mp-$VERSION-$system-$machine$libc.tar.gz

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

get() {
  case $FROM in
    http://* | https://*)
      if command -v curl >/dev/null; then curl -fsSL --retry 3 -o "$work/$1" "$FROM/$1"
      elif command -v wget >/dev/null; then wget -q -O "$work/$1" "$FROM/$1"
      else fail "neither curl nor wget is here" "fetch the files elsewhere and use --from DIR"; fi ;;
    *) cp "${"${FROM#file://}"}/$1" "$work/$1" 2>/dev/null ;;
  esac || fail "cannot get $1 from $FROM"
}

if [ -z "$PUBLIC_KEY" ] && [ $SIGNATURE = check ]; then
  fail "this release is not signed, so nobody vouches for its files" "to install it all the same: sh install.sh --unsigned"
fi
get SHA256SUMS
if [ -n "$PUBLIC_KEY" ] && [ $SIGNATURE = check ]; then
  command -v openssl >/dev/null ||
    fail "openssl is not here, so the signature can't be checked" "check it elsewhere, then use --unsigned"
  get SHA256SUMS.sig
  printf '%s\n' "$PUBLIC_KEY" >"$work/key.pem"
  openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/SHA256SUMS.sig" "$work/SHA256SUMS" >/dev/null 2>&1 ||
    fail "the signature of SHA256SUMS is wrong: these are not the files that were released"
fi
[ $SIGNATURE = check ] || echo "install.sh: no signature is checked (--unsigned)" >&2
get "$archive"
if command -v sha256sum >/dev/null; then sum=$(sha256sum <"$work/$archive")
elif command -v shasum >/dev/null; then sum=$(shasum -a 256 <"$work/$archive")
else sum=$(openssl dgst -sha256 -r <"$work/$archive"); fi
sum=${"${sum%% *}"}
grep -qx "$sum  $archive" "$work/SHA256SUMS" || fail "$archive is damaged: its checksum is not the one in SHA256SUMS"

tar -xzf "$work/$archive" -C "$work"
files=$work/mp-$VERSION
mkdir -p "$PREFIX/bin" "$PREFIX/share/man" "$PREFIX/share/bash-completion/completions" \
  "$PREFIX/share/zsh/site-functions" "$PREFIX/share/fish/vendor_completions.d" "$PREFIX/share/doc/mp" 2>/dev/null ||
  fail "cannot write to $PREFIX" "sh install.sh --to PREFIX"
# Renamed into place, so that an mp that runs right now is left alone.
cp "$files/mp" "$PREFIX/bin/.mp.$$" && chmod 755 "$PREFIX/bin/.mp.$$" && mv -f "$PREFIX/bin/.mp.$$" "$PREFIX/bin/mp" ||
  fail "cannot write $PREFIX/bin/mp" "sh install.sh --to PREFIX"
cp -R "$files/man/." "$PREFIX/share/man/"
cp "$files/completions/mp.bash" "$PREFIX/share/bash-completion/completions/mp"
cp "$files/completions/_mp" "$PREFIX/share/zsh/site-functions/_mp"
cp "$files/completions/mp.fish" "$PREFIX/share/fish/vendor_completions.d/mp.fish"
cp "$files/LICENSE" "$files/THIRD_PARTY_NOTICES.txt" "$PREFIX/share/doc/mp/"
{
  (cd "$files" && find man -type f | sed 's|^|share/|')
  for file in bin/mp share/bash-completion/completions/mp share/zsh/site-functions/_mp \
    share/fish/vendor_completions.d/mp.fish share/doc/mp/LICENSE share/doc/mp/THIRD_PARTY_NOTICES.txt; do echo "$file"; done
} >"$list"

"$PREFIX/bin/mp" --version >/dev/null || fail "$PREFIX/bin/mp does not start on this machine" "${"${libc:+on Alpine: apk add libstdc++}"}"
echo "Installed $("$PREFIX/bin/mp" --version) in $PREFIX/bin"
case :$PATH: in
  *:"$PREFIX/bin":*) echo "Next: mp demo" ;;
  *)
    echo "Next: add this folder to your PATH, then: mp demo"
    echo "  $PREFIX/bin"
    ;;
esac
`;
}
