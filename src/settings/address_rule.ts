/**
 * Credentials of one place do not go to the address of another. An address that stands beside credentials is for them
 * alone, such as the emulator's in an account that was made there, and they are for it and no other; one that stands by itself, such
 * as a gateway's, is for whatever credentials there are. A place is the environment, or the account in use.
 */
import type { Environment } from "../runtime/process.ts";
import { environmentHoldsIdentity, type HeldCredential, holdsCredentials } from "./identity.ts";
import { readVariable } from "./environment.ts";
import type { SelectedAccount } from "./select_account.ts";
import type { Sourced } from "./source.ts";

export type SettingsPlace = "environment" | "account";

/** What the two places have. */
export class AddressRule {
  readonly #identity: HeldCredential["source"]["kind"] | undefined;
  readonly #isOwned: Record<SettingsPlace, boolean>;
  readonly #hasAddress: Record<SettingsPlace, boolean>;
  readonly #hasToken: boolean;

  /** @param identity what proves who asks */
  constructor(identity: readonly HeldCredential[], env: Environment, selected: SelectedAccount | undefined) {
    const account = selected?.account;
    this.#identity = identity[0]?.source.kind;
    this.#isOwned = {
      environment: environmentHoldsIdentity(env, account),
      account: account !== undefined && holdsCredentials(account),
    };
    this.#hasAddress = {
      environment: readVariable(env, "MP_API_BASE_URL") !== undefined,
      account: account?.baseUrl !== undefined,
    };
    this.#hasToken = readVariable(env, "MP_TOKEN") !== undefined && account?.projectToken?.kind !== "env";
  }

  /** Whether the address of a place may be used by whoever asks. */
  mayUse(place: SettingsPlace): boolean {
    if (place === "environment" && this.#asksAsOwner()) return false;
    return this.#identity === undefined || this.#identity === place || !this.#isOwned[place];
  }

  /** Whether the account's credentials are in use, and have an address beside them. */
  #asksAsOwner(): boolean {
    const asksAsAccount = this.#identity === "account" || (this.#identity === undefined && !this.#hasToken);
    return asksAsAccount && this.#isOwned.account && this.#hasAddress.account;
  }

  /** Whether a project token of a place may go to the address in use; undefined stands for Mixpanel's own. */
  mayTake(token: HeldCredential, address: Sourced<string> | undefined): boolean {
    const place: SettingsPlace = token.source.kind === "account" ? "account" : "environment";
    const isBoundElsewhere = this.#hasAddress[place] && !this.mayUse(place);
    const isForOthers = address !== undefined && address.source.kind !== place &&
      this.#isOwned[address.source.kind as SettingsPlace];
    return !isBoundElsewhere && !isForOthers;
  }
}
