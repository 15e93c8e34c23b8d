import {
  type ApplyOptions,
  type AuditEntry,
  type AutoRule,
  applyPlan,
  countResults,
  type Difference,
  inMemoryRepairs,
  type LedgerSource,
  makePlan,
  type RepairContext,
  type Repairer,
  type RepairPlan,
  reconcile,
  repairByItself,
  userRepairer,
} from "../../../src/reconcile/index.ts";
import { hourMs } from "../books.ts";
import { drop, twoBooks } from "../two-books.ts";

export const sides = { left: "left", right: "right" };

/**
 * Two books of three days, some of whose transfers the right one lacks, and a repair that writes them there. What it was
 * called with is in `calls`; `behave` replaces it.
 */
export async function repairWorld({
  wrong = ["transfer-7", "transfer-20"],
  broken = () => ({}),
}: {
  wrong?: string[];
  /** What the right book does wrong, until it is healed. */
  broken?: (good: LedgerSource) => Partial<LedgerSource>;
} = {}) {
  const world = twoBooks({ days: 3 });
  const { clock, store, books } = world;
  const good = world.job.right;
  const right = { ...good, ...broken(good) };
  const job = { ...world.job, right };
  books.right = drop(books.right, ...wrong);
  const repairs = inMemoryRepairs();
  const calls: { key: string; effectKey: string; attempt: number; by: string }[] = [];
  const mend = (difference: Difference) => {
    books.right = [...drop(books.right, difference.key), ...difference.left];
  };
  let behave: (difference: Difference, context: RepairContext) => Promise<void> | void = mend;
  const repairer: Repairer = userRepairer({
    repair: async (difference, context) => {
      const { effectKey, attempt, by } = context;
      calls.push({ key: difference.key, effectKey, attempt, by });
      await behave(difference, context);
    },
    amountOf: ({ left, right }) => Number(left[0]?.fields.cents ?? right[0]?.fields.cents),
  });
  const run = () => reconcile(job, { store, clock });
  const plan = () => makePlan(job.name, { sides, repairer, store, clock });
  const options = { job, repairer, repairs, by: "anna", byItself: false, clock };
  const apply = async (given: RepairPlan, more: Partial<ApplyOptions> = {}) => {
    const applied = await clock.until(applyPlan(given, { ...options, ...more }));
    return { ...applied, counts: countResults(applied.results) };
  };
  const auto = (rule: Partial<AutoRule> = {}) =>
    clock.until(
      repairByItself(
        job,
        { classes: ["missing-right"], atMost: { differences: 10 }, ...rule },
        { repairer, store, repairs, clock },
      ),
    );
  const audit = async (): Promise<readonly AuditEntry[]> => (await repairs.audit(job.name)).entries;
  await run();
  return {
    ...world,
    job,
    heal: () => void Object.assign(right, good),
    repairs,
    repairer,
    options,
    calls,
    mend,
    run,
    plan,
    apply,
    auto,
    audit,
    /** Lets a settle time and a run pass. */
    later: async () => {
      await clock.advance(hourMs);
      return run();
    },
    behaves: (other: typeof behave) => {
      behave = other;
    },
  };
}
