/** Addresses of object stores: `scheme://bucket/prefix`. */
import { inputError, type MpError } from "../../errors.ts";
import type { Transport } from "../../runtime/network/transport.ts";
import type { Backend, StorageOptions, StorageVariable } from "../backend.ts";
import type { Storage } from "../storage.ts";

/** What an address of a store looks like. */
export interface AddressForm {
  scheme: string;
  /** What holds the objects: `bucket` or `container`. */
  holder: string;
  /** The names that one can have. */
  names: RegExp;
}

/** A bucket, and a prefix without slashes at its ends; empty for the whole bucket. */
export interface ObjectAddress {
  bucket: string;
  prefix: string;
  /** As it is shown: without slashes at its end. */
  address: string;
  form: AddressForm;
}

/** @throws MpError (input) for an address without a bucket, or with a name that no bucket can have. */
function parseAddress(address: string, form: AddressForm): ObjectAddress {
  const start = `${form.scheme}://`;
  const rest = address.slice(start.length);
  const slash = rest.indexOf("/");
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const prefix = slash < 0 ? "" : rest.slice(slash + 1).replace(/^\/+|\/+$/g, "");
  if (!form.names.test(bucket)) {
    throw badAddress(address, bucket === "" ? `it names no ${form.holder}` : `no ${form.holder} has such a name`, form);
  }
  checkSegments(prefix, address, form);
  return { bucket, prefix, address: `${start}${bucket}${prefix === "" ? "" : `/${prefix}`}`, form };
}

/**
 * Refuses `.` and `..` between slashes. A browser's rules would take them out of an object's address, and so would name
 * another object.
 *
 * @throws MpError (input)
 */
export function checkSegments(key: string, address: string, form: AddressForm): void {
  if (/(^|\/)\.\.?(\/|$)/.test(key)) throw badAddress(address, `'.' and '..' mean nothing in a ${form.holder}`, form);
}

/** A variable that a storage reads, whose value may be shown, and one whose value must not. */
export const shownVariable = (name: string, meaning: string): StorageVariable => ({ name, meaning, secret: false });
export const secretVariable = (name: string, meaning: string): StorageVariable => ({ name, meaning, secret: true });

/** What an object store is opened with. */
export interface ObjectOptions extends Omit<StorageOptions, "transport"> {
  transport: Transport;
  now(): number;
}

/** A backend of which only the opening is its own. */
export function objectBackend(
  form: AddressForm,
  variables: readonly StorageVariable[],
  open: (address: ObjectAddress, options: ObjectOptions) => Promise<Storage>,
): Backend {
  const whole = ({ bucket }: ObjectAddress) => `${form.scheme}://${bucket}`;
  return {
    scheme: form.scheme,
    example: exampleOf(form),
    variables,
    isWhole: (address) => parseAddress(address, form).prefix === "",
    split(address) {
      const parsed = parseAddress(address, form);
      const { prefix } = parsed;
      if (prefix === "" || address.endsWith("/")) throw badAddress(address, "it names no file", form, "/file");
      const slash = prefix.lastIndexOf("/");
      const folder = slash < 0 ? "" : `/${prefix.slice(0, slash)}`;
      return { storage: whole(parsed) + folder, path: prefix.slice(slash + 1) };
    },
    root(address) {
      const parsed = parseAddress(address, form);
      return { storage: whole(parsed), path: parsed.prefix };
    },
    async open(address, options) {
      const parsed = parseAddress(address, form);
      return await open(parsed, { ...options, transport: await options.transport(), now: () => options.clock.now() });
    },
  };
}

const exampleOf = ({ scheme, holder }: AddressForm): string => `${scheme}://${holder}/folder`;

function badAddress(address: string, state: string, form: AddressForm, more = ""): MpError {
  const hint = `write it as ${exampleOf(form)}${more}`;
  return inputError(`Cannot use ${JSON.stringify(address)}: ${state}`, hint, "bad_address");
}
