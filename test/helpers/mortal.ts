/**
 * Decides what becomes of a call, counted over all processes of a world: its process dies before or after its effect, or
 * (where the port may throw) the call fails, with or without its effect.
 */
export type Fate = (
  call: number,
) => "lives" | "dies-before" | "dies-after" | "throws-before" | "throws-after";

/** Calls of a world whose processes die at one of them. */
export interface Mortality {
  /** How many calls were made. */
  readonly calls: number;
  readonly deaths: number;
  /** Begins a process. */
  process(): Mortal;
}

/** One process: once it is dead none of its calls has an effect, and none answers. */
export interface Mortal {
  /** The same port, each of whose calls may be this process's last, or fail where it `mayThrow`. */
  wrap<Port extends object>(port: Port, options?: { readonly mayThrow: boolean }): Port;
  /** A single step that may be the last, and what it does. */
  step<Result>(act: () => Result | Promise<Result>): Promise<Result>;
  /** Dies now. */
  die(): Promise<never>;
  /** Resolves as `work` does, or with `undefined` when the process dies. */
  run<Result>(work: Promise<Result>): Promise<Result | undefined>;
}

export function mortality(fate: Fate): Mortality {
  let calls = 0;
  let deaths = 0;
  return {
    get calls() {
      return calls;
    },
    get deaths() {
      return deaths;
    },
    process() {
      let dead = false;
      const { promise: death, resolve } = Promise.withResolvers<undefined>();
      const die = (): Promise<never> => {
        if (!dead) deaths++;
        dead = true;
        resolve(undefined);
        return new Promise(() => {});
      };
      const step = async <Result>(
        act: () => Result | Promise<Result>,
        { mayThrow } = { mayThrow: false },
      ): Promise<Result> => {
        if (dead) return die();
        const end = fate(++calls);
        if (end === "dies-before") return die();
        if (end === "throws-before" && mayThrow) throw new Error("no answer");
        let result: Result;
        try {
          result = await act();
        } catch (thrown) {
          if (end === "dies-after" || dead) return die();
          throw thrown;
        }
        if (end === "throws-after" && mayThrow) throw new Error("the answer was lost");
        return end === "dies-after" || dead ? die() : result;
      };
      return {
        step,
        die,
        wrap: (port, options) =>
          new Proxy(port, {
            get(target, name) {
              const member = Reflect.get(target, name);
              if (typeof member !== "function") return member;
              return (...given: unknown[]) => step(() => member.apply(target, given), options);
            },
          }),
        run: (work) => Promise.race([work, death]),
      };
    },
  };
}
