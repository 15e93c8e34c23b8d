import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { archiveDatabaseName } from "../src/names.ts";

/** What an event is beside its data; all text, as times are ISO 8601. */
const eventColumns = ["type", "source", "id"];
const archiveColumns = [
  ...["time", "published", "topic", ...eventColumns, "subject", "correlationid", "causationid"],
  ...["partitionkey", "hash", "messageid", "group", "eventtime", "problem"],
];
const journalColumns = [
  ...["time", "completed", "consumer", "source", "id", "type", "state"],
  ...["hash", "reason", "replay", "eventtime"],
];

/** The message as SQS takes it: `message.messagebody` is what was published, byte for byte. */
const messageType =
  "struct<messagebody:string,messageattributes:map<string,struct<datatype:string,stringvalue:string,binaryvalue:string>>>";

/**
 * The tables `archive` and `journal` for Athena: partitions are computed from the time, so nothing has to crawl, and each
 * names its segments in a file of links, which is written in one piece when a span is sealed.
 */
export function addArchiveTables(
  scope: Construct,
  {
    bus,
    bucketName,
    spanMinutes,
  }: { readonly bus: string; readonly bucketName: string; readonly spanMinutes: number },
): void {
  const databaseName = archiveDatabaseName(bus);
  const database = new CfnDatabase(scope, "Database", {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: databaseName, description: `What went over the bus ${bus}: see docs/archive.md` },
  });
  const table = (name: string, columns: readonly { readonly name: string; readonly type: string }[]) => {
    const location = `s3://${bucketName}/athena/${name}/`;
    const made = new CfnTable(scope, `Table-${name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName,
      tableInput: {
        name,
        tableType: "EXTERNAL_TABLE",
        partitionKeys: [{ name: "span", type: "string" }],
        parameters: {
          EXTERNAL: "TRUE",
          "projection.enabled": "true",
          "projection.span.type": "date",
          "projection.span.format": "yyyy-MM-dd-HH-mm",
          // On the grid of the spans: from here on, step by step.
          "projection.span.range": "2026-01-01-00-00,NOW",
          "projection.span.interval": String(spanMinutes),
          "projection.span.interval.unit": "MINUTES",
          "storage.location.template": `${location}span=\${span}/`,
        },
        storageDescriptor: {
          location,
          columns: [...columns],
          inputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          serdeInfo: {
            serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
            parameters: { "ignore.malformed.json": "FALSE", "case.insensitive": "TRUE" },
          },
        },
      },
    });
    made.addResourceDependency(database);
  };
  const texts = (names: readonly string[]) => names.map((name) => ({ name, type: "string" }));
  table("archive", [...texts(archiveColumns), { name: "message", type: messageType }]);
  table("journal", [...texts(journalColumns), { name: "attempts", type: "int" }]);
}
