import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const src = import.meta.dirname;

/** Which room may import which. ARCHITECTURE.md shows the same table; the last test compares the two. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  readers: [],
  ecs: ["readers", "eql"],
  eql: [],
  kql: ["eql"],
  lucene: ["eql", "kql"],
  esql: ["eql", "kql", "lucene"],
  sigma: ["eql"],
  translate: ["eql", "ecs", "sigma"],
  catalog: ["eql", "sigma", "ecs"],
  detect: ["eql", "catalog"],
  elastic: ["eql", "kql", "lucene", "esql", "detect"],
  workbench: ["readers", "ecs", "eql", "kql", "lucene", "esql", "sigma", "translate", "catalog", "detect", "elastic"],
  report: ["workbench"],
  cli: ["workbench", "report", "server"],
  server: ["workbench", "report", "eql"],
  web: ["workbench", "report", "eql"],
};

const TESTING = /[\\/]testing[\\/]/;
/** Product code: no tests, and nothing of the `testing/` folders, which the build leaves out. */
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !TESTING.test(file));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm)) {
    found.push({ from: file, to: match[2]!, typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\("([^"]+)"\)/g)) found.push({ from: file, to: match[1]!, typeOnly: false });
  return found;
}

const room = (file: string): string => relative(src, file).split(/[\\/]/)[0]!;
const all = files.flatMap(importsOf);
const inside = all.filter((i) => i.to.startsWith(".")).map((i) => ({ ...i, to: resolve(dirname(i.from), i.to) }));

describe("the house plan", () => {
  test("a room imports only the rooms below it, and only their index", () => {
    const wrong = inside
      .filter((i) => room(i.from) !== room(i.to))
      .filter((i) => !(MAY_IMPORT[room(i.from)] ?? []).includes(room(i.to)) || !/^index\.tsx?$/.test(relative(join(src, room(i.to)), i.to)))
      .map((i) => `${relative(src, i.from)} -> ${relative(src, i.to)}`);
    expect(wrong).toEqual([]);
  });

  test("no product code imports what only tests use", () => {
    const wrong = inside.filter((i) => TESTING.test(i.to)).map((i) => `${relative(src, i.from)} -> ${relative(src, i.to)}`);
    expect(wrong).toEqual([]);
  });

  test("no folder holds more than 20 files side by side", () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(relative(src, dirname(file)), (counts.get(relative(src, dirname(file))) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  });

  test("node: modules only in cli/ and server/", () => {
    const wrong = all
      .filter((i) => i.to.startsWith("node:") && !["cli", "server"].includes(room(i.from)))
      .map((i) => `${relative(src, i.from)} -> ${i.to}`);
    expect(wrong).toEqual([]);
  });

  test("the command line writes through its context: no command uses a stream of the process or ends it", () => {
    const wrong = files
      .filter((f) => ["cli", "server"].includes(room(f)) && relative(src, f) !== join("cli", "context.ts"))
      .filter((f) => /\bprocess\.(stdin|stdout|stderr|exit|abort|reallyExit)\b|\bconsole\./.test(readFileSync(f, "utf8")));
    expect(wrong.map((f) => relative(src, f))).toEqual([]);
  });

  test("no circles", () => {
    const graph = new Map<string, string[]>();
    for (const i of inside) graph.set(i.from, [...(graph.get(i.from) ?? []), i.to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].map((f) => relative(src, f)).join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test("no folder or file is a dumping ground", () => {
    expect(files.map((f) => relative(src, f)).filter((f) => /(^|[\\/])(utils?|helpers?|shared|common|misc)([\\/.]|$)/i.test(f))).toEqual(
      [],
    );
  });

  test("index.ts files hold re-exports only", () => {
    const wrong = files
      .filter((f) => /[\\/]index\.tsx?$/.test(f) && relative(src, f).split(/[\\/]/).length === 2)
      .filter((f) => {
        const code = readFileSync(f, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        return code.replaceAll(/export\s+(type\s+)?\{[^}]*\}\s+from\s+"[^"]+";/g, "").trim() !== "";
      });
    expect(wrong.map((f) => relative(src, f))).toEqual([]);
  });

  test("no target of translate/ imports another, nor the files of another family", () => {
    const folder = join(src, "translate", "targets");
    const platforms = join(src, "translate", "platforms.ts");
    const targets = new Set(inside.filter((i) => i.from === platforms && i.to.startsWith(folder)).map((i) => i.to));
    expect(targets.size).toBeGreaterThan(10);
    const family = (file: string): string => relative(folder, file).split(/[\\/]/)[0]!;
    const wrong = inside
      .filter(
        (i) =>
          i.from !== platforms &&
          (targets.has(i.to) || (i.from.startsWith(folder) && i.to.startsWith(folder) && family(i.from) !== family(i.to))),
      )
      .map((i) => `${relative(src, i.from)} -> ${relative(src, i.to)}`);
    expect(wrong).toEqual([]);
  });

  test("why a part of a condition cannot be translated is said in one file", () => {
    const wrong = files.filter(
      (file) => room(file) === "translate" && !file.endsWith("unsupported.ts") && /\bunsupported: ["'`]/.test(readFileSync(file, "utf8")),
    );
    expect(wrong.map((file) => relative(src, file))).toEqual([]);
  });

  test("ARCHITECTURE.md shows this very import table", () => {
    const text = readFileSync(join(src, "..", "ARCHITECTURE.md"), "utf8");
    for (const [name, may] of Object.entries(MAY_IMPORT)) {
      const row = text.split("\n").find((line) => line.startsWith(`| ${name} |`));
      expect(row, name).toBeDefined();
      expect(
        row!
          .split("|")[2]!
          .split(",")
          .map((s) => s.trim())
          .filter((s) => s !== "-" && s !== ""),
        name,
      ).toEqual([...may]);
    }
    expect(text.split("\n").length).toBeLessThan(100);
  });
});
