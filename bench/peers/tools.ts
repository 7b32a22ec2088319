import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** A peer that is there. */
export interface Tool {
  readonly name: string;
  /** The program, or for what is run by Python the script. */
  readonly path: string;
  readonly version: string;
}

export interface Sources {
  /** Where peers are built or installed, and looked for: `bin/` of it, and `python/` (a virtual environment). */
  readonly into: string;
  /** Programs that the user has, by name; they come before those in `into`. */
  readonly given: ReadonlyMap<string, string>;
  /** Checkouts, by name. */
  readonly checkouts: ReadonlyMap<string, string>;
  /** What is not there is built or installed. */
  readonly install: boolean;
}

/** How each is had. Crates come from crates.io; where there is none, a checkout is built. */
const CARGO: ReadonlyMap<string, { readonly crate: string | null; readonly package: string | null }> = new Map([
  ["evtx_dump", { crate: "evtx", package: null }],
  ["rg", { crate: "ripgrep", package: null }],
  ["rsigma", { crate: null, package: "crates/rsigma-cli" }],
  ["chainsaw", { crate: null, package: "." }],
]);

export const TOOLS = [...CARGO.keys(), "eql", "zircolite"] as const;

/** The peers that are there, or can be had; of the others it says why not. */
export function tools(sources: Sources, say: (text: string) => void): ReadonlyMap<string, Tool> {
  const there = new Map<string, Tool>();
  mkdirSync(sources.into, { recursive: true });
  for (const name of TOOLS) {
    const path = sources.given.get(name) ?? pathOf(name, sources);
    const isThere = existsSync(path) || (sources.install && install(name, path, sources, say) && existsSync(path));
    if (isThere) there.set(name, { name, path, version: versionOf(name, path, sources) });
    else say(`${name}: not there (${path}); its lanes are left out`);
  }
  return there;
}

function pathOf(name: string, { into, checkouts }: Sources): string {
  if (name === "zircolite") return join(checkouts.get(name) ?? join(into, "zircolite"), "zircolite.py");
  return name === "eql" ? join(into, "python", "bin", "eql") : join(into, "bin", name);
}

/** The Python that has the peers written in it. */
export function python({ into, given }: Pick<Sources, "into" | "given">): string {
  return given.get("python") ?? join(into, "python", "bin", "python");
}

function install(name: string, path: string, sources: Sources, say: (text: string) => void): boolean {
  const { into, checkouts } = sources;
  const checkout = checkouts.get(name);
  const how = CARGO.get(name);
  if (how !== undefined) {
    if (how.crate !== null) return run(say, "cargo", ["install", "--root", into, how.crate]);
    if (checkout === undefined) {
      say(`${name}: name its checkout (--checkout ${name}=FOLDER) and it is built`);
      return false;
    }
    return run(say, "cargo", ["install", "--locked", "--root", into, "--path", join(checkout, how.package!)]);
  }
  if (!existsSync(python(sources)) && !run(say, "python3", ["-m", "venv", join(into, "python")])) return false;
  if (name === "eql") return run(say, python(sources), ["-m", "pip", "install", "--quiet", "eql"]);
  if (!existsSync(path)) {
    say(`${name}: name its checkout (--checkout ${name}=FOLDER)`);
    return false;
  }
  return true;
}

/** Zircolite lies in its checkout; what it imports is installed when it is about to run. */
export function zircoliteReady(tool: Tool, sources: Sources, say: (text: string) => void): boolean {
  const runs = (): boolean => spawnSync(python(sources), [tool.path, "--version"], { stdio: "ignore", cwd: sources.into }).status === 0;
  if (runs()) return true;
  const requirements = join(tool.path, "..", "requirements.txt");
  return sources.install && run(say, python(sources), ["-m", "pip", "install", "--quiet", "-r", requirements]) && runs();
}

function run(say: (text: string) => void, program: string, args: readonly string[]): boolean {
  say(`${program} ${args.join(" ")}`);
  // A checkout may pin a compiler that is not installed: the user's own is taken.
  const env = { RUSTUP_TOOLCHAIN: "stable", ...process.env };
  return spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env }).status === 0;
}

function versionOf(name: string, path: string, sources: Sources): string {
  const [program, args] = name === "zircolite" ? [python(sources), [path, "--version"]] : [path, ["--version"]];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: sources.into });
  return /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0] ?? "version not known";
}
