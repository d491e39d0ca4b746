/**
 * All pages of help in one piece. The build puts it into the binary, so that help loads neither commands nor schemas; from
 * source it is made when it is asked for (`help_pages.ts`).
 */
import { hasAsset, readAsset } from "../runtime/asset.ts";
import type { HelpPage } from "./help_text.ts";
import type { Topic } from "./topic.ts";

export interface HelpBook {
  /** By the full name of a command, such as `annotations tags list`. */
  pages: Readonly<Record<string, HelpPage>>;
  /** The verbs of each group, with their summaries. */
  groups: Readonly<Record<string, { summary: string; verbs: readonly (readonly [string, string])[] }>>;
  topics: Readonly<Record<string, { summary: string; topic: Topic }>>;
}

/** The book in the binary; undefined when the program runs from source. */
export function storedHelpBook(): HelpBook | undefined {
  if (!hasAsset(BOOK_ASSET)) return undefined;
  return JSON.parse(new TextDecoder().decode(readAsset(BOOK_ASSET))) as HelpBook;
}

export const BOOK_ASSET = "help.json.gz";
