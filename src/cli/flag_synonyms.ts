/** Flags that people try by the names that other tools, or Mixpanel's web page, have for the same. Loads nothing. */

const SYNONYMS: Readonly<Record<string, string>> = {
  "--by": "--on",
  "--breakdown": "--on",
  "--group-by": "--on",
  "--property": "--on",
  "--segment": "--on",
  "--split": "--on",
  "--filter": "--where",
  "--since": "--from",
  "--start": "--from",
  "--until": "--to",
  "--end": "--to",
  "--days": "--last",
  "--period": "--last",
  "--range": "--last",
  "--granularity": "--unit",
  "--file": "--output",
  "--json": "-f json",
  "--csv": "-f csv",
  "--table": "-f table",
};

/** What a flag that does not exist means, of those that the command has; undefined where nobody can know. */
export function synonymOf(flag: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(SYNONYMS, flag) ? SYNONYMS[flag] : undefined;
  return meant !== undefined && known.includes(meant.startsWith("-f ") ? "--format" : meant) ? meant : undefined;
}
