/** The JSON body of an App API request, read field by field. */
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { requestJson } from "../request_json.ts";

export type JsonObject = Record<string, unknown>;

/**
 * The body of a request. An empty one is an object without fields.
 *
 * @throws Refusal 400 when it is no JSON object.
 */
export async function readBody(call: SandboxCall): Promise<Body> {
  const text = new TextDecoder().decode(await call.body()).trim();
  if (text === "") return new Body({});
  const value = requestJson(text, "Invalid JSON in request body");
  if (!isObject(value)) throw new Refusal(400, "Request body must be a JSON object");
  return new Body(value);
}

/** Fields with their place in the body, which errors name. A field that is `null` counts as missing. */
export class Body {
  constructor(readonly fields: JsonObject, private readonly place = "") {}

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  /** @throws Refusal 400 for a field of another name. */
  allow(names: readonly string[]): this {
    const stranger = Object.keys(this.fields).find((name) => !names.includes(name));
    if (stranger !== undefined) throw this.refusal(stranger, "unknown field");
    return this;
  }

  text(name: string, most = Infinity): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw this.refusal(name, "must be a string");
    if (value.length > most) throw this.refusal(name, `must not have more than ${most} characters`);
    return value;
  }

  requiredText(name: string, most = Infinity): string {
    const text = this.text(name, most);
    if (text === undefined || text === "") throw this.refusal(name, "this field is required");
    return text;
  }

  choice<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((one) => one === text);
    if (word === undefined) throw this.refusal(name, `must be one of ${words.join(", ")}`);
    return word;
  }

  truth(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value !== undefined && typeof value !== "boolean") throw this.refusal(name, "must be a boolean");
    return value;
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || value < least || value > most) {
      throw this.refusal(name, `must be a number from ${least} to ${most}`);
    }
    return value;
  }

  object(name: string): Body | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.refusal(name, "must be an object");
    return new Body(value, `${this.place}${name}.`);
  }

  list(name: string): unknown[] | undefined {
    const value = this.#value(name);
    if (value !== undefined && !Array.isArray(value)) throw this.refusal(name, "must be a list");
    return value as unknown[] | undefined;
  }

  objects(name: string): Body[] | undefined {
    return this.list(name)?.map((item, index) => {
      if (!isObject(item)) throw this.refusal(`${name}.${index}`, "must be an object");
      return new Body(item, `${this.place}${name}.${index}.`);
    });
  }

  texts(name: string): string[] | undefined {
    const list = this.list(name);
    if (list?.some((item) => typeof item !== "string")) throw this.refusal(name, "must be a list of strings");
    return list as string[] | undefined;
  }

  /** Ids as numbers; digits in quotes are taken as well. */
  ids(name: string): number[] | undefined {
    return this.list(name)?.map((item, index) => {
      const id = idOf(item);
      if (id === undefined) throw this.refusal(`${name}.${index}`, "must be an id");
      return id;
    });
  }

  id(name: string): number | undefined {
    const value = this.#value(name);
    const id = idOf(value);
    if (value !== undefined && id === undefined) throw this.refusal(name, "must be an id");
    return id;
  }

  refusal(name: string, state: string): Refusal {
    return new Refusal(400, `${this.place}${name}: ${state}`);
  }

  #value(name: string): unknown {
    return this.has(name) ? this.fields[name] : undefined;
  }
}

export function idOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
