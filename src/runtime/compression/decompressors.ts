/** What the program can decompress, for `decompressIfCompressed`. Chunks are good until the next is asked for. */
import { gunzipViews } from "./gzip.ts";
import { unzstd } from "./zstd.ts";

export const decompressors = { gzip: gunzipViews, zstd: unzstd };
