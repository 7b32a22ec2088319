/** Translations on the terminal and in a folder. */
import { plural } from "../../report/index.ts";
import type { Terminal } from "../output/terminal.ts";
import { join } from "node:path";
import {
  dropsConjunct,
  jsonText,
  kibanaBundle,
  layerOf,
  lossDiagnostic,
  placeText,
  renderDiagnostics,
  type Detection,
  type FieldNames,
  type RuleTranslation,
  type Translatable,
} from "../../workbench/index.ts";
import { EXIT } from "../failure.ts";
import { writeFiles } from "../output/files.ts";

export function printLosses(err: Terminal, rule: Translatable, { platform, losses }: RuleTranslation): void {
  for (const loss of losses) {
    err.write(`${err.paint("bold", rule.key)} ${placeText(loss.place)}\n`);
    err.write(`${renderDiagnostics(rule.text, [lossDiagnostic(loss, platform)])}\n\n`);
  }
}

export function printTexts(out: Terminal, all: readonly RuleTranslation[]): void {
  for (const { rule, title, text } of all) {
    if (all.length > 1) out.write(`${out.paint("bold", rule)}  ${title}\n`);
    if (text !== "") out.write(ended(text));
    if (all.length > 1) out.write("\n");
  }
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** What is written. */
interface Written {
  readonly all: readonly RuleTranslation[];
  /** Packages whose rules are all among them. */
  readonly packages: readonly Detection[];
  readonly layers: boolean;
  /** The user's own names of columns. */
  readonly fields: FieldNames;
}

/**
 * `PLATFORM/RULE.EXTENSION`, beside it what the platform takes in, and `losses.json`. Of complete packages also one
 * file for Kibana and a layer of ATT&CK Navigator (`layers`).
 */
export async function writeTranslations(err: Terminal, folder: string, { all, packages, layers, fields }: Written): Promise<void> {
  const files = new Map<string, string>();
  const add = (platform: string, name: string, text: string): void => {
    files.set(freePath(files, join(folder, platform), fileName(name), text), text);
  };
  for (const { name, platform, text, extension, files: others } of all) {
    if (text !== "") add(platform, `${name}.${extension}`, ended(text));
    for (const file of others) add(platform, file.name, file.text);
  }
  for (const detection of packages) {
    const bundle = all.some(({ platform }) => platform === "kibana-rule") ? kibanaBundle(detection, fields) : null;
    if (bundle !== null) add("kibana-rule", bundle.name, bundle.text);
    if (layers) add("navigator", `${detection.id}.json`, layerOf(detection));
  }
  const count = files.size;
  const losses = all.flatMap(({ rule, platform, losses: lost }) =>
    lost.map((loss) => ({
      rule,
      platform,
      effect: loss.effect,
      place: placeText(loss.place),
      source: loss.source,
      reason: loss.reason,
      advice: loss.advice,
      dropsConjunct: loss.dropsConjunct === true,
    })),
  );
  if (losses.length > 0) files.set(join(folder, "losses.json"), `${jsonText(losses, 2)}\n`);
  await writeFiles([...files].map(([path, content]) => ({ path, content })));
  err.write(`${plural(count, "file")} in ${folder}${counted(all)}${losses.length > 0 ? "; losses.json says what differs" : ""}\n`);
}

function counted(all: readonly RuleTranslation[]): string {
  const counts = (["exact", "wider", "narrower", "untranslatable"] as const).map((effect) => ({
    effect,
    count: all.filter((one) => one.effect === effect).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ effect, count }) => `${count} ${effect}`);
  const lacking = all.filter((one) => one.text !== "" && dropsConjunct(one)).length;
  if (lacking > 0) parts.push(`${lacking} without a condition of their rule`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** Rules of the same name stand side by side; the same text twice is one file. */
function freePath(written: ReadonlyMap<string, string>, folder: string, name: string, text: string): string {
  const dot = name.lastIndexOf(".");
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name.slice(0, dot)}-${number}${name.slice(dot)}`);
    const known = written.get(path);
    if (known === undefined || known === text) return path;
  }
}

/** One plain name, whatever a rule calls itself. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "");
  return plain === "" ? "rule" : plain.slice(-120);
}

export function translationsExitCode(all: readonly RuleTranslation[]): number {
  if (all.some(({ effect }) => effect === "untranslatable")) return EXIT.untranslatable;
  return all.some(({ effect }) => effect !== "exact") ? EXIT.found : EXIT.done;
}
