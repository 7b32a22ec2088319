/**
 * Exit codes, the same for every command.
 * 0 done; 1 the answer is bad news that was asked for (`--fail-on`, a failed proof); 2 the command or a rule is wrong;
 * 3 a rule that cannot be translated; 4 done, but part of the input could not be read.
 */
export const EXIT = { done: 0, found: 1, usage: 2, untranslatable: 3, incomplete: 4 } as const;

/** An error a person caused and can mend: printed as one message, without a stack. */
export class Failure extends Error {
  readonly exitCode: number;
  readonly help: string | undefined;

  constructor(message: string, options: { help?: string; exitCode?: number } = {}) {
    super(message);
    this.exitCode = options.exitCode ?? EXIT.usage;
    this.help = options.help;
  }
}
