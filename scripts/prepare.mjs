// Plain JavaScript for Node 20 and later: this runs before anything is installed.
// Installs and builds when, and only when, something changed since the last time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(root, ".tocsin");

/** The Node 24 that npm installed beside the project. */
export const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** The command as it is built. */
export const command = join(root, "dist", "bin", "tocsin.js");

function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" }).status === 0;
}

function run(command, args, what, env = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, ...env },
  });
  if (done.status !== 0) {
    console.error(`tocsin: ${what} failed${done.error ? `: ${done.error.message}` : ""}`);
    process.exit(done.status ?? 1);
  }
}

function files(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hash(paths) {
  const sum = createHash("sha256");
  for (const path of paths) if (existsSync(path)) sum.update(`${path}\0`).update(readFileSync(path));
  return sum.digest("hex");
}

function fresh(name, value) {
  const stamp = join(stamps, name);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === value;
}

function mark(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/**
 * `npm ci` where nothing is installed yet: exactly what the lock file says. `npm install` where something is (it may be in use, and `ci` begins by
 * deleting it), and where a registry does not serve some optional package of another platform, which `ci` takes for an error. Nothing at all where the
 * lock file is the one that was installed last.
 */
export function install() {
  const value = hash([join(root, "package-lock.json")]);
  if (existsSync(node) && fresh("installed", value)) return;
  console.error("tocsin: installing dependencies ...");
  if (existsSync(join(root, "node_modules")) || !succeeds("npm", ["ci", ...QUIET]))
    run("npm", ["install", "--no-save", ...QUIET], "npm install");
  if (!existsSync(node)) {
    console.error(
      "tocsin: the npm package `node` brought no binary for this platform; install Node 22.18 or later and run `npx tsc -b && node scripts/bundle.mjs && node dist/bin/tocsin.js`",
    );
    process.exit(1);
  }
  mark("installed", value);
}

/** Compiles to `dist/` and bundles the command and the pages' scripts, unless no source changed. */
export function build() {
  const sources = files(join(root, "src")).filter((path) => !/\.test\.tsx?$/.test(path));
  const settings = [
    "package.json",
    "package-lock.json",
    "NOTICE",
    "tsconfig.base.json",
    "tsconfig.core.json",
    "tsconfig.node.json",
    "tsconfig.web.json",
  ].map((name) => join(root, name));
  const value = hash([...sources, ...settings, ...files(join(root, "scripts"))]);
  if (existsSync(command) && fresh("built", value)) return;
  console.error("tocsin: building ...");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(node, [tsc, "-b", "tsconfig.core.json", "tsconfig.node.json", "tsconfig.web.json"], "the compiler");
  removeStale(join(root, "dist"));
  run(node, [join(root, "scripts", "bundle.mjs")], "the bundler", { TOCSIN_BUILD: value });
  mark("built", value);
}

/** Takes out of the compiler's output what has no source any more: it would be published. */
function removeStale(dist) {
  for (const path of files(dist)) {
    const name = path.slice(dist.length + 1).replaceAll("\\", "/");
    const module = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(name)?.[1];
    if (module === undefined || /^(?:web\/assets|bin)\//.test(name)) continue;
    const source = join(root, "src", module);
    const isProduct = !/(?:^|\/)testing\//.test(module);
    if (!isProduct || ![".ts", ".tsx", ".d.ts"].some((ending) => existsSync(source + ending))) rmSync(path);
  }
}
