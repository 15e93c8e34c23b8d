import { describe, expect, it } from "@jest/globals";
import {
  archiveBucketName,
  archiveDeadLetterQueueName,
  archiveQueueName,
  archiveUndeliveredQueueName,
  claimsBucketName,
  consumerOfJob,
  delayedDeadLetterQueueName,
  delayedQueueName,
  deliveryJobOf,
  functionName,
  jobFunctionName,
  jobsTableName,
  reconcilerName,
  unscheduledQueueName,
  windowsDeadLetterQueueName,
  windowsQueueName,
} from "../../src/names.ts";

describe("the names of what a bus has of its own", () => {
  it("begin with the bus", () => {
    expect(jobsTableName("shop")).toBe("shop-jobs");
    expect(archiveBucketName("shop", "123456789012", "eu-central-1")).toBe(
      "shop-archive-123456789012-eu-central-1",
    );
    expect(claimsBucketName("shop", "123456789012", "eu-central-1")).toBe(
      "shop-claims-123456789012-eu-central-1",
    );
    expect(delayedQueueName("shop")).toBe("shop-delayed");
    expect(delayedDeadLetterQueueName("shop")).toBe("shop-delayed-dead");
    expect(archiveQueueName("shop")).toBe("shop-archive");
    expect(archiveDeadLetterQueueName("shop")).toBe("shop-archive-dead");
    expect(archiveUndeliveredQueueName("shop")).toBe("shop-archive-undelivered");
    expect(jobFunctionName("shop", "sealer")).toBe("shop-sealer");
  });

  it("fit a bucket's name, however long the bus's and the region's are", () => {
    const name = archiveBucketName("a".repeat(20), "123456789012", "ap-southeast-1-longer");

    expect(name.length).toBeLessThanOrEqual(63);
  });

  it.each([
    "ledger",
    "limits",
    "jobs",
    "archive",
    "archiver",
    "journaler",
    "sealer",
    "reconciler",
    "replayer",
    "relay",
    "claims",
    "delayed",
    "delayer",
    "governor",
    "delivery",
  ])("are no consumer's: %s", (name) => {
    expect(() => functionName("shop", name)).toThrow(`consumer name "${name}" is reserved`);
  });

  it("leave a consumer whatever is called otherwise", () => {
    expect(functionName("shop", "Archive")).toBe("shop-Archive");
    expect(functionName("shop", "archive-copy")).toBe("shop-archive-copy");
  });
});

describe("names of reconciliations", () => {
  it("are computed from bus and job", () => {
    expect(reconcilerName("shop", "Transfers")).toBe("shop-Transfers");
    expect(windowsQueueName("shop", "Transfers")).toBe("shop-Transfers-windows");
    expect(windowsDeadLetterQueueName("shop", "Transfers")).toBe("shop-Transfers-windows-dead");
    expect(unscheduledQueueName("shop", "Transfers")).toBe("shop-Transfers-undelivered");
  });

  it("leave the bus its own, which nobody else may have", () => {
    expect(deliveryJobOf("LockStock")).toBe("delivery-LockStock");
    expect(consumerOfJob("delivery-LockStock")).toBe("LockStock");
    expect(consumerOfJob("Transfers")).toBeUndefined();
    expect(reconcilerName("shop", "delivery-LockStock")).toBe("shop-reconciler");
    expect(() => reconcilerName("shop", "delivery")).toThrow("reserved");
    expect(() => reconcilerName("shop", "sealer")).toThrow("reserved");
  });

  it("are no consumer's: what ends in -windows", () => {
    expect(() => functionName("shop", "Transfers-windows")).toThrow('it ends in "-windows"');
    expect(functionName("shop", "Windows")).toBe("shop-Windows");
  });
});
