import { describe, expect, it } from "@jest/globals";
import {
  type ArchiveSettings,
  encodeJobSettings,
  jobSettingsVariable,
  readJobSettings,
} from "../../src/env.ts";

const settings: ArchiveSettings = {
  v: 1,
  bus: "shop",
  account: "111122223333",
  region: "eu-central-1",
  spanMs: 3_600_000,
  graceMs: 120_000,
  rawKeepMs: 604_800_000,
};

describe("readJobSettings", () => {
  it("reads what the constructs wrote", () => {
    const environment = { [jobSettingsVariable]: encodeJobSettings(settings) };

    expect(readJobSettings<ArchiveSettings>(environment)).toEqual(settings);
  });

  it.each([
    ["nothing", undefined, "is not set"],
    ["an empty value", "", "is not set"],
    ["text", "shop", "is not JSON"],
    ["a later format", '{"v":2}', "has a format that this version does not know"],
    ["a value that is no object", "1", "has a format that this version does not know"],
  ])("refuses %s", (_what, line, message) => {
    expect(() => readJobSettings({ [jobSettingsVariable]: line })).toThrow(
      `${jobSettingsVariable} ${message}`,
    );
  });
});
