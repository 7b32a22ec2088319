import { describe, expect, test } from "vitest";
import { readAll } from "../../scripts/read-all.ts";
import { openInput } from "./open.ts";
import { refusedFormats } from "./refused.ts";

const bytes = (hex: string, size = 64): Uint8Array => {
  const out = new Uint8Array(size);
  out.set(hex.split(" ").map((pair) => Number.parseInt(pair, 16)));
  return out;
};

describe("content decides", () => {
  test.each([
    ["7z", bytes("37 7a bc af 27 1c")],
    ["rar", bytes("52 61 72 21 1a 07 01 00")],
    ["xz", bytes("fd 37 7a 58 5a 00")],
    ["bzip2", bytes("42 5a 68 39 31 41 59 26 53 59")],
    ["ole", bytes("d0 cf 11 e0 a1 b1 1a e1")],
    ["evt", bytes("30 00 00 00 4c 66 4c 65")],
    ["pcap", bytes("d4 c3 b2 a1 02 00 04 00")],
    ["pcapng", bytes("0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a")],
    ["pe", bytes(`4d 5a ${"00 ".repeat(58)}40 00 00 00 50 45 00 00`, 512)],
    ["png", bytes("89 50 4e 47 0d 0a 1a 0a")],
    ["sqlite", bytes("53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00")],
    ["html", new TextEncoder().encode("<!DOCTYPE html><title>Sign in</title>")],
    ["git-lfs-pointer", new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")],
  ])("%s is named and not read", (id, content) => {
    const read = readAll(content);
    expect(read.formats).toEqual([id]);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatchObject({ severity: "error", message: `Not read: ${refusedFormats.find((f) => f.id === id)!.title}` });
    expect(read.problems[0]!.help).not.toBe("");
  });

  test.each([
    ["", "empty"],
    [" \r\n\t\n", "empty"],
    ['{"a":1}\n{"a":2}\n', "json-lines"],
    ['{"a":1}', "json-lines"],
    ['\n\n  {"a":1}\n', "json-lines"],
    ["[]", "json-array"],
    ['[\n\n{"a":1}]', "json-array"],
    ["[{", "json-array"],
    ['{\n  "a": 1\n}\n', "json"],
    ['{"a":\n1}\n', "json"],
    ['{\n "took": 1,\n "hits": {\n "hits": []}}', "elastic-response"],
    ["[section]\nkey=value\n", "unknown"],
    ["[[table]]\nkey = 1\n", "unknown"],
    ["{% template %}", "unknown"],
    ["plain words", "unknown"],
  ])("%j is %s", (text, format) => {
    expect(readAll(text).formats).toEqual([format]);
  });

  test("a first document beyond the head, in one line and in many", () => {
    const doc = { pad: "x".repeat(50_000), n: 1 };
    expect(readAll(`${JSON.stringify(doc)}\n${JSON.stringify({ n: 2 })}\n`)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: [] });
    expect(readAll(JSON.stringify({ took: 1, hits: { hits: [{ _id: "a", _source: doc }] } }))).toMatchObject({
      records: [{ id: "a", document: { n: 1 } }],
      codes: [],
    });
  });

  test("white space beyond the head", () => {
    expect(readAll(`${"\n".repeat(100_000)}{"n":1}\n`).records).toMatchObject([{ place: { line: 100_001 } }]);
  });
});

test("a document beside the logs is known by its name, and is no log; a log of such a name is read", () => {
  const problemOf = (file: string, content: string): string | undefined => {
    const problems: string[] = [];
    const decoder = openInput(file);
    const sink = { record: () => {}, problem: ({ code }: { readonly code: string }) => void problems.push(code) };
    decoder.push(new TextEncoder().encode(content), sink);
    decoder.end(sink);
    return problems[0];
  };
  expect(problemOf("evidence/README.md", "# How this was collected\n")).toBe("input/not-a-log");
  expect(problemOf("a.zip!LICENSE", "MIT License\n")).toBe("input/not-a-log");
  expect(problemOf("notes.txt", "# How this was collected\n")).toBe("input/unknown-format");
  expect(problemOf("README.md", '{"a":1}\n')).toBeUndefined();
});
