/** What a case is recorded for: a package, a rule of one, or the rules of a file. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { type Detection, type RuleSet } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import { isPackageFolder, readFolder, requirePackages, today } from "../packages.ts";
import { requireRules } from "../rules.ts";

export type RecordTarget =
  | {
      readonly kind: "package";
      readonly folder: string;
      readonly texts: ReadonlyMap<string, string>;
      readonly detection: Detection;
      readonly about: readonly string[];
    }
  | {
      readonly kind: "rules";
      readonly set: RuleSet;
      /** The file of cases beside. Its text is null where there is none yet. */
      readonly sidecar: { readonly path: string; readonly text: string | null };
      readonly rule: string | null;
    };

/** @param about rules that the case is about, of a package or of a file with several */
export function recordTarget(context: CommandContext, path: string, about: readonly string[]): RecordTarget {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new Failure(`there is no ${path}`, {
      help: "Name a package's folder, or a file of rules. `tocsin new detection` begins a package.",
    });
  if (stat.isDirectory()) {
    if (isPackageFolder(path)) return packageTarget(context, path, about);
    throw new Failure(`${path} is no detection package`, { help: "Name a folder with a package.yaml, or one file of rules." });
  }
  const folder = dirname(dirname(path));
  if (basename(dirname(path)) === "rules" && isPackageFolder(folder))
    return packageTarget(context, folder, [basename(path).replace(/\.ya?ml$/, ""), ...about]);
  if (/\.cases\.ya?ml$/i.test(path)) throw new Failure(`${path} holds cases`, { help: "Name the file of the rule beside it." });
  if (about.length > 1)
    throw new Failure("--about takes one rule where the rules are in a file", { help: "Without it, all of them count." });
  const beside = path.replace(/\.\w+$/, "");
  const known = ["yaml", "yml"].map((ending) => `${beside}.cases.${ending}`).find((file) => existsSync(file)) ?? `${beside}.cases.yaml`;
  return {
    kind: "rules",
    set: requireRules(context, [path], { today: today() }),
    sidecar: { path: known.split(sep).join("/"), text: existsSync(known) ? readFileSync(known, "utf8") : null },
    rule: about[0] ?? null,
  };
}

function packageTarget(context: CommandContext, folder: string, about: readonly string[]): RecordTarget {
  const [detection] = requirePackages(context.err, [folder], today());
  const ids = detection!.rules.map(({ id }) => id);
  const unknown = about.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new Failure(`${folder} has no rule ${unknown}`, { help: `Its rules are ${ids.join(", ")}.` });
  const named = about.length > 0 || ids.length > 1 ? about : ids;
  return { kind: "package", folder: join(folder), texts: readFolder(folder), detection: detection!, about: [...new Set(named)] };
}
