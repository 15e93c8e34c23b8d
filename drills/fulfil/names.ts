import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "mill";

/** The commands that make the drill's CDK app: as it is first deployed, and with another code of one stage. */
export const app = "node drills/fulfil/app.ts";
export const nextApp = `${app} next`;

/** The stages, in order. */
export const stageNames = ["RiskCheck", "LockStock", "Charge", "Pack", "Ship"] as const;
export type StageName = (typeof stageNames)[number];

/** Whose function is replaced while orders come, and whose partner becomes slow. */
export const redeployed: StageName = "LockStock";
export const slowed: StageName = "Pack";

/** All consumers: the stages, and the one that tells the customer what was undone. */
export const consumers = [...stageNames, "Tell" as const].map((name) => drillConsumer(bus, name));
