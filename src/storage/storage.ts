/** Where the files of a job are kept: a folder, or a prefix in a bucket. */

/** What is known about a stored file. */
export interface StoredInfo {
  sizeBytes: number;
  /** Changes when the content does: the entity tag of an object, size and time of a local file. */
  version: string;
}

/** A file that is being written. It has its name only when it is committed; until then nobody can take it for whole. */
export interface StoredFile {
  /** The bytes may be used again when it returns. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the file whole under its name, in place of one that was there. On disk when it returns. */
  commit(): Promise<void>;
  /** Takes back what was written. */
  abort(): Promise<void>;
}

/**
 * Files by relative paths with `/` between their parts. Every failure is an `MpError` that names the file as the user
 * knows it.
 */
export interface Storage {
  /** The address as it was typed, without a `/` at its end. */
  readonly address: string;
  /** The folder, for a storage on this machine: what can be asked of it as a folder, such as whether it is there. */
  readonly folder?: string;
  /** The full address of a file, for messages. */
  addressOf(path: string): string;
  /** Undefined when nothing is there. */
  info(path: string): Promise<StoredInfo | undefined>;
  /** Paths that begin with `prefix`, in the order of their names. */
  list(prefix?: string): AsyncIterable<{ path: string } & StoredInfo>;
  /** The bytes from `start` (default 0) up to, not including, `end` (default: all). */
  read(path: string, range?: { start?: number; end?: number }): AsyncIterable<Uint8Array>;
  /** Undefined when nothing is there. For small files, such as a manifest. */
  readText(path: string): Promise<string | undefined>;
  /** Replaces a small file in one step. */
  writeText(path: string, text: string): Promise<void>;
  /** Begins a file. With `mode`, that of a new local file. */
  create(path: string, options?: { mode?: number }): Promise<StoredFile>;
  /**
   * Takes a whole file of this machine over, under a new name, in place of one that was there. On disk when it returns.
   * False, and the file left as it is, where it would have to be copied.
   */
  adopt?(from: string, path: string): Promise<boolean>;
  /** Where a job may keep what is not in the output yet, for one file or the whole storage: on this machine, beside it. */
  stateFolder?(path?: string): string;
  /** The same, where files that are being written would be seen: they are in another folder of the same disk until then. */
  withPartsIn?(folder: string): Storage;
  /** Fails as writing the file would, where that shows only when its bytes are sent. Leaves nothing. */
  probe?(path: string): Promise<void>;
  /** No error when nothing is there. */
  remove(path: string): Promise<void>;
}
