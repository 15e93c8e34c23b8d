import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { RepairPlan } from "../../../src/reconcile/index.ts";
import { repairWorld } from "./repair-world.ts";

const schema = new URL("../../../schema/repair-plan.schema.json", import.meta.url);
const valid = new Ajv2020({ validateFormats: false }).compile(JSON.parse(readFileSync(schema, "utf8")));

const written = async (): Promise<RepairPlan> => {
  const { plan } = await repairWorld();
  return JSON.parse(JSON.stringify(await plan()));
};

describe("repair-plan.schema.json", () => {
  it("is satisfied by a plan, whatever is to be done", async () => {
    const plan = await written();
    const hows = [
      { do: "send", consumer: "Points", offsets: ["2026-01-01-01-00/0/7"] },
      { do: "call" },
      { do: "tell", look: "both sides" },
    ];

    expect(valid(plan)).toBe(true);
    for (const how of hows) expect(valid({ ...plan, items: [{ ...plan.items[0], how }] })).toBe(true);
    expect(valid({ ...plan, items: [] })).toBe(true);
  });

  it("needs every field but the amount, and knows no others", async () => {
    const plan = await written();
    const item = plan.items[0] as NonNullable<(typeof plan.items)[0]>;

    for (const field of Object.keys(plan)) expect(valid({ ...plan, [field]: undefined })).toBe(false);
    for (const field of Object.keys(item)) {
      expect(valid({ ...plan, items: [{ ...item, [field]: undefined }] })).toBe(field === "amount");
    }
    expect(valid({ ...plan, other: 1 })).toBe(false);
    expect(valid({ ...plan, items: [{ ...item, other: 1 }] })).toBe(false);
    expect(valid({ ...plan, v: 2 })).toBe(false);
  });
});
