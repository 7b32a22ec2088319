import fc from "fast-check";
import { expect, test } from "vitest";
import type { Observed, Timed } from "../../workbench/index.ts";
import { BlobSpill, type ReadText } from "./blob-spill.ts";

/** Node reads blobs in its own time only: here their text is kept beside them. */
function spill(): BlobSpill {
  const texts = new WeakMap<Blob, string>();
  const Real = Blob;
  globalThis.Blob = class extends Real {
    constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
      super(parts, options);
      texts.set(this, parts.map(String).join(""));
    }
  };
  const read: ReadText = (blob) => texts.get(blob)!;
  return new BlobSpill(read);
}

test("what was written comes back, 64-bit integers and texts with marks in them too", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u0000", "\u0000n12", "\u0000s", "\n", "\u2028", "__proto__"),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    fc.boolean(),
  );
  const event = fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    fc.oneof(value, fc.array(value)),
    { noNullPrototype: true },
  );
  const written = spill();
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const run = events.map((e, order): Timed<Observed> => ({
        ms: order,
        ns: 0,
        order,
        items: [order],
        event: { event: e, source: "s", place: { file: "f", record: 2n ** 63n } },
      }));
      expect([...written.write(run)]).toEqual(run);
      expect([...written.write([])]).toEqual([]);
    }),
  );
});

test("a key that would be a prototype stays a key", () => {
  const event = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
  const run: Timed<Observed>[] = [{ ms: 0, ns: 0, order: 0, items: [], event: { event, source: "s", place: { file: "f" } } }];
  const [back] = spill().write(run);
  expect(Object.keys(back!.event.event)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
