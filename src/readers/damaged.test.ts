import { describe, expect, test } from "vitest";
import { readAll } from "../../scripts/read-all.ts";
import { openInput, type Problem } from "./index.ts";

const NS = "http://schemas.microsoft.com/win/2004/08/events/event";
const event = (id: number): string =>
  `<Event xmlns="${NS}"><System><Provider Name="P"/><EventID>${id}</EventID><EventRecordID>${id}</EventRecordID></System><EventData><Data Name="x">${id}</Data></EventData></Event>`;
const document = (n: number): string => JSON.stringify({ "@timestamp": "2026-03-04T08:49:21.886Z", n, text: "é".repeat(n) });

const utf16 = (text: string, options: { readonly mark: boolean; readonly big?: boolean }): Uint8Array => {
  const bytes = Buffer.from(`${options.mark ? "\uFEFF" : ""}${text}`, "utf16le");
  return new Uint8Array(options.big === true ? bytes.swap16() : bytes);
};
const places = (problems: ReturnType<typeof readAll>["problems"]): unknown[] => problems.map(({ code, place }) => [code, place.line]);

describe("a damaged first line costs that line, not the log", () => {
  const rest = [2, 3, 4].map((n) => `${document(n)}\n`).join("");
  test.each([
    ["torn by a rotation", `4T08:49:21.886Z","n":1}\n`, "json/bad-line"],
    ["torn after its first bracket", `{"@timestamp":"2026-03\n`, "json/bad-line"],
    ["with its first byte overwritten", `x${document(1).slice(1)}\n`, "json/bad-line"],
    ["of other text", `--- log opened ---\n`, "json/bad-line"],
    ["of other text that begins like a list", `[info] log opened\n`, "json/bad-line"],
    ["longer than the head", `${"x".repeat(100_000)}"}\n`, "json/bad-line"],
    ["longer than the head, with a bracket", `{"a":"${"x".repeat(100_000)}\n`, "json/bad-line"],
    ["of NULs", `${"\0".repeat(300)}\n`, "text/nul-bytes"],
    ["of many NULs", `${"\0".repeat(100_000)}\n`, "text/nul-bytes"],
  ])("%s", (_name, first, code) => {
    const read = readAll(first + rest);
    expect(read.formats).toEqual(["json-lines"]);
    expect(read.documents).toMatchObject([{ n: 2 }, { n: 3 }, { n: 4 }]);
    expect(places(read.problems)).toEqual([[code, 1]]);
  });

  test("NULs before the first document", () => {
    const read = readAll(`${"\0".repeat(20_000)}${document(1)}\n${rest}`);
    expect(read.documents).toHaveLength(4);
    expect(places(read.problems)).toEqual([["text/nul-bytes", 1]]);
    expect(readAll(`${"\0".repeat(20_000)}@timestamp,host.name\n2026-03-04T08:49:21Z,a\n`).documents).toMatchObject([{ "host.name": "a" }]);
  });

  test("a piece of an array, an object on each line", () => {
    const read = readAll(`"n":1},\n${document(2)},\n${document(3)}\n]\n`);
    expect(read.documents).toMatchObject([{ n: 2 }, { n: 3 }]);
    expect(places(read.problems)).toEqual([
      ["json/not-an-object", 1],
      ["json/bad-line", 1],
      ["json/stray-comma", 2],
      ["json/bad-line", 4],
    ]);
  });

  test("text with an example in JSON is no log", () => {
    expect(readAll(`# Notes\nThey write\n{"a":1}\nto the log.\n`).formats).toEqual(["unknown"]);
  });

  test("nothing but NULs is said to be that", () => {
    expect(readAll("\0".repeat(5000)).problems).toMatchObject([
      { code: "input/unknown-format", severity: "error", message: "Not read: nothing but NUL bytes and white space" },
    ]);
  });
});

describe("Event XML that begins inside an event", () => {
  test.each([
    ["in the data", `x">1</Data></EventData></Event>`],
    ["in a tag", `Event xmlns="${NS}"><System/></Event>`],
    ["in the end tag", `ent>`],
    ["far before the next event", `${"x".repeat(40_000)}</Data></EventData></Event>`],
  ])("%s", (_name, first) => {
    const read = readAll(`${first}\n${event(2)}\n${event(3)}`);
    expect(read.formats).toEqual(["windows-xml"]);
    expect(read.records).toHaveLength(2);
    expect(places(read.problems)).toEqual([["xml/torn-event", 1]]);
  });

  test("an event between others whose start tag is damaged is missed, and reported at its line", () => {
    const read = readAll(`<Events>\n${event(1)}\n${event(2).replace("<Event ", "<Exent ")}\n${event(3)}\n</Events>`);
    expect(read.records).toHaveLength(2);
    expect(read.problems).toMatchObject([{ code: "xml/torn-event", severity: "error", place: { line: 3 } }]);
  });

  test("in any split", () => {
    const bytes = new TextEncoder().encode(
      `x</EventData></Event>\n${event(2)}\n<!-- a -->\n${event(3).replace("<Event ", "< ")}\n${event(4)}`,
    );
    const whole = readAll(bytes);
    expect(whole.codes).toEqual(["xml/torn-event 1", "xml/torn-event 4"]);
    for (let cut = 1; cut < bytes.length; cut += 7) {
      const codes: string[] = [];
      const sink = { record: () => {}, problem: (problem: Problem) => void codes.push(`${problem.code} ${problem.place.line}`) };
      const decoder = openInput("f");
      decoder.push(bytes.subarray(0, cut), sink);
      decoder.push(bytes.subarray(cut), sink);
      decoder.end(sink);
      expect([cut, codes]).toEqual([cut, whole.codes]);
    }
  });
});

describe("UTF-16, with and without a byte order mark, whole and torn", () => {
  const json = `${document(1)}\n${document(2)}\n`;
  const csv = `@timestamp,host.name,message\n2026-03-04T08:49:21Z,ü,x\n2026-03-04T08:49:22Z,b,y\n`;
  test.each([
    ["JSON lines", json, 2, []],
    ["JSON lines of Cyrillic text", `${JSON.stringify({ "@timestamp": "2026-03-04", a: "д".repeat(30) })}\n`.repeat(2), 2, []],
    ["JSON lines with a torn first line", `д","n":0}\n${json}`, 2, ["json/bad-line 1"]],
    ["JSON lines after NULs", `${"\0".repeat(400)}${json}`, 2, ["text/nul-bytes 1"]],
    ["Event XML", `<Events>${event(1)}${event(2)}</Events>`, 2, []],
    ["Event XML that begins inside an event", `</Data></EventData></Event>${event(1)}${event(2)}`, 2, ["xml/torn-event 1"]],
    ["CSV", csv, 2, ["csv/lossy 1"]],
  ])("%s", (_name, text, records, codes) => {
    for (const mark of [true, false]) {
      for (const big of [true, false]) {
        const read = readAll(utf16(text, { mark, big }));
        expect({ mark, big, records: read.records.length, codes: read.codes }).toEqual({ mark, big, records, codes });
      }
    }
  });
});
