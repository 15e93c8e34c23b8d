import type { Guard } from "./guard.ts";

/** What a pipeline is, and what its construct was given for its stages. */
export interface PipelineFacts {
  readonly pipeline: string;
  /** In order. */
  readonly stages: readonly StageFacts[];
  /** The names that `stages` has. */
  readonly given: readonly string[];
}

export interface StageFacts {
  readonly name: string;
  /** `undefined`: no limit. */
  readonly withinMs: number | undefined;
  readonly retentionMs: number;
  /** What the user set beside the types. */
  readonly mode: unknown;
  readonly language: unknown;
}

const sagas =
  "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/saga-choreography.html";

/** What a pipeline's construct asks of its stages. */
export const pipelineGuards: readonly Guard<PipelineFacts>[] = [
  {
    id: "stage-missing",
    reason: "a run would end at the stage that is not there, neither through nor undone",
    fix: "give the construct exactly the stages of the declaration, in one stack",
    link: sagas,
    final: true,
    check: ({ stages, given }) => {
      const declared = stages.map(({ name }) => name);
      const missing = declared.filter((name) => !given.includes(name));
      const extra = given.filter((name) => !declared.includes(name));
      if (missing.length === 0 && extra.length === 0) return undefined;
      const what = [
        ...(missing.length > 0 ? [`has nothing for ${missing.join(", ")}`] : []),
        ...(extra.length > 0 ? [`has ${extra.join(", ")}, which the declaration does not know`] : []),
      ];
      return `\`stages\` ${what.join(" and ")}; it has to name ${declared.join(", ")}`;
    },
  },
  {
    id: "stage-mode",
    reason:
      "whether a run goes on or back is decided by one completion in the ledger, made by code in TypeScript",
    fix: 'leave mode and language out: a stage\'s mode is "once"',
    link: sagas,
    final: true,
    check: ({ stages }) => {
      for (const { name, mode, language } of stages) {
        if (mode !== undefined && mode !== "once") {
          return `stage ${name} has the mode ${JSON.stringify(mode)}; "once" is allowed`;
        }
        if (language !== undefined && language !== "typescript") {
          return `stage ${name} has the language ${JSON.stringify(language)}; "typescript" is allowed`;
        }
      }
      return undefined;
    },
  },
  {
    id: "stage-within",
    reason: "a queue deletes what outlives its retention: a run that waits so long ends without a word",
    fix: "lower withinMs in the declaration, or raise the stage's retention (14 days at most)",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    check: ({ stages }) => {
      const late = stages.find(({ withinMs = 0, retentionMs }) => withinMs >= retentionMs);
      return (
        late &&
        `stage ${late.name} has a time limit of ${late.withinMs} ms, and its queue keeps messages for ${late.retentionMs} ms; less is allowed`
      );
    },
  },
];
