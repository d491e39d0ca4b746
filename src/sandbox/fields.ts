/** The parameters of a request, from wherever they came. */
import { isObject } from "../streams/json/is_object.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { Refusal } from "./refusal.ts";
import { requestJson } from "./request_json.ts";

/**
 * Parameters by name. The query API takes the same ones in the query string, in a form and in a JSON object; what the
 * body says wins. Unknown parameters are ignored, as Mixpanel ignores them.
 */
export class Fields {
  readonly #query: URLSearchParams;
  readonly #form: URLSearchParams;
  readonly #json: Record<string, unknown>;

  constructor(query: URLSearchParams, form = new URLSearchParams(), json: Record<string, unknown> = {}) {
    this.#query = query;
    this.#form = form;
    this.#json = json;
  }

  /**
   * With the parameters of a body. JSON is recognised whatever the content type says: there are clients that label it
   * as a form.
   *
   * @throws Refusal 400 for a body that begins like JSON and isn't.
   */
  static withBody(query: URLSearchParams, body: string, contentType: string): Fields {
    const text = body.trim();
    if (!text.startsWith("{") && !contentType.includes("json")) return new Fields(query, new URLSearchParams(text));
    if (text === "") return new Fields(query);
    const value = parsed(text, "request body");
    return isObject(value) ? new Fields(query, undefined, value) : new Fields(query);
  }

  /** A parameter as text; undefined when it is missing or empty. */
  text(name: string): string | undefined {
    const value = Object.hasOwn(this.#json, name) ? this.#json[name] : undefined;
    if (value !== undefined && value !== null) return typeof value === "string" ? value : stringifyJson(value);
    return (this.#form.get(name) ?? this.#query.get(name)) || undefined;
  }

  /** @throws Refusal 400 when it is missing. */
  requiredText(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw new Refusal(400, `Missing required parameter: ${name}`);
    return text;
  }

  /**
   * A parameter that is JSON text, or a value of a JSON body.
   *
   * @throws Refusal 400 when it is not JSON.
   */
  json(name: string): unknown {
    const text = this.text(name);
    return text === undefined ? undefined : parsed(text, name);
  }

  /** A list of texts, written as a JSON array. A lone text is taken for a list of one: there are clients that send it. */
  texts(name: string): string[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!text.trimStart().startsWith("[")) return [unquoted(text)];
    const value = parsed(text, name) as unknown[];
    return value.map((item) => typeof item === "string" ? item : stringifyJson(item));
  }

  /** All values of a parameter that may come several times, or once as a JSON list. Empty when it is missing. */
  all(name: string): string[] {
    if (Object.hasOwn(this.#json, name)) return this.texts(name) ?? [];
    const values = this.#form.has(name) ? this.#form.getAll(name) : this.#query.getAll(name);
    return values.length > 1 ? values : this.texts(name) ?? [];
  }

  /**
   * A whole number.
   *
   * @throws Refusal 400 when it is anything else, or too small.
   */
  count(name: string, least = 0): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!Number.isSafeInteger(number) || number < least) throw new Refusal(400, `Invalid parameter ${name}: '${text}'`);
    return number;
  }

  /** `1`, `true`, and any number but 0, as the ingestion endpoints' switches have it. */
  isOn(name: string): boolean {
    const text = this.text(name)?.toLowerCase();
    return text === "true" || (text !== undefined && Number(text) !== 0 && !Number.isNaN(Number(text)));
  }

  /**
   * One of a few words.
   *
   * @throws Refusal 400 for any other.
   */
  choice<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((one) => one === text);
    if (word === undefined) {
      throw new Refusal(400, `Invalid parameter ${name}: '${text}' is not one of ${words.join()}`);
    }
    return word;
  }
}

function parsed(text: string, name: string): unknown {
  return requestJson(text, `Invalid JSON in ${name}`);
}

/** The text of a JSON string; any other text as it is. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const value = parsed(text, "parameter");
  return typeof value === "string" ? value : text;
}
