import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";

describe("what a JSON value does not hold as it was written is reported", () => {
  test.each([
    ['{"a":1,"a":2}', "json/duplicate-key"],
    ['{"a":{"b":1,"b":2},"c":[{"d":1}]}', "json/duplicate-key"],
    ['{"a" : 1, "a" : 2}', "json/duplicate-key"],
    ['{"a":1,"\\u0061":2}', "json/duplicate-key"],
    ['{"n":1e400}', "json/number-too-large"],
    ['{"n":[-1e999]}', "json/number-too-large"],
    ['{"s":"\\ud800"}', "json/lone-surrogate"],
    ['{"s":"\\uDC00\\uD800"}', "json/lone-surrogate"],
    ['{"\\ud83dx":1}', "json/lone-surrogate"],
  ])("%s", (text, code) => {
    for (const packed of [text, `${text}${text}`, `[${text},${text}]`, JSON.stringify({ ok: 1 }) + "\n" + text]) {
      const { problems, records } = readAll(packed);
      expect(new Set(problems.map((problem) => [problem.code, problem.severity].join(" ")))).toEqual(new Set([`${code} warning`]));
      expect(records.length).toBeGreaterThan(0);
    }
  });

  test.each([
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"\\":","b":"x\\\\","c":":"}',
    '{"a" : "b:c", "d" :1}',
    '{"s":"\\ud83d\\ude00","t":"\\\\ud800","u":"\\u0041"}',
    '{"n":1e308,"m":123456789012345678901234567890}',
    '{"__proto__":1,"constructor":2}',
  ])("%s has none", (text) => expect(readAll(text).problems).toEqual([]));
});
