// A process that runs tests against one mutant after the other. `mutate.ts` starts it, and ends it when a mutant never ends.
import { resolve } from "node:path";
import { createVitest, type TestModule } from "vitest/node";
import config from "../../vitest.config.ts";

/** The tests to run with a file's text replaced. The text stays as it is on the disk. */
export interface Trial {
  /** Absolute path of the mutated file, and its text; null runs the tests as they are. */
  readonly file: string | null;
  readonly text: string;
  /** Absolute paths of test files, in stages: what fails in one ends the trial. */
  readonly stages: readonly (readonly string[])[];
}

export interface Verdict {
  /** The test file that failed; null where all passed. */
  readonly failed: string | null;
  /** The first message of the failure. */
  readonly message: string;
}

const root = resolve(import.meta.dirname, "../..");
let mutant: { file: string; text: string } | null = null;

const vitest = await createVitest(
  {
    config: false,
    root,
    watch: false,
    bail: 1,
    maxWorkers: 1,
    reporters: [{}],
    silent: true,
    fsModuleCache: false,
    coverage: { enabled: false },
  },
  {
    ...config,
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        load: (id: string) => (mutant !== null && id === mutant.file ? mutant.text : undefined),
      },
    ],
  },
);

/** The server loads the file again, and so do the workers, which live on from run to run. */
function forget(file: string): void {
  vitest.invalidateFile(file);
  vitest.watcher.invalidates.add(file);
}

async function run({ file, text, stages }: Trial): Promise<Verdict> {
  mutant = file === null ? null : { file, text };
  if (file !== null) forget(file);
  try {
    for (const stage of stages) {
      if (stage.length === 0) continue;
      const specifications = (await vitest.globTestSpecifications([...stage])).filter(({ moduleId }) => stage.includes(moduleId));
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
      const failed = testModules.find((module) => module.state() === "failed");
      if (failed !== undefined) return { failed: failed.moduleId, message: messageOf(failed) };
      if (unhandledErrors.length > 0) return { failed: stage[0]!, message: String(unhandledErrors[0]) };
    }
    return { failed: null, message: "" };
  } finally {
    mutant = null;
    if (file !== null) forget(file);
    vitest.state.clearErrors();
  }
}

function messageOf(module: TestModule): string {
  const errors = [...module.errors(), ...[...module.children.allTests("failed")].flatMap((one) => one.result().errors ?? [])];
  return (errors[0]?.message ?? "").split("\n", 1)[0]!;
}

process.on("message", (trial: Trial) => {
  run(trial).then(
    (verdict) => process.send!(verdict),
    (error: unknown) => process.send!({ failed: trial.stages.flat()[0] ?? "", message: String(error) } satisfies Verdict),
  );
});
process.send!("ready");
