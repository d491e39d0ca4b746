import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "mp is one file: carry it to the server and run it. It needs no runtime, no installer, and no write access beside " +
    "itself. It connects to nothing that you did not ask for: no telemetry, no update check, no licence check.",
    {
      title: "On the way to Mixpanel",
      rows: [
        ["HTTPS_PROXY, ALL_PROXY", "proxy for requests, with user and password in its address if it needs them"],
        ["NO_PROXY", "hosts that are reached directly, separated by commas; .example.com stands for its subdomains"],
        ["NODE_EXTRA_CA_CERTS", "PEM file of the company's certificate authority, trusted besides the usual ones"],
        ["SSL_CERT_FILE", "PEM file of certificate authorities to trust"],
        ["MP_CLIENT_CERT, MP_CLIENT_KEY", "PEM files of the certificate that a gateway asks for, and of its key"],
        ["MP_API_BASE_URL", "one origin for everything, such as a gateway that alone may leave the network"],
      ],
    },
    {
      title: "What is written, and where",
      rows: [
        ["~/.config/mp", "accounts, by 'mp login' and 'mp account'. MP_CONFIG_PATH names another file"],
        ["~/.local/state/mp", "the ledger of rate limits, and where long jobs stand. XDG_STATE_HOME moves it"],
      ],
    },
    "A home that cannot be written, or is not there, stops nothing: credentials come from the environment, and the " +
    "ledger is left out. 'mp sandbox' is an emulator of Mixpanel on this machine, so that scripts can be tried without " +
    "any network.",
    {
      examples: [
        {
          text: "Everything through the company's proxy, with its certificate",
          run: "HTTPS_PROXY=http://proxy.example:3128 NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem mp projects list",
        },
        { text: "An emulator to try scripts against", run: "mp sandbox --demo" },
      ],
    },
  ],
  seeAlso: ["mp help environment", "mp help regions", "mp sandbox --help"],
} satisfies Topic;
