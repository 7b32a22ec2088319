import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_READ_OPTIONS } from "../format.ts";
import type { Problem } from "../record.ts";
import { LineDecoder } from "./lines.ts";

interface Framed {
  /** `number text` */
  readonly lines: string[];
  readonly skipped: number[];
  readonly problems: string[];
  ended: number;
}

function frame(bytes: Uint8Array, cuts: readonly number[] = [], maxRecordBytes = DEFAULT_READ_OPTIONS.maxRecordBytes): Framed {
  const framed: Framed = { lines: [], skipped: [], problems: [], ended: 0 };
  const decoder = new LineDecoder(
    "f",
    { ...DEFAULT_READ_OPTIONS, maxRecordBytes },
    {
      line: (text, number) => void framed.lines.push(`${number} ${text}`),
      tooLong: (number) => void framed.skipped.push(number),
      end: () => void framed.ended++,
    },
  );
  const sink = { record: () => undefined, problem: ({ code, place }: Problem) => void framed.problems.push(`${code} ${place.line}`) };
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    decoder.push(bytes.subarray(from, cut), sink);
    from = cut;
  }
  decoder.end(sink);
  return framed;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("lines", () => {
  test("empty lines count and are left out; a carriage return stays; the last line needs no line feed", () => {
    expect(frame(utf8("a\n\nb\r\nc")).lines).toEqual(["1 a", "3 b\r", "4 c"]);
    expect(frame(utf8("")).lines).toEqual([]);
    expect(frame(utf8("\n")).ended).toBe(1);
  });

  test("a line of the longest length allowed is read, a longer one skipped and counted", () => {
    const read = frame(utf8("12345\n123456\n12345\n123456"), [], 5);
    expect(read.lines).toEqual(["1 12345", "3 12345"]);
    expect(read.skipped).toEqual([2, 4]);
  });

  test("bytes that are no UTF-8 are reported with their line; U+FFFD itself is a character", () => {
    const read = frame(Uint8Array.of(0x61, 10, 0xff, 10, ...utf8("\uFFFD\n"), 0xc3));
    expect(read.lines).toEqual(["1 a", "2 \uFFFD", "3 \uFFFD", "4 \uFFFD"]);
    expect(read.problems).toEqual(["text/invalid-utf8 2", "text/invalid-utf8 4"]);
  });

  test("however the bytes come, the lines are the same", () => {
    const line = fc.oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("", "\r", "x".repeat(40)));
    const content = fc.array(line, { maxLength: 20 }).map((lines) => utf8(lines.join("\n")));
    fc.assert(
      fc.property(content, fc.array(fc.nat(400), { maxLength: 8 }), (bytes, cuts) => {
        expect(frame(bytes, cuts, 30)).toEqual(frame(bytes, [], 30));
        const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
        const expected = whole.flatMap((text, i) => (text === "" || utf8(text).length > 30 ? [] : [`${i + 1} ${text}`]));
        expect(frame(bytes, cuts, 30).lines).toEqual(expected);
      }),
    );
  });
});
