import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { dynoxide, dynoxideVersion, findDynoxide } from "../../local/cloud/engines/dynoxide.ts";
import { EngineMissing } from "../../local/cloud/engines/engine-missing.ts";
import { fauxqsVersion } from "../../local/cloud/engines/fauxqs.ts";
import { makeMemoryDirectory } from "../../local/cloud/engines/memory-directory.ts";
import { requireEngines } from "../../local/cloud/engines/require-engines.ts";
import { addStreamIndex } from "../../local/cloud/engines/stream-index.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { textOf } from "../house/source.ts";

const folder = temporaryFolder();

describe("dynoxide", () => {
  it("has the private schema that the stream index stands on, and uses the index", async () => {
    const dataDir = join(folder, "indexed");
    await mkdir(dataDir);
    const engine = await dynoxide.start({ dataDir, removeDataDir: false });
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${engine.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    try {
      await client.send(
        new CreateTableCommand({
          TableName: "streamed",
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
        }),
      );
      await client.send(new PutItemCommand({ TableName: "streamed", Item: { id: { S: "1" } } }));

      expect(engine.notes).toEqual([]);
      const database = new DatabaseSync(join(dataDir, "dynamodb.db"), { readOnly: true });
      const plan = database
        .prepare(
          "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?",
        )
        .all("streamed");
      expect(database.prepare("SELECT count(*) AS records FROM _stream_records").get()).toEqual({
        records: 1,
      });
      database.close();
      expect(JSON.stringify(plan)).toContain("omnibus_stream_order");
    } finally {
      client.destroy();
      await engine.stop();
    }
  });

  it("forgets stream records of the day before yesterday at its start, and numbers on", async () => {
    const dataDir = join(folder, "old");
    await mkdir(dataDir);
    const run = async <T>(work: (client: DynamoDBClient) => Promise<T>): Promise<T> => {
      const engine = await dynoxide.start({ dataDir, removeDataDir: false });
      const client = new DynamoDBClient({
        endpoint: `http://127.0.0.1:${engine.port}`,
        region: "us-east-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      });
      const result = await work(client).finally(() => client.destroy());
      await engine.stop();
      return result;
    };
    const put = (client: DynamoDBClient, id: string) =>
      client.send(new PutItemCommand({ TableName: "streamed", Item: { id: { S: id } } }));
    await run(async (client) => {
      await client.send(
        new CreateTableCommand({
          TableName: "streamed",
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
        }),
      );
      for (const id of ["1", "2", "3"]) await put(client, id);
    });
    const database = new DatabaseSync(join(dataDir, "dynamodb.db"));
    database.exec("UPDATE _stream_records SET created_at = created_at - 172800");

    await run((client) => put(client, "4"));

    expect(database.prepare("SELECT sequence_number AS number FROM _stream_records").all()).toEqual([
      { number: "3" },
      { number: "4" },
    ]);
    database.close();
  });

  it("takes its directory with it when told so", async () => {
    const dataDir = join(folder, "passing");
    await mkdir(dataDir);
    const engine = await dynoxide.start({ dataDir, removeDataDir: true });

    await engine.stop();

    await eventually("the directory is gone", () => !existsSync(dataDir));
    await expect(fetch(`http://127.0.0.1:${engine.port}`)).rejects.toThrow();
  });

  it("says what to install where there is no program for the machine", () => {
    expect(() => findDynoxide("plan9", "vax")).toThrow(
      /the package @dynoxide\/plan9-vax is not installed.+DynamoDB Local.+Run: npm install --save-dev --save-exact @dynoxide\/plan9-vax@/,
    );
  });
});

describe("requireEngines", () => {
  it("is content where both are installed", () => {
    expect(() => requireEngines()).not.toThrow();
  });

  it("says in one line how to install all that is missing", () => {
    const finds = [
      () => findDynoxide("plan9", "vax"),
      () => {
        throw new EngineMissing("fauxqs@1.0.0", "no fauxqs.");
      },
    ];

    expect(() => requireEngines(finds)).toThrow(
      /npm install --save-dev --save-exact @dynoxide\/plan9-vax@\S+ fauxqs@1\.0\.0$/,
    );
    expect(() => requireEngines(finds.slice(1))).toThrow(/^no fauxqs\. Run: npm install .+ fauxqs@1\.0\.0$/);
  });

  it("lets other errors pass", () => {
    const broken = () => {
      throw new Error("broken");
    };

    expect(() => requireEngines([broken])).toThrow("broken");
  });
});

describe("addStreamIndex", () => {
  it("leaves a schema alone that it does not know, and says what that costs", () => {
    const file = join(folder, "other.db");
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE _stream_records (table_name TEXT, position INTEGER)");

    expect(addStreamIndex(file)).toBe(
      "dynoxide's table _stream_records has no sequence_number: tables with streams get slower with each write",
    );
    expect(
      database.prepare("SELECT count(*) AS found FROM sqlite_master WHERE type = 'index'").get(),
    ).toEqual({
      found: 0,
    });
    database.close();
  });

  it("says why it could not be made", () => {
    expect(addStreamIndex(join(folder, "nowhere", "a.db"))).toMatch(
      /^dynoxide's stream index could not be made \(/,
    );
  });
});

describe("makeMemoryDirectory", () => {
  it("removes what ended processes have left, and leaves the living's alone", async () => {
    const place = join(folder, "memory");
    await mkdir(join(place, "omnibus-dynamodb-2147483646-left"), { recursive: true });
    await mkdir(join(place, "somebody-elses"));
    const mine = makeMemoryDirectory(place);

    const another = makeMemoryDirectory(place);

    expect(readdirSync(place).sort()).toEqual([basename(mine), basename(another), "somebody-elses"].sort());
  });
});

describe("the engines whose inside is used", () => {
  it("are pinned to the releases that it was tried on", () => {
    const packages = JSON.parse(textOf("package.json") ?? "{}") as Record<string, Record<string, string>>;

    expect(packages.devDependencies?.fauxqs ?? packages.dependencies?.fauxqs).toBe(fauxqsVersion);
    expect(packages.optionalDependencies?.["@dynoxide/linux-x64"]).toBe(dynoxideVersion);
  });
});
