/** A sandbox that is asked through the App API. */
import type { SandboxSettings } from "../../../src/sandbox/settings.ts";
import { Lab, type LabRequest, type Reply } from "../lab.ts";

export class AppLab {
  readonly #lab: Lab;

  constructor(settings: Partial<SandboxSettings> = {}) {
    this.#lab = new Lab(settings);
  }

  get store() {
    return this.#lab.store;
  }

  get clock() {
    return this.#lab.clock;
  }

  addProject() {
    return this.#lab.addProject();
  }

  /** A request under `/api/app`; a body that is no text goes as JSON. */
  send(method: string, path: string, body?: unknown, options: LabRequest = {}): Promise<Reply> {
    const init = body === undefined ? {} : {
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    return this.#lab.send(`/api/app${path}`, { method, ...init, ...options });
  }

  get(path: string, options?: LabRequest): Promise<Reply> {
    return this.send("GET", path, undefined, options);
  }

  post(path: string, body: unknown, options?: LabRequest): Promise<Reply> {
    return this.send("POST", path, body, options);
  }

  /** A request of any path. */
  ask(path: string, options?: LabRequest): Promise<Reply> {
    return this.#lab.send(path, options);
  }
}
