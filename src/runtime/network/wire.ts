/** What the transport and the adapters of the runtimes say to each other. */

export interface TransportRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array | string;
  signal?: AbortSignal;
  /** Ends the wait for the answer's head. */
  timeoutMs: number;
  /** Use a new connection, for requests that must not be lost to a pooled one that the server has just closed. */
  freshConnection?: boolean;
}

/** What proves to a server who connects; both are PEM texts. */
export interface ClientCertificate {
  /** With those of the authorities between, if there are any. */
  certificate: string;
  key: string;
}

/** What a runtime's adapter needs to know beside the request. */
export interface WireOptions {
  signal: AbortSignal;
  proxy?: URL;
  /** All trusted authorities as PEM texts; undefined: the runtime's own. */
  authorities?: string[];
  clientCertificate?: ClientCertificate;
}

/** An answer as a runtime receives it. */
export interface WireAnswer {
  status: number;
  headers: Headers;
  /** The bytes as they came, each chunk in memory of its own. */
  chunks: AsyncIterator<Uint8Array>;
  /** Gives a chunk's memory back, where that is worth while. */
  free?(chunk: Uint8Array): void;
}

/** A runtime's adapter: sends the request and gives the body's raw bytes. */
export type Wire = (request: TransportRequest, options: WireOptions) => Promise<WireAnswer>;
