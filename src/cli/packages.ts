import type { Terminal } from "./output/terminal.ts";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPackage, placeText, type Detection, type RuleProblem } from "../workbench/index.ts";
import { Failure } from "./failure.ts";

/** Where the project (or the installed npm package) lies. */
export const home: string = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The packages that come with Tocsin, and the word for them where paths of rules are named. */
export const bundledRules = { name: "bundled", folder: join(home, "detections") } as const;

/** The paths of rules that somebody named, the bundled packages for the word for them and where nothing is named. */
export function rulePaths(named: readonly string[]): string[] {
  return (named.length > 0 ? named : [bundledRules.name]).map((path) =>
    path === bundledRules.name && !existsSync(path) ? bundledRules.folder : path,
  );
}

export interface LoadedPackage {
  /** The folder. */
  readonly folder: string;
  readonly detection: Detection | null;
  readonly problems: readonly RuleProblem[];
}

/** Text files of a package, the largest the loader should ever be given. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The files of a folder as the loader wants them: path inside it -> text. Links are not followed out of it. */
export function readFolder(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (statSync(path).size > MAX_BYTES) throw new Failure(`${path} is larger than ${MAX_BYTES} bytes`);
    files.set(relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8"));
  }
  return files;
}

export function isPackageFolder(folder: string): boolean {
  try {
    return statSync(join(folder, "package.yaml"), { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    // A file has nothing in it.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}

/** The packages in a folder: itself when it holds a `package.yaml`, else each folder in it that does. */
export function packageFolders(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure(`there is no ${path}`, { help: "Name a detection package's folder, or a folder of packages." });
  if (!stat.isDirectory()) throw new Failure(`${path} is not a folder`, { help: "A detection package is a folder with a package.yaml." });
  if (isPackageFolder(path)) return [path];
  const found = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isPackageFolder(join(path, entry.name)))
    .map((entry) => join(path, entry.name))
    .sort();
  if (found.length === 0)
    throw new Failure(`no detection package in ${path}`, {
      help: "A detection package is a folder with a package.yaml; `tocsin new detection` makes one.",
    });
  return found;
}

/** Whether a command that proves or lints takes the path as packages; where not, as rules of other kinds. */
export function holdsPackages(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure(`there is no ${path}`, { help: "Name detection packages, or rules of any kind." });
  return isPackageFolder(path) || (stat.isDirectory() && readdirSync(path).some((name) => isPackageFolder(join(path, name))));
}

export function loadPackages(paths: readonly string[], today: string): LoadedPackage[] {
  const folders = rulePaths(paths).flatMap(packageFolders);
  return folders.map((folder) => {
    const loaded = loadPackage(readFolder(folder), { today });
    return { folder, detection: loaded.package, problems: loaded.problems };
  });
}

/** Loads, prints every problem at its place, and stops when a package cannot be used. */
export function requirePackages(err: Terminal, paths: readonly string[], today: string): Detection[] {
  const loaded = loadPackages(paths, today);
  let broken = 0;
  for (const { folder, problems, detection } of loaded) {
    printProblems(err, folder, problems);
    if (detection === null) broken++;
  }
  if (broken > 0)
    throw new Failure(`${broken} of ${loaded.length} detection packages cannot be used`, {
      help: "Mend the places above; `tocsin lint` says more.",
    });
  return loaded.flatMap(({ detection }) => detection ?? []);
}

export function printProblems(err: Terminal, folder: string, problems: readonly RuleProblem[]): void {
  for (const { severity, message, place, help, code } of problems) {
    const shown = relative(process.cwd(), folder) || ".";
    const label = severity === "error" ? err.paint(["bold", "red"], "error") : err.paint(["bold", "yellow"], "warning");
    err.write(`${join(shown, placeText(place))}: ${label}: ${message} [${code}]\n`);
    if (help !== null) err.write(`  ${err.paint("cyan", "help")}: ${help}\n`);
  }
}

/** The day in UTC, `2026-11-24`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
