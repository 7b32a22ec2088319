import { readFileSync } from "node:fs";
import { loadSigma, translatableSigma, type Translatable } from "../workbench/index.ts";
import { Failure } from "./failure.ts";
import { err } from "./terminal.ts";

/** The rules of one Sigma file, and how many correlations of it cannot be translated; null where no rule can be read. What is wrong is printed. */
export function translatableSigmaFile(
  file: string,
  placeholders: ReadonlyMap<string, readonly string[]>,
): { readonly rules: readonly Translatable[]; readonly correlations: number } | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(`cannot read ${file}: ${(error as Error).message}`);
  }
  const collection = loadSigma([{ path: file, text }], { placeholders });
  for (const { severity, place, message, help, code } of collection.problems) {
    const label = severity === "error" ? err.paint(["bold", "red"], "error") : err.paint("yellow", "warning");
    err.write(`${place.file}:${place.line}:${place.column}: ${label}: ${message} [${code}]\n`);
    if (help !== null) err.write(`  ${err.paint("cyan", "help")}: ${help}\n`);
  }
  for (const { title } of collection.correlations)
    err.write(
      `${file}: ${err.paint(["bold", "red"], "error")}: the correlation ${JSON.stringify(title)} is not translated: rules of single events are\n`,
    );
  return collection.rules.length === 0
    ? null
    : { rules: collection.rules.map((rule) => translatableSigma(rule, text)), correlations: collection.correlations.length };
}
