import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { openInput } from "../index.ts";
import { escapeControlCharacters, JsonFault, parseJson } from "./parse.ts";

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const pretty = (n: number): string => JSON.stringify({ n, inner: { list: [1, { deep: "}" }] } }, null, 2);

describe("values", () => {
  test.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", 9007199254740992n],
    ["-9214364837600034816", -9214364837600034816n],
    ["18446744073709551615", 18446744073709551615n],
    ["0.12345678901234567890", 0.12345678901234568],
    ["12345678901234567890.5", 12345678901234567000],
    ["1e20", 1e20],
    ["12345678901234567890e2", 1.2345678901234568e21],
  ])("%s keeps its value wherever it stands", (digits, value) => {
    for (const text of [`{"a":${digits}}`, `{"a": ${digits} }`, `{"x":{"y":[1,${digits}]}}`, `[${digits}]`]) {
      const found: unknown[] = [];
      const collect = (v: unknown): void => {
        if (typeof v === "object" && v !== null) Object.values(v).forEach((inner) => collect(inner));
        else found.push(v);
      };
      collect(parseJson(text, 256));
      expect(found).toContain(value);
    }
  });

  test("digits in strings stay text, equal keys and the key __proto__ do no harm", () => {
    expect(parseJson('{"a":"id: 12345678901234567890, x","b":12345678901234567890}', 9)).toEqual({
      a: "id: 12345678901234567890, x",
      b: 12345678901234567890n,
    });
    expect(parseJson('{"a":12345678901234567890,"a":1}', 9)).toEqual({ a: 1 });
    const value = parseJson('{"__proto__":{"polluted":12345678901234567890}}', 9) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("the same as JSON.parse for what a double can hold, and a fault for what it refuses", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = parseJson(text, 1000);
        const expected: unknown = JSON.parse(text);
        const numbers = JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? Number(v) : v));
        expect(numbers).toBe(JSON.stringify(expected));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom("", "}", ",", '"', "x", "\u0001"), (text, at, junk) => {
        const cut = at % (text.length + 1);
        const damaged = text.slice(0, cut) + junk + text.slice(cut + 1);
        let valid = true;
        try {
          JSON.parse(damaged);
        } catch {
          valid = false;
        }
        const value = parseJson(damaged, 1000);
        expect(value instanceof JsonFault).toBe(!valid);
        if (value instanceof JsonFault) expect(value.offset).toBeLessThanOrEqual(damaged.length);
      }),
      { numRuns: 1500 },
    );
  });

  test("faults say what and where", () => {
    const faults = [
      '{"a":1',
      '{"a" 1}',
      "{'a':1}",
      '{"a":nul}',
      '{"a":"\\x"}',
      '{"a":01}',
      '{"a":1}{',
      '{"a":NaN}',
      '["a"',
      '{"a":"b',
      "[1}",
    ].map((text) => {
      const fault = parseJson(text, 9) as JsonFault;
      return `${text} => ${fault.reason} @${fault.offset}`;
    });
    expect(faults).toEqual([
      '{"a":1 => the text ends inside a value @6',
      '{"a" 1} => "1" where a colon is expected @5',
      "{'a':1} => \"'\" where a key in double quotes is expected @1",
      '{"a":nul} => "n" where a value is expected @5',
      '{"a":"\\x"} => an unknown escape in a string @6',
      '{"a":01} => "1" where a comma or } is expected @6',
      '{"a":1}{ => text after the end of the value @7',
      '{"a":NaN} => "N" where a value is expected @5',
      '["a" => the text ends inside a value @4',
      '{"a":"b => a string is not closed @5',
      '[1} => "}" where a comma or ] is expected @2',
    ]);
  });

  test("nesting is bounded and brackets in strings are no nesting", () => {
    expect(parseJson(nested(256), 256)).not.toBeInstanceOf(JsonFault);
    expect(parseJson(nested(257), 256)).toMatchObject({ code: "json/too-deep" });
    expect(parseJson(JSON.stringify({ a: "[{".repeat(5000) }), 256)).toEqual({ a: "[{".repeat(5000) });
  });

  test("control characters are escaped in strings alone", () => {
    expect(escapeControlCharacters('{\t"a":"x\ty\\"\u0001"}')).toBe('{\t"a":"x\\u0009y\\"\\u0001"}');
  });
});

