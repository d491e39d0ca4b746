/**
 * Loaded before a client that insists on Mixpanel's own names and knows no proxies: connections to them go to the port
 * where the test answers for them, as a line in /etc/hosts would have it. The certificate is checked as ever.
 */
const tls = require("node:tls");

const connect = tls.connect;
tls.connect = (...given) => {
  const [options] = given;
  const host = options?.servername || options?.host;
  if (typeof options !== "object" || options.socket || !/(^|\.)mixpanel\.com$/.test(host ?? "")) {
    return connect(...given);
  }
  const pointed = { ...options, servername: host, host: "127.0.0.1", port: Number(process.env.MP_TLS_PORT) };
  return connect(pointed, ...given.slice(1));
};
