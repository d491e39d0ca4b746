/**
 * The script of the sandbox's page: asks for what is new, again and again, and shows it. It runs in a browser; the build
 * bundles it into `page.generated.ts`.
 */
import { showSnippets } from "./connect.ts";
import { byId, element, prepend, propertyList, visible } from "./elements.ts";
import { askSandbox } from "./json.ts";

interface ShownRequest {
  number: number;
  time: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  meaning: string;
  problem?: string;
}

interface ShownEvent {
  number: number;
  project_id: number;
  record: { event: string; properties: Record<string, unknown> };
}

interface FeedAnswer {
  feed: string;
  last_request: number;
  last_event: number;
  requests: ShownRequest[];
  events: ShownEvent[];
}

interface ShownProject {
  id: number;
  name: string;
  token: string;
  events: number;
  profiles: number;
}

interface ProfilesAnswer {
  profiles: { group_key: string; id: string; properties: Record<string, unknown> }[];
  more: boolean;
}

const MOST_ITEMS = 200;
const WAIT_MS = 20_000;
const RETRY_MS = 2000;
/** How much longer it counts nothing than it has counted. */
const COUNT_PAUSE = 20;

const requests = byId("requests");
const events = byId("events");
const projectSelect = byId<HTMLSelectElement>("project");
const onlyRefused = byId<HTMLInputElement>("only-refused");
let projects: ShownProject[] = [];
let countTimer: ReturnType<typeof setTimeout> | undefined;
let countMs = 0;
let seen = { feed: "", request: 0, event: 0 };

byId("address").textContent = location.origin;
projectSelect.addEventListener("change", showProject);
onlyRefused.addEventListener("change", filterRequests);
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search().catch((error: Error) => byId("search-result").textContent = error.message);
});
await watch();

async function watch(): Promise<never> {
  for (let isFirst = true;; isFirst = false) {
    try {
      await takeNews(isFirst ? 0 : WAIT_MS);
      setState("live", "live");
    } catch (error) {
      console.info(error);
      setState("lost", "no answer; trying again");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function takeNews(waitMs: number): Promise<void> {
  const query = `after_request=${seen.request}&after_event=${seen.event}&wait_ms=${waitMs}`;
  const news = await askSandbox<FeedAnswer>(`/sandbox/feed?${query}`);
  if (seen.feed !== "" && news.feed !== seen.feed) {
    // Another sandbox is at the address now, and its numbers begin again.
    requests.replaceChildren();
    events.replaceChildren();
    seen = { feed: news.feed, request: 0, event: 0 };
    return;
  }
  seen = { feed: news.feed, request: news.last_request, event: news.last_event };
  for (const one of news.requests) prepend(requests, requestItem(one), MOST_ITEMS);
  for (const one of news.events) prepend(events, eventItem(one), MOST_ITEMS);
  byId("no-events").hidden = events.childElementCount > 0;
  byId("request-count").textContent = count(news.last_request);
  filterRequests();
  if (projects.length === 0) await takeCounts();
  else countSoon();
}

/** Counting takes the sandbox long when it has many events: it is to spend a small part of its time on that. */
function countSoon(): void {
  countTimer ??= setTimeout(() => {
    // expected: a sandbox that does not answer, which is shown by who waits for news
    takeCounts().catch(() => {}).finally(() => countTimer = undefined);
  }, COUNT_PAUSE * countMs);
}

async function takeCounts(): Promise<void> {
  const startMs = performance.now();
  projects = (await askSandbox<{ projects: ShownProject[] }>("/sandbox/state")).projects;
  countMs = performance.now() - startMs;
  const names = projects.map(({ id, name }) => `${name} (${id})`);
  if (names.join("\n") !== [...projectSelect.options].map(({ text }) => text).join("\n")) {
    projectSelect.replaceChildren(...names.map((name) => element("option", "", name)));
    byId("project-choice").hidden = projects.length < 2;
    showProject();
  }
  const { events: stored = 0, profiles = 0 } = projects[projectSelect.selectedIndex] ?? {};
  byId("event-count").textContent = count(stored);
  byId("profile-count").textContent = count(profiles);
}

function showProject(): void {
  const project = projects[projectSelect.selectedIndex];
  if (project === undefined) return;
  showSnippets(project.token);
  byId("event-count").textContent = count(project.events);
  byId("profile-count").textContent = count(project.profiles);
}

function requestItem({ time, method, path, status, ms, meaning, problem }: ShownRequest): HTMLElement {
  const row = element(
    "div",
    "row mono",
    element("span", "quiet", clock(time)),
    element("span", "", `${visible(method)} ${visible(path)}`),
    element("span", "status", String(status)),
    element("span", "quiet", `${ms} ms`),
  );
  const item = element("li", problem === undefined ? "" : "problem", row);
  if (meaning !== "") item.append(element("div", "", visible(meaning)));
  if (problem !== undefined) item.append(element("div", "why", visible(problem)));
  return item;
}

function eventItem({ record: { event, properties } }: ShownEvent): HTMLElement {
  const { time, distinct_id: id, ...others } = properties;
  const summary = element(
    "summary",
    "",
    element("span", "quiet mono", clock(new Date(Number(time) * 1000).toISOString())),
    element("span", "strong", visible(event)),
    element("span", "mono", visible(id === undefined ? "" : String(id))),
  );
  return element("li", "", element("details", "", summary, propertyList({ ...others, time })));
}

/** Hides requests that went well, where only the others are wanted. */
function filterRequests(): void {
  for (const item of requests.children) {
    (item as HTMLElement).hidden = onlyRefused.checked && !item.classList.contains("problem");
  }
  byId("no-requests").hidden = requests.childElementCount > 0;
}

async function search(): Promise<void> {
  const id = byId<HTMLInputElement>("profile-id").value;
  const project = projects[projectSelect.selectedIndex]?.id ?? 0;
  const query = new URLSearchParams({ project_id: String(project), id });
  const { profiles, more } = await askSandbox<ProfilesAnswer>(`/sandbox/profiles?${query}`);
  byId("profiles").replaceChildren(...profiles.map(({ group_key, id, properties }) => {
    const kind = group_key === "" ? "" : ` (${visible(group_key)})`;
    const summary = element("summary", "", element("span", "strong mono", visible(id)), kind);
    return element("li", "", element("details", "", summary, propertyList(properties)));
  }));
  byId("search-result").textContent = profiles.length === 0
    ? "There is no such profile."
    : `${more ? "The first " : ""}${profiles.length} ${profiles.length === 1 ? "profile" : "profiles"}`;
}

function setState(state: "live" | "lost", text: string): void {
  const shown = byId("state");
  if (shown.textContent === text) return;
  shown.dataset.state = state;
  shown.textContent = text;
}

function clock(time: string): string {
  return new Date(time).toLocaleTimeString([], { hour12: false });
}

function count(number: number): string {
  return number.toLocaleString("en");
}
