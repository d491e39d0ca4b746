/** In the page: calls each method of Mixpanel's SDK for browsers. `drive` is what the test calls. */
globalThis.drive = async (token, host) => {
  const { mixpanel } = globalThis;
  const made = new Map();
  /** An instance of its own, under a name that is none of the SDK's. */
  const make = (name, more = {}) => {
    const own = { api_host: host, persistence: "localStorage", persistence_name: name, batch_requests: false };
    if (!made.has(name)) made.set(name, mixpanel.init(token, { ...own, ...more }, `own-${name}`));
    return made.get(name);
  };
  const done = (call) => new Promise((resolve) => call(resolve));
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const main = make("main");
  main.identify("browser-user");
  const { people } = main;
  const company = main.get_group("company", "Acme");
  const twice = async (first, second) => [await done(first), await done(second)];
  /** Profiles of others than the main instance's. */
  const as = (id) => {
    const other = make(`as-${id}`);
    other.identify(id);
    return other.people;
  };
  const flags = make("flags", { flags: true });
  flags.identify("flag-user");
  const testers = make("testers", { flags: true });
  testers.identify("tester");
  const short = ({ key, value }) => ({ key, value });
  const fallback = { key: "fallback", value: "fallback" };
  const element = (html) => {
    document.body.insertAdjacentHTML("beforeend", html);
    return document.body.lastElementChild;
  };

  const calls = {
    init: () => make("init").get_config("token"),
    track: async () => {
      const base64 = make("base64", { api_payload_format: "base64" });
      const properties = { text: "Köln + 1/2 😀", n: 3, list: [1] };
      return await twice(
        (end) => main.track("Browser track", properties, end),
        (end) => base64.track("Browser track base64", properties, end),
      );
    },
    identify: async () => {
      const visitor = make("visitor");
      const anonymous = visitor.get_distinct_id();
      await done((end) => visitor.track("Browser before", {}, end));
      visitor.identify("visitor-user");
      await done((end) => visitor.people.set({ plan: "pro" }, end));
      await done((end) => visitor.track("Browser after", {}, end));
      return anonymous;
    },
    alias: async () => {
      const visitor = make("alias");
      visitor.identify("alias-user");
      await done((end) => visitor.people.set({ plan: "pro" }, end));
      visitor.alias("alias@example.com");
      await pause(300);
      return visitor.get_distinct_id();
    },
    register: () => {
      main.register({ theme: "dark", volume: 1 });
      return done((end) => main.track("Browser register", {}, end));
    },
    register_once: () => {
      main.register_once({ theme: "light" });
      return main.get_property("theme");
    },
    unregister: () => {
      main.unregister("volume");
      return done((end) => main.track("Browser unregister", {}, end));
    },
    get_property: () => main.get_property("theme"),
    get_distinct_id: () => main.get_distinct_id(),
    get_config: () => main.get_config("api_host"),
    set_config: () => {
      const one = make("config");
      one.set_config({ property_blacklist: ["secret"] });
      return done((end) => one.track("Browser set_config", { secret: 1, shown: 2 }, end));
    },
    time_event: async () => {
      main.time_event("Browser time_event");
      await pause(60);
      return await done((end) => main.track("Browser time_event", {}, end));
    },
    track_pageview: async () => {
      main.track_pageview({ extra: 1 });
      await pause(200);
    },
    track_links: async () => {
      const link = element('<a id="link" href="#elsewhere">Link</a>');
      main.track_links("#link", "Browser track_links", { from: "page" });
      link.click();
      await pause(500);
      return location.hash;
    },
    track_forms: async () => {
      element('<iframe name="nowhere"></iframe>');
      const form = element('<form id="form" action="about:blank" target="nowhere"><button>Send</button></form>');
      main.track_forms("#form", "Browser track_forms");
      form.querySelector("button").click();
      await pause(500);
    },
    set_group: async () => {
      const one = make("groups");
      one.identify("group-user");
      const answer = await done((end) => one.set_group("company", "Acme", end));
      return [answer, await done((end) => one.track("Browser set_group", {}, end))];
    },
    add_group: async () => {
      const one = make("groups");
      const answer = await done((end) => one.add_group("company", "Other", end));
      return [answer, await done((end) => one.track("Browser add_group", {}, end))];
    },
    remove_group: async () => {
      const one = make("groups");
      return await done((end) => one.remove_group("company", "Acme", end));
    },
    track_with_groups: () =>
      done((end) => main.track_with_groups("Browser track_with_groups", { n: 1 }, { company: ["Acme"] }, end)),
    get_group: () => done((end) => main.get_group("company", "Got").set({ a: 1 }, end)),
    disable: () => {
      const one = make("disable");
      one.disable(["Browser disabled"]);
      one.track("Browser disabled");
      return done((end) => one.track("Browser enabled", {}, end));
    },
    push: async () => {
      main.push(["track", "Browser push", { n: 1 }]);
      await pause(200);
    },
    reset: () => {
      const one = make("reset");
      one.identify("reset-user");
      one.reset();
      return one.get_distinct_id();
    },
    opt_out_tracking: () => {
      const one = make("opted");
      one.opt_out_tracking({ delete_user: false });
      one.track("Browser opted out");
      return one.has_opted_out_tracking();
    },
    has_opted_out_tracking: () => make("opted").has_opted_out_tracking(),
    opt_in_tracking: async () => {
      make("opted").opt_in_tracking({ track_event_name: "Browser opted in" });
      await pause(200);
    },
    has_opted_in_tracking: () => make("opted").has_opted_in_tracking(),
    clear_opt_in_out_tracking: () => {
      const one = make("opted");
      one.clear_opt_in_out_tracking();
      return [one.has_opted_in_tracking(), one.has_opted_out_tracking()];
    },
    start_batch_senders: async () => {
      const one = make("batches", { batch_requests: true, batch_autostart: false, batch_flush_interval_ms: 100 });
      for (let n = 0; n < 3; n++) one.track("Browser batch", { n });
      one.start_batch_senders();
      await pause(800);
    },
    get_session_recording_properties: () => main.get_session_recording_properties(),
    get_session_replay_url: () => main.get_session_replay_url(),

    "people.set": () =>
      twice((end) => people.set({ plan: "free", $first_name: "Ada" }, end), (end) => people.set("plan", "pro", end)),
    "people.set_once": () => done((end) => people.set_once({ plan: "never", first: 1 }, end)),
    "people.increment": () =>
      twice((end) => people.increment("n", 5, end), (end) => people.increment({ n: -2, m: 1 }, end)),
    "people.append": () =>
      twice((end) => people.append("cities", "Rome", end), (end) => people.append("cities", "Rome", end)),
    "people.union": () =>
      twice((end) => people.union("tags", ["a", "b"], end), (end) => people.union("tags", "c", end)),
    "people.remove": () => done((end) => people.remove("tags", "a", end)),
    "people.unset": () => done((end) => people.unset("first", end)),
    "people.clear_charges": () => {
      const cleared = as("cleared");
      return twice((end) => cleared.append("$transactions", { $amount: 5 }, end), (end) => cleared.clear_charges(end));
    },
    "people.delete_user": async () => {
      const deleted = as("deleted");
      await done((end) => deleted.set({ a: 1 }, end));
      deleted.delete_user();
      await pause(200);
    },
    "group.set": () => done((end) => company.set({ plan: "pro", seats: 5 }, end)),
    "group.set_once": () => done((end) => company.set_once({ plan: "never", since: 2026 }, end)),
    "group.union": () => done((end) => company.union("tags", ["a", "b"], end)),
    "group.remove": () => done((end) => company.remove("tags", "a", end)),
    "group.unset": () => done((end) => company.unset("seats", end)),
    "group.delete": async () => {
      const gone = main.get_group("company", "Gone");
      return await twice((end) => gone.set({ a: 1 }, end), (end) => gone.delete(end));
    },

    "flags.when_ready": async () => {
      await flags.flags.when_ready();
      return "ready";
    },
    "flags.are_flags_ready": () => flags.flags.are_flags_ready(),
    "flags.load_flags": async () => {
      await flags.flags.load_flags();
      return Object.keys(Object.fromEntries(flags.flags.get_all_variants_sync())).sort();
    },
    "flags.get_variant": async () => short(await flags.flags.get_variant("new-nav", fallback)),
    "flags.get_variant_sync": () => short(flags.flags.get_variant_sync("new-nav", fallback)),
    "flags.get_variant_value": () => flags.flags.get_variant_value("new-nav", "fallback"),
    "flags.get_variant_value_sync": () => [
      flags.flags.get_variant_value_sync("new-nav", "fallback"),
      flags.flags.get_variant_value_sync("none", "fallback"),
    ],
    "flags.is_enabled": () => Promise.all(["gate", "new-nav", "none"].map((key) => flags.flags.is_enabled(key, false))),
    "flags.is_enabled_sync": () => ["gate", "new-nav", "none"].map((key) => flags.flags.is_enabled_sync(key, false)),
    "flags.get_all_variants": async () => {
      await testers.flags.load_flags();
      const all = await testers.flags.get_all_variants();
      return [...all].map(([key, one]) => [key, one.key]).sort();
    },
    "flags.get_all_variants_sync": () =>
      [...flags.flags.get_all_variants_sync()].map(([key, one]) => [key, one.key]).sort(),
    "flags.update_context": async () => {
      await flags.flags.update_context({ custom_properties: { plan: "pro" } });
      return short(flags.flags.get_variant_sync("new-nav", fallback));
    },
  };

  const lines = [];
  for (const [call, run] of Object.entries(calls)) {
    try {
      const late = pause(5000).then(() => Promise.reject(new Error("There was no answer")));
      lines.push({ call, answer: await Promise.race([run(), late]) });
    } catch (error) {
      lines.push({ call, error: String(error?.stack ?? error) });
    }
  }
  await pause(500);
  return lines;
};