describe("lines", () => {
  test("a bad line costs itself", () => {
    const read = readAll('{"n":1}\n{"n":2\nnot json\n\n[1]\n5\n{"n":6}');
    expect(read.documents).toEqual([{ n: 1 }, { n: 6 }]);
    expect(read.codes).toEqual(["json/bad-line 2", "json/bad-line 3", "json/not-an-object 5", "json/not-an-object 6"]);
    expect(read.records.map((r) => r.place.line)).toEqual([1, 7]);
  });

  test("a bad first line does not make the file something else", () => {
    const read = readAll('{"n":1,,}\n{"n":2}\n{"n":3}\n');
    expect(read.formats).toEqual(["json-lines"]);
    expect(read.documents).toEqual([{ n: 2 }, { n: 3 }]);
    expect(read.codes).toEqual(["json/bad-line 1"]);
  });

  test("NUL bytes, byte order marks and record separators before a document", () => {
    const read = readAll('{"n":1}\n\0\0\0{"n":2}\n\uFEFF{"n":3}\n\u001e{"n":4}\n\0\0\0\0');
    expect(read.documents).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(read.codes).toEqual(["text/nul-bytes 2", "text/nul-bytes 5"]);
  });

  test("raw control characters in strings are read, and said", () => {
    const read = readAll('{"n":1}\n{"a":"x\ty"}\n');
    expect(read.documents[1]).toEqual({ a: "x\ty" });
    expect(read.codes).toEqual(["json/control-character 2"]);
  });

  test("several documents on a line, and a comma after each", () => {
    const read = readAll('{"n":1}\n{"n":2}{"n":3} {"n":4}\n{"n":5},\n{"n":6},\n');
    expect(read.documents.map((d) => d["n"])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(read.codes).toEqual(["json/stray-comma 3"]);
  });

  test("any number of documents on one line of many, the broken ones said", () => {
    const many = Array.from({ length: 300 }, (_, i) => `{"n":${i}}`).join("");
    const read = readAll(`{"first":1}\n${many}\n{"a":1}{"b":}{"c":3} x {"d":4}{"e"\n{"last":1}\n`);
    expect(read.documents).toHaveLength(1 + 300 + 3 + 1);
    expect(read.records[300]!.place).toEqual({ file: "f", line: 2, record: 300 });
    expect(read.codes).toEqual(["json/bad-line 3", "json/bad-line 3", "json/bad-line 3"]);
  });

  test("a long line in single bytes, and a cell of a million quotes, take linear time", () => {
    const before = performance.now();
    const decoder = openInput("f");
    let records = 0;
    const sink = { record: () => void records++, problem: () => undefined };
    decoder.push(new TextEncoder().encode(`{"n":1}\n${"{}\n".repeat(6000)}{"a":"`), sink);
    const one = Uint8Array.of(0x61);
    for (let i = 0; i < 3_000_000; i++) decoder.push(one, sink);
    decoder.push(new TextEncoder().encode('"}\n'), sink);
    decoder.end(sink);
    expect(records).toBe(6002);
    const csv = readAll(`@timestamp,a.b\n1,"${'""'.repeat(1_000_000)}"\n`);
    expect(csv.documents).toEqual([{ "@timestamp": "1", "a.b": '"'.repeat(1_000_000) }]);
    expect(performance.now() - before).toBeLessThan(25_000);
  });

  test("U+FFFD that was in the file is no invalid UTF-8", () => {
    expect(readAll('{"a":"\uFFFD"}\n').codes).toEqual([]);
    const bytes = new TextEncoder().encode('{"a":"_"}\n{"b":1}\n');
    bytes[6] = 0xe9;
    expect(readAll(bytes).codes).toEqual(["text/invalid-utf8 1"]);
  });

  test("a line beyond the bound is skipped, deep nesting too", () => {
    const read = readAll(`{"n":1}\n{"a":"${"x".repeat(2000)}"}\n{"n":3}\n${"[".repeat(400)}${"]".repeat(400)}\n{"n":5}\n`, {
      maxRecordBytes: 1000,
    });
    expect(read.documents.map((d) => d["n"])).toEqual([1, 3, 5]);
    expect(read.codes).toEqual(["json/record-too-long 2", "json/too-deep 4"]);
  });
});

describe("documents over several lines", () => {
  test("a broken document costs itself", () => {
    const broken = pretty(2).replace('"}"', '"unclosed');
    const read = readAll(`${pretty(1)}\n${broken}\n${pretty(3)}\n`);
    expect(read.documents.map((d) => d["n"])).toEqual([1, 3]);
    expect(read.codes).toEqual(["json/bad-document 12"]);
    expect(read.records[1]!.place.line).toBe(23);
  });

  test("in an array too, which then goes on", () => {
    const rows = ['{"n":1}', '{"n":2,"a":{"b":1}', '{"n":3}', '{"n":4]', '{"n":5}'];
    const read = readAll(`[\n${rows.join(",\n")}\n]\n`);
    expect(read.documents.map((d) => d["n"])).toEqual([1, 3, 5]);
    expect(read.problems.every((p) => p.code === "json/bad-document" && p.severity === "error")).toBe(true);
    expect(read.problems).toHaveLength(2);
  });

  test("elements that are no objects are said, with their place", () => {
    const read = readAll('[{"n":1},2,"three",null,{"n":5}]');
    expect(read.documents.map((d) => d["n"])).toEqual([1, 5]);
    expect(read.records[1]!.place).toEqual({ file: "f", line: 1, record: 5 });
    expect(read.problems).toHaveLength(3);
  });

  test("evtx_dump's record lines are no stray text", () => {
    expect(readAll(`Record 1\n${pretty(1)}\nRecord 2\n${pretty(2)}\n`)).toMatchObject({ codes: [], documents: [{ n: 1 }, { n: 2 }] });
  });

  test("a document beyond the bound is skipped", () => {
    const big = JSON.stringify({ n: 2, a: "x".repeat(3000) }, null, 1);
    const read = readAll(`[${pretty(1)},\n${big},\n${pretty(3)}]`, { maxRecordBytes: 2000 });
    expect(read.documents.map((d) => d["n"])).toEqual([1, 3]);
    expect(read.problems.map((p) => p.code)).toEqual(["json/record-too-long"]);
  });

  test("a long line without an end, 100,000 open brackets and 100,000 documents all take linear time", () => {
    const before = performance.now();
    readAll(`{"a":[${"[".repeat(1_000_000)}`);
    readAll(`[${'{"a":'.repeat(500_000)}`);
    readAll(`${"\n".repeat(1_000_000)}[${'{"n":1},'.repeat(100_000)}{}]`);
    readAll(`{"n":1}\n${"{".repeat(2_000_000)}`);
    expect(performance.now() - before).toBeLessThan(25_000);
  });
});
