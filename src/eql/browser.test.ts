/** The library by itself: bundled for a browser it needs no global of Node, and the documented example runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

const index = join(import.meta.dirname, "index.ts");
const example = join(import.meta.dirname, "../../docs/examples/eql.ts");

async function bundle(contents: string, format: "iife"): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format,
    platform: "browser",
    target: "es2022",
    globalName: "tocsin",
    alias: { "tocsin/eql": index },
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}

describe("outside of Node", () => {
  test("parse, compile, search and stream work without Node's globals", async () => {
    const code = await bundle(`export * from ${JSON.stringify(index)};`, "iife");
    const context = createContext({});
    runInContext(`${code}\nthis.tocsin = tocsin;`, context);
    const answer = runInContext(
      `(() => {
        const { query } = tocsin.parse('sequence by k with maxspan=1m [any where a == 1] [any where name : "N?T*"]');
        const events = [{ _id: "1", _source: { "@timestamp": 0, a: 1, k: "x" } }, { _id: "2", _source: { "@timestamp": 60000, name: "net.exe", k: "x" } }];
        const found = tocsin.search(query, events, {}).sequences.map((s) => [s.joinKeys, s.events.map((e) => e._id)]);
        const streamed = [];
        const running = tocsin.stream(query, { lateness: 100000 }, (match) => streamed.push(match.events.map((e) => e._id)));
        events.reverse().forEach((event) => running.push(event));
        running.end();
        const test = tocsin.compileFilter(tocsin.parse('any where length(name) > 3').query.filter, {});
        return JSON.stringify({ found, streamed, truth: events.map((e) => test(e._source)), process: typeof process, buffer: typeof Buffer });
      })()`,
      context,
    ) as string;
    expect(JSON.parse(answer)).toEqual({
      found: [[["x"], ["1", "2"]]],
      streamed: [["1", "2"]],
      truth: [true, false],
      process: "undefined",
      buffer: "undefined",
    });
  });

  test("the example of the documentation", async () => {
    const code = await bundle(readFileSync(example, "utf8"), "iife");
    const lines: string[] = [];
    const log = (...parts: unknown[]): void =>
      void lines.push(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" "));
    runInContext(code, createContext({ console: { log } }));
    const [wrong, ...others] = lines;
    expect(wrong!.match(/eql\/[a-z-]+/g)).toEqual(["eql/single-equals", "eql/chained-comparison"]);
    expect(others).toEqual([
      '["warning eql/maxspan-beyond-look-back"]',
      'to SMB ["2","3"]',
      'found ["p1"] ["1","2"]',
      'alert ["p1"] ["1","2"]',
      "late 0",
    ]);
  });
});
