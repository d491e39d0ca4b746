/** The names of Mixpanel's servers, in each region. */
export const MIXPANEL_HOSTS: readonly string[] = [
  ...["mixpanel.com", "eu.mixpanel.com", "in.mixpanel.com"],
  ...["api.mixpanel.com", "api-eu.mixpanel.com", "api-in.mixpanel.com", "api-js.mixpanel.com"],
  ...["data.mixpanel.com", "data-eu.mixpanel.com", "data-in.mixpanel.com"],
  ...["mcp.mixpanel.com", "mcp-eu.mixpanel.com", "mcp-in.mixpanel.com"],
];
