import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** What is published, installed as a user would: in an empty folder. Needs the npm registry for the run-time dependencies. */
const root = join(import.meta.dirname, "..");
const node = process.execPath;
let folder = "";

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(node, "..")}:${process.env["PATH"]}` },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-package-"));
  npm(root, "pack", "--ignore-scripts", "--pack-destination", folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  npm(folder, "init", "-y");
  npm(folder, "install", "--omit=dev", join(folder, tarball));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  test("`npx tocsin hunt` runs in an empty folder", () => {
    const out = execFileSync(
      node,
      [join(folder, "node_modules", ".bin", "tocsin"), "hunt", join(folder, "node_modules", "tocsin", "samples", "lab.ndjson")],
      { cwd: folder, encoding: "utf8" },
    );
    expect(out).toContain("Incident 1 of");
  });

  test('import { parse } from "tocsin/eql" works', () => {
    writeFileSync(
      join(folder, "try.mjs"),
      'import { parse, search } from "tocsin/eql"; const { query } = parse("any where a == 1"); console.log(search(query, [{ _source: { a: 1 } }]).total);',
    );
    expect(execFileSync(node, ["try.mjs"], { cwd: folder, encoding: "utf8" })).toBe("1\n");
  });

  test("it holds no tests, no maps and no sources", () => {
    const files = readdirSync(join(folder, "node_modules", "tocsin"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => /\.test\.|\.map$|^(src|bench|e2e|scripts)\b/.test(name))).toEqual([]);
    expect(files).toContain("LICENSE");
  });
});
