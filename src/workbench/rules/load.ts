/** Every rule a user has, from whatever they keep them in: recognised by content; what does not run is listed. */
import { loadPackage, type Detection } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { UNSUPPORTED } from "../../elastic/index.ts";
import type { RuleProblem } from "../../eql/index.ts";
import { unpack } from "../../readers/index.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";
import { runnableCorrelations, runnableSigma } from "./sigma.ts";
import {
  originsOf,
  readStandalone,
  runnableElastic,
  sourcesOf,
  type RuleOrigin,
  type RuleSource,
  type StandaloneOptions,
  type StandaloneRules,
  type TextFile,
} from "./standalone.ts";

/** A file of rules, or an archive of such files. */
export interface RuleFile {
  /** As it is shown in problems, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Keeps what files of rules were read into, so that the same files need not be read again. What it gives back is what it was given. */
export interface RuleCache {
  get(files: readonly RuleFile[], options: StandaloneOptions): StandaloneRules | null;
  put(files: readonly RuleFile[], options: StandaloneOptions, rules: StandaloneRules): void;
}

export interface LoadRulesOptions extends StandaloneOptions {
  readonly cache?: RuleCache | null;
  /** False: the cases of packages are left unread, for who only runs the rules. */
  readonly cases?: boolean;
}

export interface RuleSet {
  readonly packages: readonly Detection[];
  /** The texts of each package, by its id: path inside its folder -> text. */
  readonly packageTexts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Where each package lies, with `/` at the end. */
  readonly folders: ReadonlyMap<Detection, string>;
  /** Sigma's and Elastic's. */
  readonly rules: readonly RunnableRule[];
  readonly correlations: readonly RunnableCorrelation[];
  /** Rules of correlations that make no alerts of their own. */
  readonly parts: readonly RunnableRule[];
  /** Where a user's own events have their time, by the field maps. */
  readonly timestampFields: readonly string[];
  /** Where each rule of no package was read from, by its key; correlations and parts, too. */
  readonly origins: ReadonlyMap<string, RuleOrigin>;
  /** What each of these is made of, by its key; `ruleDetails` reads it. */
  readonly sources: ReadonlyMap<string, RuleSource>;
  /** Files of cases for the rules of no package, to be read by who proves them. */
  readonly caseFiles: readonly TextFile[];
  readonly problems: readonly RuleProblem[];
  /** Sigma rules whose log source nothing here produces, most first. */
  readonly notServed: readonly { readonly logsource: string; readonly rules: number }[];
  /** Correlations of rules that do not run. */
  readonly correlationsNotRun: number;
  /** Deprecated and disabled rules. */
  readonly inactive: number;
  /** Packages that cannot be used at all. */
  readonly brokenPackages: number;
  /** Rules that are broken, or made of such: not those that are understood and cannot run here. */
  readonly broken: number;
  /** Files in which there is no rule. */
  readonly other: readonly string[];
}

export function loadRules(files: readonly RuleFile[], options: LoadRulesOptions): RuleSet {
  const cache = options.cache ?? null;
  // Packages hold what no cache keeps: only files that stand beside them are looked up.
  const inFolders = isInside(packageFolders(files));
  const looked = files.filter(({ path }) => !inFolders(path));
  const kept = looked.length === 0 ? null : (cache?.get(looked, options) ?? null);
  const problems: RuleProblem[] = [];
  const texts = (kept === null ? files : files.filter(({ path }) => inFolders(path))).flatMap((file) => textsOf(file, problems));
  const unpacked = problems.length === 0;
  const folders = packageFolders(texts);
  const packages: Detection[] = [];
  const packageTexts = new Map<string, ReadonlyMap<string, string>>();
  const folderOf = new Map<Detection, string>();
  let brokenPackages = 0;
  for (const folder of folders) {
    const inside = new Map(texts.filter(({ path }) => path.startsWith(folder)).map(({ path, text }) => [path.slice(folder.length), text]));
    const loaded = loadPackage(inside, { today: options.today, cases: options.cases ?? true });
    if (loaded.package === null) brokenPackages++;
    else {
      packages.push(loaded.package);
      packageTexts.set(loaded.package.id, inside);
      folderOf.set(loaded.package, folder);
    }
    for (const { place, ...problem } of loaded.problems) problems.push({ ...problem, place: { ...place, file: `${folder}${place.file}` } });
  }
  const isPackaged = isInside(folders);
  const standalone =
    kept ??
    readStandalone(
      texts.filter(({ path }) => !isPackaged(path)),
      options,
    );
  // An archive may hold packages, and what is wrong with an archive is said each time.
  if (kept === null && looked.length > 0 && unpacked && folders.every(inFolders)) cache?.put(looked, options, standalone);
  const { sigma, elastic } = standalone;
  problems.push(...elastic.problems, ...sigma.problems);
  const correlations = runnableCorrelations(sigma.correlations, sigma.rules);
  const correlationsNotRun = sigma.correlations.length - correlations.length;
  const textOf = textsByPath(looked);
  return {
    packages,
    packageTexts,
    rules: [...sigma.rules.filter((rule) => !rule.silent).map(runnableSigma), ...elastic.rules.map(runnableElastic)],
    folders: folderOf,
    correlations,
    parts: sigma.rules.filter((rule) => rule.silent).map(runnableSigma),
    origins: originsOf(standalone, textOf),
    sources: sourcesOf(standalone, textOf),
    timestampFields: (options.pipelines ?? []).flatMap(({ timestampFields }) => timestampFields),
    caseFiles: standalone.caseFiles.map((path) => ({ path, text: textOf(path) })),
    problems,
    notServed: sigma.notServed,
    correlationsNotRun,
    inactive: elastic.inactive,
    brokenPackages,
    broken: brokenRules(problems) + correlationsNotRun,
    other: standalone.other,
  };
}

/** The folders of packages, with a `/` (in an archive a `!`) at their end. */
function packageFolders(files: readonly { readonly path: string }[]): string[] {
  return files.filter(({ path }) => /(?:^|[/!])package\.ya?ml$/.test(path)).map(({ path }) => path.replace(/[^/!]*$/, ""));
}

function isInside(folders: readonly string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path.startsWith(folder));
}

/** The texts of files, unpacked when one is first asked for. */
function textsByPath(files: readonly RuleFile[]): (path: string) => string {
  let texts: ReadonlyMap<string, string> | null = null;
  return (path) => {
    texts ??= new Map(files.flatMap((file) => textsOf(file, [])).map((file) => [file.path, file.text]));
    return texts.get(path) ?? "";
  };
}

function textsOf(file: RuleFile, problems: RuleProblem[]): TextFile[] {
  const decoder = new TextDecoder("utf-8");
  const unpacked = unpack(file.path, file.bytes, ({ code, severity, message, place, help }) =>
    problems.push({ code, severity, message, place: { file: place.file, line: 1, column: 1 }, rule: null, help: help ?? null }),
  );
  return unpacked.map(({ name, bytes }) => ({ path: name, text: decoder.decode(bytes) }));
}

/** One rule may have several errors. */
function brokenRules(problems: readonly RuleProblem[]): number {
  const errors = problems.filter(({ severity, code }) => severity === "error" && !UNSUPPORTED.has(code));
  return new Set(errors.map(({ place, rule }) => `${place.file}\n${rule ?? place.line}`)).size;
}
