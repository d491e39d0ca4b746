/** How Mixpanel signs in at a webhook's address. */
import { inputError } from "../../../errors.ts";

/** Where the password comes from. */
export const PASSWORD_HELP =
  "The password is taken from MP_WEBHOOK_PASSWORD, or from the field 'password' of --data @FILE; it has no flag, " +
  "which would leave it in the shell's history. It is never shown again.";

interface SignIn {
  auth_type?: "basic";
  username?: string;
  password?: string;
}

/**
 * The kind of authentication that follows from a user name.
 *
 * @throws MpError (input) for a user name without a password.
 */
export function signIn({ auth_type, username, password }: SignIn): SignIn {
  if (username === undefined && auth_type === undefined) return {};
  if (username !== undefined && password !== undefined) return { auth_type: "basic" };
  throw inputError(
    `Cannot have Mixpanel sign in: the ${username === undefined ? "user name" : "password"} is missing`,
    username === undefined ? "add --webhook-username NAME" : "set MP_WEBHOOK_PASSWORD, or give it with --data @FILE",
    "missing_argument",
  );
}
