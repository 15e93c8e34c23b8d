import type { CommandGroup } from "../command.ts";
import { reconcileApply } from "./reconcile-apply.ts";
import { reconcilePlan } from "./reconcile-plan.ts";
import { reconcileReport } from "./reconcile-report.ts";
import { reconcileResume } from "./reconcile-resume.ts";
import { reconcileRun } from "./reconcile-run.ts";
import { reconcileShow } from "./reconcile-show.ts";
import { reconcileStatus } from "./reconcile-status.ts";

/** `bus reconcile …`: whether two systems agree, what differs, and how it is mended. */
export const reconcile: CommandGroup = {
  name: "reconcile",
  summary: "whether two systems agree: run, look, show what differs, plan repairs, apply them",
  commands: [
    reconcileRun,
    reconcileStatus,
    reconcileShow,
    reconcilePlan,
    reconcileApply,
    reconcileResume,
    reconcileReport,
  ],
};
