import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonText } from "../../workbench/index.ts";
import { writeJson, writeJsonLine } from "./json.ts";
import { textOutput, type Output } from "./output.ts";

function collected(write: (out: Output) => void): string {
  const pieces: string[] = [];
  write(textOutput((text) => void pieces.push(text)));
  return pieces.join("");
}

const absent = fc.constantFrom(undefined, null, 12n ** 30n, -0, Number.NaN);
const value = fc.object({
  maxDepth: 4,
  withBigInt: true,
  withDate: true,
  values: [fc.string({ unit: "binary" }), fc.double(), fc.boolean(), absent],
});

test("a document is what jsonText gives, byte by byte", () => {
  fc.assert(
    fc.property(value, (any) => {
      expect(collected((out) => writeJson(out, any))).toBe(`${jsonText(any, 2)}\n`);
      expect(collected((out) => writeJson(out, [any, [], {}]))).toBe(`${jsonText([any, [], {}], 2)}\n`);
      expect(collected((out) => writeJsonLine(out, any))).toBe(`${jsonText(any)}\n`);
    }),
    { seed: 1 },
  );
  for (const any of [[], {}, null, "a\n", [undefined], { a: undefined }, 3n])
    expect(collected((out) => writeJson(out, any))).toBe(`${jsonText(any, 2)}\n`);
});

test("items of an iterable are an array", () => {
  const items = new Set([{ a: 1 }, [2]]);
  expect(collected((out) => writeJson(out, { items: items.values() }))).toBe(`${jsonText({ items: [...items] }, 2)}\n`);
});

/** What a text may have at most. */
const MAX_UNITS = 2 ** 29 - 24;

test("a document may be longer than a text can be, and so may one item of it", () => {
  const heavy = "\u0001".repeat(20_000_000);
  const measure = (write: (out: Output) => void): number => {
    let units = 0;
    write(textOutput((text) => void (units += text.length)));
    return units;
  };
  // 120 million units as JSON each.
  const items = function* (): Generator<object> {
    for (let i = 0; i < 5; i++) yield { heavy };
  };
  expect(measure((out) => writeJson(out, { items: items() }))).toBeGreaterThan(MAX_UNITS);
  const single = measure((out) => writeJsonLine(out, "\u0001".repeat(90_000_000)));
  expect(single).toBe(540_000_003);
}, 60_000);
