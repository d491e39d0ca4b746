/**
 * One word, one meaning: what each flag and verb means wherever it occurs. `docs/words.md` is made of it, and
 * `tests/scripts/word_meanings_test.ts` fails when a flag gets a second description that `says` does not cover, a
 * verb of two groups has no meaning here, or a line here is about nothing.
 */
import type { HelpBook } from "../src/cli/help_book.ts";

interface FlagMeaning {
  meaning: string;
  /** What all descriptions of the flag have in common. */
  says: RegExp;
}

/** Flags with more than one description. One with a single description means that. */
export const FLAG_MEANINGS: Readonly<Record<string, FlagMeaning>> = {
  "--all": { meaning: "all of them, in place of one that is named", says: /every|whole/ },
  "--as-of": { meaning: "a moment at which profiles are looked at", says: /^Moment that/ },
  "--bucket-days": { meaning: "width of a bucket of time, in days", says: /^Width of a bucket in days/ },
  "--client-id": { meaning: "id of a client that signs in by OAuth", says: /client id of|Id of an OAuth client/i },
  "--cohort": { meaning: "only members of a saved cohort", says: /^Only members of (a|this) (saved )?cohort/ },
  "--columns": { meaning: "names of the columns of a table", says: /[Cc]olumns of/ },
  "--compress": { meaning: "how the file is compressed", says: /^Default: by the (file's )?name/ },
  "--concurrency": { meaning: "most requests at the same time", says: /at the same time/ },
  "--data": { meaning: "what is sent, as text, @FILE or -, in place of flags or files", says: /JSON|CSV itself/ },
  "--description": { meaning: "text that describes the thing", says: /^What (the note says|it )/ },
  "--distinct-id": { meaning: "id of a user", says: /^Who/ },
  "--drop": {
    meaning: "leave a property out; of a check, by how much the number may fall",
    says: /^Leave this property out|number has fallen/,
  },
  "--dropped": { meaning: "throw it away when it comes in", says: /^Drop it when it comes in/ },
  "--encoding": { meaning: "how a request carries its records", says: /^How (the )?requests? carr(y|ies)/ },
  "--engine": { meaning: "the engine whose SQL is printed", says: /[Ww]hose SQL it is/ },
  "--event": { meaning: "name of an event", says: /^The event that|^Only events of this name|^An event to count/ },
  "--every": { meaning: "how often to ask Mixpanel", says: /ask/i },
  "--exclude": { meaning: "event that must not be in what is found", says: /^Leave/ },
  "--file": { meaning: "file of what the command is about, in place of arguments", says: /from a file/ },
  "--filters": { meaning: "conditions in the form of the web page's filters", says: /^(Conditions as|Filters of)/ },
  "--formula": { meaning: "how a number or a property is calculated", says: /^How it is computed|^Calculate/ },
  "--frequency": { meaning: "how often something is done", says: /^How often/ },
  "--from": {
    meaning: "first day of a range; of flows, the event that they begin with",
    says: /^First day|begin with/,
  },
  "--give-up-after": { meaning: "how long to wait at most", says: /^Stop waiting after this long/ },
  "--group-key": { meaning: "property of events that names a group, such as company", says: /the group key, such/i },
  "--group-key-id": { meaning: "numeric id of a group key", says: /id of (the|their) group key/ },
  "--include-all-users": {
    meaning: "take members of a cohort in that have no profile",
    says: /cohort members without a profile/,
  },
  "--into": { meaning: "what is replaced or changed, by its id", says: /^(Replace|Change) th/ },
  "--ip": { meaning: "use this machine's address as the user's", says: /this machine's IP address/ },
  "--kind": {
    meaning: "what the records, tasks or contents of the command are",
    says: /^What the (records are|task is|content is)/,
  },
  "--limit": { meaning: "most items of a result", says: /^(M|At m)ost/ },
  "--map": { meaning: "what a column or path of a file is", says: /what a column or path/i },
  "--math": {
    meaning: "what is counted: events, users, or a number of a property",
    says:
      /all events, the users who did|users who did the steps|^Count the users|^What (the numbers are of|is made of)/,
  },
  "--name": { meaning: "name that people read", says: /^Name/ },
  "--no-check": { meaning: "send what was typed without checking it first", says: /^Send .*(as|any)/ },
  "--no-strict": { meaning: "let Mixpanel accept what it can, unchecked", says: /without validating every event/ },
  "--null": { meaning: "text that stands for null in CSV", says: /stands for (nothing|null)/ },
  "--of": { meaning: "what a property belongs to", says: /^What (the properties are|it is a property) of/ },
  "--on": { meaning: "expression whose values split a result", says: /^Split/ },
  "--only": { meaning: "leave out what is not named", says: /no others|all other/ },
  "--page": { meaning: "number of a page, from 0", says: /^Page of/ },
  "--page-size": { meaning: "items in a page", says: /in a page/ },
  "--params": { meaning: "what is asked, as JSON", says: /JSON/ },
  "--paused": { meaning: "whether it is paused", says: /[Pp]ause/ },
  "--preset": { meaning: "the program whose layout files have", says: /where the (records|files) come from/i },
  "--properties": { meaning: "properties as one JSON object", says: /object/ },
  "--property": { meaning: "a property to give, NAME=TEXT or NAME:=JSON", says: /NAME:=JSON/ },
  "--prune": { meaning: "delete what the files do not have", says: /^Delete what the .* has and the .* has not/ },
  "--rejects": { meaning: "file for rejected records", says: /^Write rejected/ },
  "--replace": {
    meaning: "replace what is there, in place of keeping or merging it",
    says: /^Replace|^Do not keep|as it is/,
  },
  "--report-id": { meaning: "id of a saved report", says: /saved report/ },
  "--restart": {
    meaning: "start again from the beginning, without what an earlier run has",
    says: /earlier run|another export|everything/,
  },
  "--role": { meaning: "role of a service account", says: /role|may do/i },
  "--skip-lines": { meaning: "lines at the beginning that were already sent", says: /this many lines/ },
  "--source": {
    meaning: "where events or settings are read: files, or another account",
    says: /these files|^Account to read from/,
  },
  "--status": { meaning: "status to set", says: /served|^Status/ },
  "--strict": {
    meaning: "check more than is checked otherwise",
    says: /each|per record|every event|are wrong too/i,
  },
  "--table": { meaning: "a table of an engine or a warehouse", says: /[Tt]able/ },
  "--tag": { meaning: "name of a tag", says: /^A tag/ },
  "--tag-id": { meaning: "id of a tag", says: /^Id of a tag/ },
  "--time": { meaning: "a moment: when it happened", says: /^When/ },
  "--time-format": { meaning: "how times are written in a file", says: /how times are written/i },
  "--timezone": { meaning: "time zone of times or days", says: /^Time zone/ },
  "--to": { meaning: "last day of a range, included", says: /^Last day/ },
  "--tz": { meaning: "time zone of the project", says: /time zone|is the project's zone/i },
  "--type": { meaning: "kind of the thing", says: /^Kind of|^Only (reports|alerts) of this kind/ },
  "--unit": { meaning: "unit of time of a report's buckets, intervals or periods", says: /bucket|interval|period/ },
  "--user-column": { meaning: "column with the user's id", says: /^Who/ },
  "--wait": { meaning: "wait until the task has ended", says: /end/ },
  "--where": { meaning: "expression that a record must fulfil", says: /where this holds|^Who is in it/ },
  "--within": { meaning: "how long something may take or lie back", says: /^How (long|far)/ },
};

/** Verbs that more than one group has. */
export const VERB_MEANINGS: Readonly<Record<string, string>> = {
  active: "how many people were active, by day, week and month",
  add: "add to what is there",
  apply: "make something what a file says",
  archive: "keep it, out of lists and out of use",
  average: "the mean of a number of an event over time",
  batch: "send many updates, one a line",
  cancel: "end something that runs or waits, permanently",
  check: "look for mistakes, and change nothing",
  create: "make something new",
  definitions: "what things are made of, as programs load them",
  delete: "delete something from Mixpanel",
  download: "fetch files that Mixpanel has made",
  duplicate: "make a copy of something that is there",
  events: "about events, in a report or an export",
  export: "write what is there into a file",
  frequency: "on how many hours or days people are active",
  funnel: "who goes through steps, one after another",
  get: "show one thing by its id or name",
  groups: "about groups: their profiles, or the groups of data that tables are",
  history: "what has happened to one thing",
  insights: "metrics over time or in total, split by properties",
  limits: "how many there are, and may be",
  link: "print an address that leads to it",
  list: "list all there are",
  members: "list who belongs to it",
  numeric: "one event over time, in ranges of a number",
  properties: "about the properties of an event",
  remove: "take something out of a list",
  rename: "give something another name",
  replace: "put something whole in the place of what was there",
  retention: "who comes back",
  run: "do now what is saved",
  segmentation: "one event over time, split by a property",
  set: "set values, whatever was there",
  "set-once": "set values that are not there yet",
  status: "how far tasks are",
  sum: "a number of an event, added up over time",
  test: "try something once, and save nothing",
  top: "the most frequent events of today",
  union: "add values to lists, without repeating any",
  unset: "delete properties of a profile",
  update: "change fields of something that is there",
  use: "choose what later commands use",
  validate: "have Mixpanel look for mistakes, and save nothing",
  values: "the values of a property, most frequent first",
};

/** "Check" has one meaning for every part of the program: look for mistakes, and change nothing. */
export const CHECKS: readonly (readonly [string, string])[] = [
  ["`mp import --check`", "checks the records by all rules, and sends nothing"],
  ["`mp expr check`", "checks an expression, offline"],
  ["`--no-check`", "sends what was typed without checking it first"],
  ["`--check-properties`", "first checks that the event has the properties that are named"],
  ["`mp whoami --verify`", "is no check: asks Mixpanel whether it knows the credentials"],
  ["`mp export verify`", "is no check: compares files with what their manifest says"],
  ["`mp doctor`", "the one command for health; `whoami`, `account test` and `limits` show parts of what it looks at"],
];

/** How a flag is described, and which commands take it. */
export interface FlagUse {
  description: string;
  takesValue: boolean;
  commands: string[];
}

/** All flags of commands by name, without the global ones. `--[no-]x` counts as `--x`. */
export function flagUses({ pages }: Pick<HelpBook, "pages">): Map<string, FlagUse[]> {
  const flags = new Map<string, FlagUse[]>();
  for (const page of Object.values(pages)) {
    for (const { left, right } of page.flags) {
      const [, typed = "", value = ""] = /(--[\w[\]-]+)(.*)$/.exec(left) ?? [];
      const name = typed.replace("[no-]", "");
      // What is required or the default may differ.
      const description = right.replace(/ \((required|can be repeated|default )[^)]*\)$/, "").replace(
        /; default.*$/,
        "",
      );
      const uses = flags.get(name) ?? [];
      flags.set(name, uses);
      const same = uses.find((use) => use.description === description && use.takesValue === (value !== ""));
      if (same === undefined) uses.push({ description, takesValue: value !== "", commands: [page.name] });
      else same.commands.push(page.name);
    }
  }
  return flags;
}

/** Verbs by name, with the groups that have them. */
export function verbUses({ groups }: Pick<HelpBook, "groups">): Map<string, string[]> {
  const all = Object.entries(groups).flatMap(([group, { verbs }]) =>
    verbs.map(([verb]) => ({ verb: verb.split(" ").at(-1)!, group }))
  );
  return new Map(
    [...Map.groupBy(all, ({ verb }) => verb)].map(([verb, uses]) => [verb, [...new Set(uses.map((use) => use.group))]]),
  );
}

/** What breaks the rule, one sentence each. */
export function meaningProblems(
  book: Pick<HelpBook, "pages" | "groups">,
  flags: Readonly<Record<string, FlagMeaning>> = FLAG_MEANINGS,
  verbs: Readonly<Record<string, string>> = VERB_MEANINGS,
): string[] {
  const problems: string[] = [];
  const used = flagUses(book);
  for (const [name, uses] of used) {
    const declared = flags[name];
    if (uses.some(({ takesValue }) => takesValue !== uses[0]!.takesValue)) {
      problems.push(`${name} takes a value in ${uses.map(({ commands }) => commands[0]).join(" or ")} alone`);
    }
    if (uses.length < 2) continue;
    for (const { description, commands } of uses) {
      if (declared?.says.test(description)) continue;
      problems.push(`${name} of mp ${commands[0]} may have a meaning of its own: ${description}`);
    }
  }
  for (const name of Object.keys(flags)) {
    if ((used.get(name)?.length ?? 0) < 2) problems.push(`${name} needs no line in FLAG_MEANINGS`);
  }
  const shared = verbUses(book);
  for (const [verb, groups] of shared) {
    if (groups.length > 1 && !Object.hasOwn(verbs, verb)) {
      problems.push(`${verb} of ${groups.join(", ")} has no meaning`);
    }
  }
  for (const verb of Object.keys(verbs)) {
    if ((shared.get(verb)?.length ?? 0) < 2) problems.push(`${verb} needs no line in VERB_MEANINGS`);
  }
  return problems;
}
