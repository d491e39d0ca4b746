/** What a kind of storage declares about itself. Nothing of it is loaded before a storage is opened. */
import type { Clock } from "../runtime/clock.ts";
import type { Environment } from "../runtime/process.ts";
import type { Transport } from "../runtime/network/transport.ts";
import type { Storage } from "./storage.ts";

/** An environment variable that opening a storage reads. */
export interface StorageVariable {
  name: string;
  /** One line for the documentation, without a final period. */
  meaning: string;
  /** Whether its value must never be shown. */
  secret: boolean;
}

export interface StorageOptions {
  env: Environment;
  clock: Clock;
  userAgent: string;
  /** Asked for when a storage is opened that is reached over the network. */
  transport(): Transport | Promise<Transport>;
  /** Called with credentials that were read or fetched, before they are used: nothing may show them. */
  onSecret?(secret: string): void;
  signal?: AbortSignal;
  /** Size of the parts of an upload; see `ObjectStorageOptions`. */
  partBytes?: number;
}

/** A storage, and a path in it. */
export interface StoragePath {
  storage: string;
  path: string;
}

export interface Backend {
  /** What its addresses begin with, before `://`. Unset for paths of this machine. */
  readonly scheme?: string;
  /** An address for hints. */
  readonly example: string;
  /** The variables that are read for it alone. */
  readonly variables: readonly StorageVariable[];
  /** Whether an address names a storage as a whole, such as a bucket, and no file in it. */
  isWhole(address: string): boolean;
  /**
   * The storage that a file lies in, and the file's path in it: `s3://bucket/a/b.jsonl` is `b.jsonl` in `s3://bucket/a`.
   *
   * @throws MpError (input) for an address that names no file.
   */
  split(address: string): StoragePath;
  /** The outermost storage of an address, and the rest: `s3://bucket/a/b.jsonl` is `a/b.jsonl` in `s3://bucket`. */
  root(address: string): StoragePath;
  /**
   * Opens the storage. Nothing is sent to it yet, and what it is made of need not be there.
   *
   * @throws MpError (auth) without credentials, (input) for an address or setting that cannot be used.
   */
  open(address: string, options: StorageOptions): Promise<Storage>;
}
