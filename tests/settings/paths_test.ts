import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { configPath, officialConfigPath, stateFolder } from "../../src/settings/paths.ts";

const HOME = "/home/ana";

describe("paths", () => {
  it("keeps the config file under ~/.config/mp, also on macOS", () => {
    assert.equal(configPath({ HOME }, "linux"), "/home/ana/.config/mp/config.toml");
    assert.equal(configPath({ HOME }, "darwin"), "/home/ana/.config/mp/config.toml");
  });

  it("follows XDG_CONFIG_HOME and XDG_STATE_HOME", () => {
    const env = { HOME, XDG_CONFIG_HOME: "/etc/ana", XDG_STATE_HOME: "/var/ana" };
    assert.equal(configPath(env, "linux"), "/etc/ana/mp/config.toml");
    assert.equal(stateFolder(env, "linux"), "/var/ana/mp");
  });

  it("ignores relative XDG folders, as their specification says", () => {
    assert.equal(configPath({ HOME, XDG_CONFIG_HOME: "somewhere" }, "linux"), "/home/ana/.config/mp/config.toml");
  });

  it("takes MP_CONFIG_PATH before all else, and not when it is empty", () => {
    assert.equal(configPath({ HOME, XDG_CONFIG_HOME: "/x", MP_CONFIG_PATH: "/tmp/a.toml" }, "linux"), "/tmp/a.toml");
    assert.equal(configPath({ HOME, MP_CONFIG_PATH: "" }, "linux"), "/home/ana/.config/mp/config.toml");
  });

  it("uses APPDATA on Windows only", () => {
    const env = { HOME, APPDATA: "/roaming", LOCALAPPDATA: "/local" };
    assert.equal(configPath(env, "win32"), "/roaming/mp/config.toml");
    assert.equal(stateFolder(env, "win32"), "/local/mp");
    assert.equal(stateFolder(env, "linux"), "/home/ana/.local/state/mp");
  });

  it("knows where Mixpanel's Python client keeps its file", () => {
    assert.equal(officialConfigPath({ HOME }), "/home/ana/.mp/config.toml");
  });
});
