import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

  test("it holds no tests, no maps and no sources, and nothing that only tests use", () => {
    const home = join(folder, "node_modules", "tocsin");
    const files = readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
    expect(files.filter((name) => /\.test\.|\.map$|(^|\/)testing(\/|$)|^(src|bench|e2e|scripts)\b/.test(name))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "NOTICE"]));
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: object };
    const foreign = files
      .filter((name) => /^dist\/.*\.js$/.test(name) && !name.startsWith("dist/web/"))
      .flatMap((name) => {
        const imported = readFileSync(join(home, name), "utf8").matchAll(/(?:from |import\()"([^".][^"]*)"/g);
        return [...imported].flatMap(([, of]) =>
          Object.keys(devDependencies).some((dev) => of === dev || of!.startsWith(`${dev}/`)) ? [`${name}: ${of}`] : [],
        );
      });
    expect(foreign).toEqual([]);
  });

  test("it says what it is made of, and so do the pages", () => {
    const dist = join(folder, "node_modules", "tocsin", "dist");
    const notices = readFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), "utf8");
    const bom = JSON.parse(readFileSync(join(dist, "sbom.cdx.json"), "utf8")) as { components: { purl: string }[] };
    expect(bom.components.length).toBeGreaterThan(15);
    expect(notices).toContain("The MITRE Corporation");
    expect(notices).toContain("@codemirror/view");
    // A site takes all of the assets.
    expect(readFileSync(join(dist, "web", "assets", "THIRD-PARTY-NOTICES.txt"), "utf8")).toBe(notices);
  });

  /** 1.9 MB with 678 files when this was written; most of it is detections and the bundles. */
  test("it stays small", () => {
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
    expect(statSync(join(folder, tarball)).size).toBeLessThan(2_600_000);
    expect(readdirSync(join(folder, "node_modules", "tocsin"), { recursive: true }).length).toBeLessThan(2_000);
  });
});
