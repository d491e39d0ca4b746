/** What an export to a folder is told besides its query. */
import type { Storage } from "../../storage/storage.ts";
import type { FetchSettings } from "./fetch_slices.ts";
import type { ManifestOutput } from "./manifest.ts";
import type { RangeSinceLast } from "./since_last.ts";
import type { writeContent } from "./write_content.ts";

export interface FolderExport extends FetchSettings {
  storage: Storage;
  /** Where the manifest is: the storage itself, or for a table another one beside it. */
  manifestStorage?: Storage;
  /** Where the manifest of an export in another form would be. */
  otherStorage?: Storage;
  /** Where what is not written yet is kept: in the folder itself, or for a bucket somewhere on this machine. */
  stateFolder: string;
  /** The user's own folder for the locks of buckets. */
  locksFolder: string;
  output: ManifestOutput;
  /** The program's name and version, for the manifest. */
  generator: string;
  /** Replaces an export of another kind that is in the folder. */
  restart?: boolean;
  /** Goes on from the manifest's last day, and fetches files of this day and later ones again. */
  sinceLast?: Pick<RangeSinceLast, "lookBackFrom" | "nextLookBackFrom">;
  /** Gives properties that have no column one, and rewrites the files that are there. */
  addColumns?: boolean;
  /** Makes the content of a file, in a storage that keeps no files. Default: bytes in the form of `output`. */
  writeContent?: typeof writeContent;
  /** Says something at once, before it is done. */
  warn?(line: string): Promise<void>;
  /** The query's range may go beyond that of the export that is there; its days stay. */
  mayExtend?: boolean;
}
