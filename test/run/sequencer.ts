import { readFileSync } from "node:fs";

interface Test {
  readonly path: string;
}

/** What starts whole clouds, installs apps or builds programs: minutes, mostly waited for. Begun last, it would end last. */
const slow = [
  "drills/recommender/run.test.ts",
  "templates/publishers.test.ts",
  "e2e/e2e.test.ts",
  "package/new-app.test.ts",
  "cli/new.test.ts",
  "python/kills.test.ts",
];

/** The order of jest's files: the slow ones first, then the longest, so that no worker is left with a long one at the end. */
export default class SlowFirst {
  sort(tests: readonly Test[]): Test[] {
    const place = ({ path }: Test) => {
      const index = slow.findIndex((name) => path.endsWith(`/test/${name}`));
      return index < 0 ? slow.length : index;
    };
    return tests
      .map((test) => ({ test, place: place(test), size: readFileSync(test.path).length }))
      .sort((one, other) => one.place - other.place || other.size - one.size)
      .map(({ test }) => test);
  }

  allFailedTests(): Test[] {
    return [];
  }

  cacheResults(): void {}

  shard(tests: readonly Test[]): Test[] {
    return [...tests];
  }
}
