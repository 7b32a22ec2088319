// The property tests with other examples than `npm test` draws, then damaged files through the readers for some time.
// usage: npm run fuzz -- [seconds for the readers, 60 if not given] [seed, to draw the same again]
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const [seconds = "60", given] = process.argv.slice(2);
const seed = given ?? String(Math.floor(Math.random() * 0x7fffffff));

/** The tests that draw at random: those that name fast-check or an arbitrary of a room. */
const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.test\.tsx?$/.test(name) && /"fast-check"|testing\/arbitrary/.test(readFileSync(join(root, "src", name), "utf8")))
  .map((name) => join("src", name));

function run(...args: string[]): boolean {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, SEED: seed } }).status === 0;
}

console.log(`seed ${seed}; the same again: npm run fuzz -- ${seconds} ${seed}`);
const properties = run(join("node_modules", "vitest", "vitest.mjs"), "run", ...files);
const readers = run(join("scripts", "fuzz-readers.ts"), seconds, seed);
console.log(
  `seed ${seed}: ${files.length} files of property tests ${properties ? "hold" : "FAIL"}, the readers ${readers ? "hold" : "FAIL"}`,
);
process.exitCode = properties && readers ? 0 : 1;
