import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

test("every public name has a doc comment", () => {
  const names: string[] = [];
  const bare: string[] = [];
  for (const [, list, file] of read("index.ts").matchAll(/export (?:type )?\{([^}]*)\} from "(\.\/[^"]+)"/g)) {
    const lines = read(file!).split("\n");
    for (const one of list!.split(",")) {
      const name = one.trim().replace(/^type /, "");
      if (name === "") continue;
      names.push(name);
      const at = lines.findIndex((line) => new RegExp(`^export (?:const|function|class|interface|type) ${name}\\b`).test(line));
      if (at < 1 || !lines[at - 1]!.trimEnd().endsWith("*/")) bare.push(`${file!} ${name}`);
    }
  }
  expect(names.length).toBeGreaterThan(90);
  expect(bare).toEqual([]);
});
