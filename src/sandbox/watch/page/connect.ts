/** The part of the page that shows how to connect. */
import { byId, element } from "./elements.ts";
import { snippetsFor } from "./snippets.ts";

let chosen = "Node.js";

/** Shows what to write for a project's token; the choice of the SDK stays. */
export function showSnippets(token: string): void {
  const snippets = snippetsFor(location.origin, token);
  const buttons = snippets.map(({ name, note, code }) => {
    const button = element("button", "", name) as HTMLButtonElement;
    button.type = "button";
    const show = () => {
      chosen = name;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      byId("snippet").textContent = code;
      byId("snippet-note").textContent = note;
    };
    button.addEventListener("click", show);
    return Object.assign(button, { show });
  });
  byId("sdks").replaceChildren(...buttons);
  buttons[Math.max(0, snippets.findIndex(({ name }) => name === chosen))]!.show();
}

const copy = byId<HTMLButtonElement>("copy");
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("snippet").textContent ?? "");
  copy.textContent = "Copied";
  setTimeout(() => copy.textContent = "Copy", 1500);
});
