import { describe, expect, it } from "@jest/globals";
import { complete, type Lockfile, missingOptional } from "../run/complete-lockfile.ts";
import { textOf } from "./source.ts";

const lockfile = (): Lockfile => ({
  packages: {
    "": { optionalDependencies: { "@tool/cli-linux-x64": "1.0.0" } },
    "node_modules/tool": {
      dev: true,
      optionalDependencies: { "@tool/cli-linux-x64": "1.0.0", "@tool/cli-darwin-arm64": "1.0.0" },
    },
    "node_modules/tool/node_modules/deep": {
      dev: true,
      optionalDependencies: {
        "@tool/cli-linux-arm-musleabihf": "1.0.0",
        "@tool/cli-linux-x64-musl": "1.0.0",
      },
    },
    "node_modules/@tool/cli-linux-x64": { version: "1.0.0" },
  },
});

describe("the lockfile", () => {
  it("is seen when it leaves out another platform's package", () => {
    expect(missingOptional(lockfile()).map(({ name }) => name)).toEqual([
      "@tool/cli-darwin-arm64",
      "@tool/cli-linux-arm-musleabihf",
      "@tool/cli-linux-x64-musl",
    ]);
  });

  it("can be completed from the packages' names", () => {
    const { packages } = complete(lockfile());

    expect(missingOptional({ packages })).toEqual([]);
    expect(packages["node_modules/@tool/cli-darwin-arm64"]).toMatchObject({ os: ["darwin"], cpu: ["arm64"] });
    expect(packages["node_modules/@tool/cli-linux-arm-musleabihf"]).toMatchObject({ cpu: ["arm"] });
    expect(packages["node_modules/@tool/cli-linux-x64-musl"]).toMatchObject({
      libc: ["musl"],
      optional: true,
    });
  });

  it("refuses to guess a platform that the name does not tell", () => {
    const packages = { "node_modules/tool": { optionalDependencies: { extras: "1.0.0" } } };

    expect(() => complete({ packages })).toThrow("tells no platform");
  });

  it("names every optional package, or `npm ci` fails: node test/run/complete-lockfile.ts adds them", () => {
    const packages = JSON.parse(textOf("package-lock.json") ?? "{}") as Lockfile;

    expect(missingOptional(packages)).toEqual([]);
  });
});
