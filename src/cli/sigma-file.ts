import type { Terminal } from "./output/terminal.ts";
import { loadSigma, type LoadRulesOptions, translatableSigma, type Translatable } from "../workbench/index.ts";
import { readTextFile } from "./text-file.ts";

/** The rules of one Sigma file, and how many correlations of it cannot be translated; null where no rule can be read. What is wrong is printed. */
export function translatableSigmaFile(
  err: Terminal,
  file: string,
  options: Pick<LoadRulesOptions, "placeholders" | "pipelines">,
): { readonly rules: readonly Translatable[]; readonly correlations: number } | null {
  const text = readTextFile(file);
  const collection = loadSigma([{ path: file, text }], options);
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
