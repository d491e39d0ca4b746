/** zlib, which works beside this thread wherever the machine lets it. */
import { openHandle, type ZlibHandle, type ZlibMode } from "./zlib_handle.ts";

/** A handle, or undefined where the runtime has none that works. `level` is of interest for `gzip` alone. */
export async function openZlib(mode: ZlibMode, level = 6): Promise<ZlibHandle | undefined> {
  const handle = await openHandle(mode, level);
  // With one core a thread would only be one more that waits for it.
  if (handle === undefined || handle.isInBackground || navigator.hardwareConcurrency < 2) return handle;
  const { ThreadedZlib } = await import("./threaded_zlib.ts");
  return new ThreadedZlib(handle, mode, level);
}
