/**
 * A request that the server turns down. The surface that it came in by gives it the body that Mixpanel would: text and
 * status are the same everywhere, the shape around them is not.
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** More fields of the body, and headers. */
    readonly details: { fields?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** The words of a status as HTTP has them. */
export const STATUS_WORDS: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Request Entity Too Large",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
};
