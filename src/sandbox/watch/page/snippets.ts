/** How to connect to the sandbox: what each SDK needs, with the sandbox's own address and token. */

export interface Snippet {
  name: string;
  /** What to know first. */
  note: string;
  code: string;
}

/** @param origin the sandbox's address, such as `http://127.0.0.1:8787` */
export function snippetsFor(origin: string, token: string): Snippet[] {
  const { host, port } = new URL(origin);
  return [
    {
      name: "mp",
      note: "The account 'sandbox' is there as long as a sandbox runs.",
      code: `mp -a sandbox events tail
mp -a sandbox track 'Sign Up' --distinct-id u-1 --property plan=pro
mp -a sandbox query segmentation 'Sign Up' --last 7d`,
    },
    {
      name: "Node.js",
      note: "npm install mixpanel",
      code: `import Mixpanel from "mixpanel";

const mixpanel = Mixpanel.init("${token}", { host: "${host}", protocol: "http" });
mixpanel.track("Sign Up", { distinct_id: "u-1", plan: "pro" });`,
    },
    {
      name: "Browser",
      note: "npm install mixpanel-browser; events are sent every few seconds.",
      code: `import mixpanel from "mixpanel-browser";

mixpanel.init("${token}", { api_host: "${origin}" });
mixpanel.track("Sign Up", { plan: "pro" });`,
    },
    {
      name: "Python",
      note: "pip install mixpanel",
      code: `import mixpanel

consumer = mixpanel.Consumer(
    events_url="${origin}/track", people_url="${origin}/engage",
    groups_url="${origin}/groups", import_url="${origin}/import",
)
client = mixpanel.Mixpanel("${token}", consumer=consumer)
client.track("u-1", "Sign Up", {"plan": "pro"})`,
    },
    {
      name: "Go",
      note: "go get github.com/mixpanel/mixpanel-go/v2",
      code: `client := mixpanel.NewApiClient("${token}", mixpanel.ProxyApiLocation("${origin}"))
event := client.NewEvent("Sign Up", "u-1", map[string]any{"plan": "pro"})
err := client.Track(ctx, []*mixpanel.Event{event})`,
    },
    {
      name: "Java",
      note: "com.mixpanel:mixpanel-java",
      code: `MixpanelAPI mixpanel = new MixpanelAPI("${origin}/track", "${origin}/engage");
MessageBuilder messages = new MessageBuilder("${token}");
mixpanel.sendMessage(messages.event("u-1", "Sign Up", new JSONObject().put("plan", "pro")));`,
    },
    {
      name: "Android",
      note: `First run 'adb reverse tcp:${port} tcp:${port}', and allow clear text in the debug manifest.`,
      code: `val mixpanel = MixpanelAPI.getInstance(context, "${token}", false)
mixpanel.setServerURL("${origin}")
mixpanel.track("Sign Up", JSONObject().put("plan", "pro"))
mixpanel.flush()`,
    },
    {
      name: "iOS",
      note: "In the simulator; Info.plist needs NSAllowsLocalNetworking under NSAppTransportSecurity.",
      code: `Mixpanel.initialize(token: "${token}", trackAutomaticEvents: false)
Mixpanel.mainInstance().serverURL = "${origin}"
Mixpanel.mainInstance().track(event: "Sign Up", properties: ["plan": "pro"])
Mixpanel.mainInstance().flush()`,
    },
    {
      name: "PHP",
      note: "composer require mixpanel/mixpanel-php",
      code: `$mixpanel = Mixpanel::getInstance("${token}", ["host" => "${host}", "use_ssl" => false]);
$mixpanel->track("Sign Up", ["distinct_id" => "u-1", "plan" => "pro"]);`,
    },
    {
      name: "Ruby",
      note: "gem install mixpanel-ruby",
      code: `Mixpanel.config_http { |http| http.use_ssl = false }
consumer = Mixpanel::Consumer.new("${origin}/track", "${origin}/engage")
tracker = Mixpanel::Tracker.new("${token}") { |type, message| consumer.send!(type, message) }
tracker.track("u-1", "Sign Up", { "plan" => "pro" })`,
    },
    {
      name: "curl",
      note: "verbose=1 says why something is refused.",
      code: `curl '${origin}/track?verbose=1' -H 'content-type: application/json' \\
  -d '[{"event": "Sign Up", "properties": {"token": "${token}", "distinct_id": "u-1"}}]'`,
    },
  ];
}
