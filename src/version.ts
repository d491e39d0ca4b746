import manifest from "../package.json" with { type: "json" };

/** The version of this program. The manifest is read when it is built, not when it runs. */
export const VERSION: string = manifest.version;
