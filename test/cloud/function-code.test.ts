import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { findInspected } from "../../local/cloud/find-inspected.ts";
import { startLocalCloud } from "../../local/cloud/index.ts";
import { unzip } from "../../local/cloud/unzip.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();

/** A zip file as programs write it; names are not checked, on purpose. */
function zip(entries: Readonly<Record<string, { text: string; packed?: boolean }>>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, { text, packed = true }] of Object.entries(entries)) {
    const data = packed ? deflateRawSync(text) : Buffer.from(text);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(packed ? 8 : 0, 8);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(packed ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    files.push(head, Buffer.from(name), data);
    directory.push(entry, Buffer.from(name));
    at += head.length + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

function zipFile(name: string, entries: Parameters<typeof zip>[0]): string {
  const file = join(folder, name);
  writeFileSync(file, zip(entries));
  return file;
}

describe("unzip", () => {
  it("unpacks files, folders and what was only stored", () => {
    const file = zipFile("good.zip", {
      "lib/": { text: "", packed: false },
      "lib/a.txt": { text: "a".repeat(5_000) },
      b: { text: "b", packed: false },
    });

    unzip(file, join(folder, "good"));

    expect(readFileSync(join(folder, "good/lib/a.txt"), "utf8")).toBe("a".repeat(5_000));
    expect(readFileSync(join(folder, "good/b"), "utf8")).toBe("b");
  });

  it("refuses what leads out of the folder, and what is no zip file", () => {
    const hostile = zipFile("hostile.zip", { "../out.txt": { text: "x" } });
    writeFileSync(join(folder, "text.zip"), "just text");

    expect(() => unzip(hostile, join(folder, "hostile"))).toThrow("../out.txt leads out of it");
    expect(() => unzip(join(folder, "text.zip"), join(folder, "text"))).toThrow("it has no end record");
  });
});

describe("a function's code", () => {
  const code = (body: string) => `exports.handler = async () => ${JSON.stringify(body)};`;
  const define = (name: string, Code: object, Runtime = "nodejs24.x") => ({
    Type: "AWS::Lambda::Function",
    Properties: { FunctionName: `shop-${name}`, Runtime, Handler: "index.handler", Code },
  });

  it("is a folder, a zip file, or stands in the template, as a script or a module", async () => {
    mkdirSync(join(folder, "asset.one"));
    writeFileSync(join(folder, "asset.one", "index.js"), code("folder"));
    zipFile("asset.two.zip", { "index.js": { text: code("zip file") } });
    const Resources = {
      Folder: define("Folder", { S3Bucket: "assets", S3Key: "one.zip" }),
      Zip: define("Zip", { S3Bucket: "assets", S3Key: "two.zip" }),
      Script: define("Script", { ZipFile: code("script") }),
      Module: define("Module", { ZipFile: 'export const handler = async () => "module";' }),
      Elsewhere: define("Elsewhere", { S3Bucket: "mine", S3Key: "gone.zip" }),
    };
    const assembly = writeAssembly(
      join(folder, "assembly"),
      { Shop: { template: { Resources } } },
      {
        "one.zip": { path: join(folder, "asset.one"), packaging: "zip" },
        "two.zip": { path: join(folder, "asset.two.zip"), packaging: "file" },
      },
    );

    const cloud = await startLocalCloud({ assembly, port: 0 });

    try {
      const answers = await Promise.all(
        ["Folder", "Zip", "Script", "Module"].map((name) => cloud.functions.invoke(`shop-${name}`, "{}")),
      );
      expect(answers).toEqual(
        ["folder", "zip file", "script", "module"].map((text) => ({
          status: "ok",
          payload: JSON.stringify(text),
        })),
      );
      expect(cloud.unsupported).toEqual([
        'Shop/Elsewhere (AWS::Lambda::Function): Code {"S3Bucket":"mine","S3Key":"gone.zip"}: only assets of the app and inline code are on this machine',
      ]);
    } finally {
      await cloud.stop();
    }
  });
});

describe("findInspected", () => {
  const named = (FunctionName: string) => ({ Type: "AWS::Lambda::Function", Properties: { FunctionName } });
  const assembly = {
    directory: "",
    assets: new Map(),
    stacks: [
      {
        id: "Shop",
        name: "Shop",
        dependencies: [],
        template: { Resources: { A: named("shop-Points"), B: named("shop-Stock"), C: named("other-Stock") } },
      },
    ],
  };

  it("takes the name, or its end when only one ends so", () => {
    expect(findInspected(assembly, "shop-Stock")).toBe("shop-Stock");
    expect(findInspected(assembly, "Points")).toBe("shop-Points");
    expect(() => findInspected(assembly, "Stock")).toThrow("there is more than one function");
    expect(() => findInspected(assembly, "Nobody")).toThrow(
      "there are: shop-Points, shop-Stock, other-Stock",
    );
  });
});
