/** Where a setting came from. */
export type SettingSource =
  | { kind: "flag"; name: string }
  | { kind: "environment"; name: string }
  /** A value of the account with this name. */
  | { kind: "account"; name: string }
  /** The config file's own choice. */
  | { kind: "config" }
  | { kind: "default" };

export interface Sourced<T> {
  value: T;
  source: SettingSource;
}

/** A source in the words that a user would look for. */
export function describeSource(source: SettingSource): string {
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
