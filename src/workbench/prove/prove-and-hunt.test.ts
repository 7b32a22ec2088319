import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPackage, type Case } from "../../catalog/index.ts";
import { openInput } from "../../readers/index.ts";
import { Hunt } from "../hunt/hunt.ts";
import { shortId } from "../rules/package.ts";
import { prove } from "./prove.ts";

const root = join(import.meta.dirname, "../../../detections");
const TODAY = "2026-11-24";

function packageIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

describe.each(readdirSync(root))("prove and hunt see the same in every case of %s", (name) => {
  const detection = loadPackage(packageIn(join(root, name)), { today: TODAY }).package!;

  function hunted(c: Case): { fired: string[]; excepted: string[] } {
    const hunt = new Hunt({ packages: [detection], today: TODAY });
    const decoder = openInput(c.eventsFile);
    decoder.push(new TextEncoder().encode(c.eventsText), hunt);
    decoder.end(hunt);
    const { alerts, excepted } = hunt.finish();
    return {
      fired: [...new Set(alerts.map(({ rule }) => shortId(rule)))].sort(),
      excepted: [...new Set(excepted.map(({ alert, exception }) => `${shortId(alert.rule)} ${exception.id}`))].sort(),
    };
  }

  test("the rules that fire, and what exceptions take away", () => {
    const { cases } = prove(detection, { today: TODAY });
    expect(cases.length).toBeGreaterThan(0);
    for (const { case: c, fired, excepted } of cases)
      expect({ case: c.name, ...hunted(c) }).toEqual({
        case: c.name,
        fired: [...fired].sort(),
        excepted: excepted.map(({ rule, by }) => `${rule} ${by}`).sort(),
      });
  });
});
