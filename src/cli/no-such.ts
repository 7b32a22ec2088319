import { similarNames } from "../workbench/index.ts";
import { Failure } from "./failure.ts";

/** A value that is none of those an option has: `--to splnk: no such platform`, with the one that was meant. */
export function noSuch(option: string, value: string, kind: string, kinds: string, names: readonly string[]): Failure {
  const [meant] = similarNames(value, names);
  const suggestion = meant === undefined ? "" : `Did you mean ${meant}? `;
  return new Failure(`${option} ${value}: no such ${kind}`, { help: `${suggestion}${kinds} are ${names.join(", ")}.` });
}
