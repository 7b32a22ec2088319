import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../record.ts";
import { compiledWalker } from "./compiled-walker.ts";
import { ContentHash, type HashSecrets } from "./content-hash.ts";
import { FieldExtractor } from "./extractor.ts";

const SECRETS: HashSecrets = [0x2c1b_3c6d, 0x297a_2d39, 0x1234_5677, 0x0bad_f00d];
const FIELDS = ["@timestamp", "event.code", "event.category", "process.name", "process.parent.name", "process.parent", "a", "b.c", "event"];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function extractorOf(plain: boolean): FieldExtractor {
  const one = new FieldExtractor({ special: ["_source"], secrets: SECRETS, plain });
  FIELDS.forEach((field, slot) => expect(one.ask(field)).toBe(slot));
  return one;
}

function walked(one: FieldExtractor, text: string): { sure: boolean; values: { [field: string]: unknown }; hash: readonly number[] } {
  expect(one.load(bytes(text))).toBe(true);
  const sure = one.walk(0);
  const values = Object.fromEntries(FIELDS.flatMap((field, slot) => (one.number(slot) === 0 ? [] : [[field, one.value(slot)]])));
  return { sure, values, hash: one.contentHash() };
}

function hashOf(document: JsonObject): readonly number[] {
  const hash = new ContentHash(SECRETS);
  hash.of(document);
  return [hash.high, hash.low];
}

const scalar = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ maxLength: 9 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(
  fc.constantFrom("a", "b", "b.c", "c", "event", "code", "process", "name", "event.code", "parent"),
  fc.string({ maxLength: 20 }),
);
const { document } = fc.letrec<{ value: unknown; document: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value"), { maxLength: 4 }), tie("document")),
  document: fc.dictionary(key, tie("value"), { maxKeys: 6 }) as fc.Arbitrary<JsonObject>,
}));

describe.each([
  ["in TypeScript", true],
  ["in WebAssembly", false],
])("%s", (_where, plain) => {
  const extractor = (): FieldExtractor => extractorOf(plain);
  const values = (text: string): unknown => {
    const { sure, values: found } = walked(extractor(), text);
    return sure ? found : "left to the parser";
  };

  describe("fields", () => {
    test.each([
      ['{"event":{"code":"1","category":["process"]}}', { event: {}, "event.code": "1", "event.category": ["process"] }],
      ['{"event.code":1,"process":{"parent.name":"x"}}', { event: {}, "event.code": 1, "process.parent": {}, "process.parent.name": "x" }],
      ['  { "a" : null , "b.c":\ttrue }\r', { a: null, "b.c": true }],
      ['{"a":"\\"\\\\\\n"}', { a: '"\\\n' }],
      ['{"a":-12.50e1,"x":{"event":{"code":2}},"y":[{"a":1}]}', { a: -125 }],
      ['{"event":{"kind":"x"},"event.code":"3"}', { event: {}, "event.code": "3" }],
      ["{}", {}],
      ['{"process":{"name":["a","b"]}}', { "process.name": ["a", "b"] }],
    ])("of %s", (text, expected) => {
      expect(values(text)).toEqual(expected);
    });
  });

  test.each([
    ["no object", "[1]"],
    ["blank", " \r"],
    ["torn", '{"a":"x'],
    ["text after it", '{"a":1}x'],
    ["a comma at the end", '{"a":1,}'],
    ["no comma", '{"a":1 "b":2}'],
    ["a key twice", '{"a":1,"x":2,"a":3}'],
    ["a key twice where nothing is asked for", '{"x":[{"y":1,"y":2}]}'],
    ["an escape in a key", '{"\\u0061":1}'],
    ["an escape that may be written in another way", '{"x":"\\u0041"}'],
    ["two spellings of a field", '{"event":{"code":1},"event.code":2}'],
    ["a value over a field", '{"process":1}'],
    ["an array over a field", '{"process":[{"name":"x"}]}'],
    ["null over a field", '{"event.code":1,"event":null}'],
    ["a control character", '{"a":"\u0001"}'],
    ["a number beyond 2^53", '{"a":9007199254740993}'],
    ["a number beyond a double", '{"a":1e999}'],
    ["a number with a zero in front", '{"a":01}'],
    ["a special key", '{"_source":{}}'],
    ["a byte order mark", '\uFEFF{"a":1}'],
    ["brackets that do not fit", '{"x":[1}}'],
    ["nesting beyond its bound", `${'{"x":'.repeat(60)}1${"}".repeat(60)}`],
  ])("a line is left to the parser: %s", (_what, text) => {
    expect(values(text)).toBe("left to the parser");
  });

  test("bytes that are no UTF-8 are not taken, wherever they lie", () => {
    const one = extractor();
    for (let length = 1; length < 40; length++) {
      for (let place = 0; place < length; place++) {
        const lines = new Uint8Array(length).fill(0x20);
        lines[place] = 0xe9;
        expect(one.load(lines)).toBe(false);
      }
    }
    expect(one.load(bytes("é"))).toBe(true);
    expect(one.load(bytes("e"))).toBe(true);
  });

  test("lines follow one another", () => {
    const one = extractor();
    const text = '{"a":1}\n\n{"a":\n{"a":"2"}';
    one.load(bytes(text));
    const found: unknown[] = [];
    for (let from = 0; from < text.length; from = one.end + 1) found.push(one.walk(from) ? one.value(6) : "?", one.end);
    expect(found).toEqual([1, 7, "?", 8, "?", 14, "2", 24]);
  });

  describe("the hash of a line's content", () => {
    test("is that of the parsed document, whatever came before", () => {
      const one = extractor();
      let sure = 0;
      fc.assert(
        fc.property(document, fc.constantFrom(undefined, " "), (value, space) => {
          const text = JSON.stringify(value, null, space).replaceAll("\n", "\t");
          const found = walked(one, text);
          if (!found.sure) return;
          sure++;
          expect(found.hash).toEqual(hashOf(JSON.parse(text) as JsonObject));
        }),
        { numRuns: 3_000 },
      );
      expect(sure).toBeGreaterThan(600);
    });

    test("does not know the order of keys, and knows everything else", () => {
      const of = (text: string): string => walked(extractor(), text).hash.join();
      expect(of('{"a":1,"b":{"d":[1,2],"e":"x"}}')).toBe(of('{"b":{"e":"x","d":[1, 2.0]},"a":1}'));
      const others = [
        '{"a":1}',
        '{"a":"1"}',
        '{"a":[1]}',
        '{"a":[[1]]}',
        '{"a":{}}',
        "{}",
        '{"a":{"a":1}}',
        '{"a":[1,2]}',
        '{"a":[2,1]}',
        '{"a":[{"b":1},{"c":1}]}',
        '{"a":[{"c":1},{"b":1}]}',
        '{"a":[{"b":1,"c":1}]}',
        '{"a":"1\\u0000"}',
      ];
      expect(new Set(others.map((text) => hashOf(JSON.parse(text) as JsonObject).join())).size).toBe(others.length);
    });
  });
});

test("Node has WebAssembly, so that the tests of it are tests of it", () => {
  expect(compiledWalker()).not.toBeNull();
});
