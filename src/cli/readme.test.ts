import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXIT_MEANING } from "./failure.ts";
import { tocsin } from "./testing/in-process.ts";

const root = join(import.meta.dirname, "..", "..");
const readme = join(root, "README.md");
const BLOCK = /(<!-- output of: tocsin hunt[^>]*-->\n```text\n)([\s\S]*?)(```)/;
const LINES = 24;

test("the README shows what the command prints", () => {
  const run = spawnSync(process.execPath, [join(root, "dist", "bin", "tocsin.js"), "hunt", "samples/lab.ndjson"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", TOCSIN_CACHE: "" },
  });
  expect(run.stderr).toBe("");
  const shown = run.stdout
    .split("\n")
    .slice(0, LINES)
    .map((line) => (line.length > 150 ? `${line.slice(0, 149)}…` : line))
    .join("\n");
  const text = readFileSync(readme, "utf8");
  if (process.env["UPDATE"] === "1")
    writeFileSync(
      readme,
      text.replace(BLOCK, (_, head: string, _old: string, tail: string) => `${head}${shown}\n${tail}`),
    );
  expect(BLOCK.exec(readFileSync(readme, "utf8"))?.[2]).toBe(`${shown}\n`);
});

const TABLE = /(<!-- the table of src\/cli\/failure\.ts[^>]*-->\n)([\s\S]*?)(<!-- end -->)/;

test("docs/ci.md has the table of exit codes", () => {
  const page = join(root, "docs", "ci.md");
  const rows = Object.entries(EXIT_MEANING).map(([code, meaning]) => `| ${code} | ${meaning} |\n`);
  const table = `\n| code | meaning |\n|---|---|\n${rows.join("")}\n`;
  const text = readFileSync(page, "utf8");
  if (process.env["UPDATE"] === "1")
    writeFileSync(
      page,
      text.replace(TABLE, (_, head: string, _old: string, tail: string) => `${head}${table}${tail}`),
    );
  expect(TABLE.exec(readFileSync(page, "utf8"))?.[2]).toBe(table);
});

test("the README and --help list the exit codes that there are", async () => {
  const help = (await tocsin(["--help"])).stdout.replaceAll(/\s+/g, " ");
  const text = readFileSync(readme, "utf8").replaceAll(/\s+/g, " ");
  const list = Object.entries(EXIT_MEANING)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join("; ");
  for (const shown of [help, text]) expect(shown).toContain(`Exit codes: ${list}.`);
});
