import type { RuleProblem } from "../workbench/index.ts";

/** Exit codes, the same for every command. */
export const EXIT = { done: 0, found: 1, usage: 2, untranslatable: 3, incomplete: 4, unwritten: 5, defect: 70 } as const;

/** What each says, as `tocsin --help` and README.md have it. */
export const EXIT_MEANING: { readonly [code: number]: string } = {
  [EXIT.done]: "done",
  [EXIT.found]: "found what `--fail-on` names, an error of `lint`, a proof that failed, or a translation that is another detection",
  [EXIT.usage]: "usage or rule error",
  [EXIT.untranslatable]: "a rule that cannot be translated",
  [EXIT.incomplete]: "done, but part of the input could not be read, or a rule not be computed on all of it",
  [EXIT.unwritten]: "the output, or a temporary file, could not be written completely",
  [EXIT.defect]: "a defect of tocsin",
};

/** An error that the person who started the command can fix: printed as one message, without a stack. */
export class Failure extends Error {
  readonly exitCode: number;
  readonly help: string | undefined;
  /** What is wrong with files of rules, each printed already. */
  readonly problems: readonly RuleProblem[];

  constructor(message: string, options: { help?: string; exitCode?: number; problems?: readonly RuleProblem[] } = {}) {
    super(message);
    this.exitCode = options.exitCode ?? EXIT.usage;
    this.help = options.help;
    this.problems = options.problems ?? [];
  }
}
