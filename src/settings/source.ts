/** Where a setting came from. */
export type Source =
  | { kind: "flag"; name: string }
  | { kind: "environment"; name: string }
  /** A value of the account with this name. */
  | { kind: "account"; name: string }
  /** The config file's own choice. */
  | { kind: "config" }
  | { kind: "default" };

export interface Sourced<T> {
  value: T;
  source: Source;
}

/** A source in the words that a user would look for. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case "flag":
    case "environment":
      return source.name;
    case "account":
      return `account ${source.name}`;
    case "config":
      return "config file";
    case "default":
      return "default";
  }
}
