import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { InputSummary, Problem, LogRecord } from "../workbench/index.ts";
import { type InputOptions, readInputs } from "./input.ts";
import { openProblem } from "./walk.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-input-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path(name), content);
  return path(name);
};
const lines = (count: number): string => Array.from({ length: count }, (_, i) => `{"n":${i + 1},"text":"${"x".repeat(50)}"}\n`).join("");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Result extends InputSummary {
  readonly found: LogRecord[];
}

async function read(paths: readonly string[], options: InputOptions = {}): Promise<Result> {
  const found: LogRecord[] = [];
  const problems: Problem[] = [];
  const summary = await readInputs(paths, options, { record: (r) => void found.push(r), problem: (p) => void problems.push(p) });
  expect(summary.records).toBe(found.length);
  expect(summary.errors + summary.warnings).toBe(problems.length);
  return { ...summary, found };
}

const codes = (result: InputSummary): string[] => result.problems.map((problem) => problem.code);

describe("bad input: one clear problem with its place, and the rest is read", () => {
  test("a truncated gzip", async () => {
    const whole = gzipSync(bytes(lines(500)));
    const cut = put("cut.json.gz", whole.subarray(0, whole.length - 200));
    const result = await read([cut, put("good.json", lines(3))]);
    expect(codes(result)).toEqual(["gzip/truncated"]);
    expect(result.problems[0]!.place.file).toBe(cut);
    expect(result.errors).toBe(1);
    expect(result.records).toBeGreaterThan(100);
  });

  test("a zip with names that lead out of it", async () => {
    const zip = put(
      "evil.zip",
      zipSync({ "../../etc/a.json": bytes(lines(2)), "/abs/b.json": bytes(lines(1)), "C:\\c.json": bytes(lines(1)) }),
    );
    const result = await read([zip]);
    expect(result.records).toBe(4);
    expect(result.found.map((r) => r.place.file)).toEqual([`${zip}!etc/a.json`, `${zip}!etc/a.json`, `${zip}!abs/b.json`, `${zip}!c.json`]);
    expect(result.problems.map((p) => [p.code, p.severity])).toEqual(Array.from({ length: 3 }, () => ["archive/unsafe-name", "warning"]));
    expect(existsSync(join(folder, "../etc/a.json"))).toBe(false);
  });

  test("a line of 200 MB", async () => {
    const file = path("long.json");
    writeFileSync(file, lines(2));
    const piece = Buffer.alloc(20 * 1024 * 1024, 0x61);
    writeFileSync(file, '{"a":"', { flag: "a" });
    for (let i = 0; i < 10; i++) writeFileSync(file, piece, { flag: "a" });
    writeFileSync(file, `"}\n${lines(2)}`, { flag: "a" });
    const before = process.memoryUsage().rss;
    const result = await read([file]);
    expect(result.records).toBe(4);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({ code: "json/record-too-long", severity: "error", place: { file, line: 3 } });
    expect(result.found.at(-1)!.place.line).toBe(5);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  test("invalid UTF-8", async () => {
    const file = put("latin1.json", Buffer.from('{"n":1}\n{"user":"J\xfcrgen"}\n{"n":3}\n', "latin1"));
    const result = await read([file]);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({ code: "text/invalid-utf8", severity: "warning", place: { file, line: 2 } });
    expect(result.found[1]).toMatchObject({ document: { user: "J\uFFFDrgen" } });
    expect(result.records).toBe(3);
  });

  test.skipIf(process.platform === "win32")("a folder with a FIFO and a socket", async () => {
    put("a.json", lines(1));
    execFileSync("mkfifo", [path("b.fifo")]);
    put("c.json", lines(1));
    const server = createServer().listen(path("d.sock"));
    await new Promise((resolve) => server.once("listening", resolve));
    const result = await read([folder]);
    server.close();
    expect(result.records).toBe(2);
    expect(result.problems.map((p) => [p.code, p.message, p.place.file])).toEqual([
      ["input/not-a-file", "Skipped: it is a named pipe (FIFO)", path("b.fifo")],
      ["input/not-a-file", "Skipped: it is a socket", path("d.sock")],
    ]);
    expect(result.errors).toBe(0);
    expect((await read([path("b.fifo")])).errors).toBe(1);
  });

  test("a missing file", async () => {
    const result = await read([path("no.json"), put("a.json", lines(1))]);
    expect(result.problems).toEqual([
      {
        code: "input/missing",
        severity: "error",
        message: "There is no such file or folder",
        help: "Check the path; it is relative to the current folder.",
        place: { file: path("no.json") },
      },
    ]);
    expect(result.records).toBe(1);
  });

  test.skipIf(process.getuid?.() === 0)("a file that may not be read (skipped for root, who may)", async () => {
    const file = put("secret.json", lines(1));
    chmodSync(file, 0o000);
    expect(codes(await read([file]))).toEqual(["input/no-permission"]);
  });

  test.skipIf(process.platform === "win32")("links in a circle, dangling, and to what was read", async () => {
    mkdirSync(path("sub"));
    put("sub/a.json", lines(1));
    symlinkSync(folder, path("sub/up"));
    symlinkSync("self", path("self"));
    symlinkSync("nothing", path("dangling"));
    symlinkSync("sub/a.json", path("again.json"));
    const result = await read([folder]);
    expect(result.records).toBe(1);
    expect(Object.keys(result.problemsByCode).sort()).toEqual(["input/link-loop", "input/link-to-known", "input/missing"]);
  });

  test("a broken line", async () => {
    const file = put("bad.json", `${lines(1)}{"n":2,,}\n${lines(1)}`);
    const result = await read([file]);
    expect(result.records).toBe(2);
    expect(result.problems).toMatchObject([{ code: "json/bad-line", severity: "error", place: { file, line: 2 } }]);
    expect(result.problems[0]!.message).toBe('Not a JSON document: "," where a key in double quotes is expected, column 8');
  });

  test("what is known to be no log is an error when named, and a warning in a folder or an archive", async () => {
    const image = put("logo.gif", "GIF89a");
    put("a.json", lines(1));
    expect(await read([image])).toMatchObject({ errors: 1, problemsByCode: { "input/not-a-log": 1 } });
    expect(await read([folder])).toMatchObject({ errors: 0, warnings: 1, records: 1, notRead: { files: 1, bytes: 6 } });
    const zip = put("z.zip", zipSync({ "logo.gif": bytes("GIF89a"), "a.json": bytes(lines(1)) }));
    expect(await read([zip])).toMatchObject({ errors: 0, warnings: 1, records: 1, notRead: { files: 1, bytes: 6 } });
  });

  test("what nobody knows may be a log: it is an error in a folder and in an archive too", async () => {
    const text = "08:49:21 a line of a log in no known format\n";
    put("messages", text);
    put("a.json", lines(1));
    expect(await read([folder])).toMatchObject({ errors: 1, records: 1, problemsByCode: { "input/unknown-format": 1 } });
    const zip = put("z.zip", zipSync({ messages: bytes(text), "a.json": bytes(lines(1)) }));
    expect(await read([zip])).toMatchObject({ errors: 1, records: 1, notRead: { files: 1, bytes: text.length } });
  });

  test("a packed format that is not read is an error wherever it lies", async () => {
    put("a.7z", Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4));
    const result = await read([folder]);
    expect(result.problems).toMatchObject([{ code: "input/not-read", severity: "error", help: "Unpack it and give the unpacked files" }]);
  });
});

describe("reading", () => {
  test("folders in the order of their names, formats and bytes counted", async () => {
    mkdirSync(path("b"));
    put("b/2.json", lines(1));
    put("a.json.gz", gzipSync(bytes(lines(2))));
    put("c.zip", zipSync({ "x.json": bytes(lines(3)) }));
    put("d.json", "");
    const result = await read([folder]);
    expect(result.found.map((r) => r.place.file.slice(folder.length + 1))).toEqual([
      "a.json.gz", "a.json.gz", "b/2.json", "c.zip!x.json", "c.zip!x.json", "c.zip!x.json",
    ]); // prettier-ignore
    expect(result).toMatchObject({ files: 4, records: 6, problems: [], formats: { gzip: 1, zip: 1, "json-lines": 3, empty: 1 } });
  });

  test("standard input", async () => {
    const result = await read(["-"], { stdin: Readable.from([bytes('{"n":1}\n{"n"'), bytes(":2}\n")]) });
    expect(result.found).toMatchObject([{ document: { n: 1 } }, { place: { file: "(standard input)", line: 2 }, document: { n: 2 } }]);
  });

  test("a path given twice is read once, and that is reported", async () => {
    const file = put("a.json", lines(2));
    expect(await read([file, file])).toMatchObject({ records: 2, problemsByCode: { "input/given-twice": 1 }, errors: 0 });
  });

  test("progress, waiting between chunks, and stopping", async () => {
    const file = put("big.json", lines(20_000));
    const done: number[] = [];
    let waited = 0;
    const controller = new AbortController();
    const result = await read([file], {
      onProgress: (p) => void done.push(p.bytesDone / p.bytesTotal!),
      afterChunk: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        if (++waited === 3) controller.abort();
      },
      signal: controller.signal,
    });
    expect(done).toHaveLength(3);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(result).toMatchObject({ aborted: true, problems: [] });
    expect(result.records).toBeGreaterThan(5000);
    expect(result.records).toBeLessThan(20_000);
    expect((await read([file])).bytes).toBe(lines(20_000).length);
  });

  test("problems are counted beyond those kept", async () => {
    const file = put("bad.json", `{"n":1}\n${"{]\n".repeat(50)}`);
    const result = await read([file], { maxProblems: 10 });
    expect(result.problems).toHaveLength(10);
    expect(result.problemsByCode).toEqual({ "json/bad-line": 50 });
  });

  test("what the sink throws comes through", async () => {
    const file = put("a.json", lines(2));
    const sink = {
      record: () => {
        throw new Error("mine");
      },
      problem: () => undefined,
    };
    await expect(readInputs([file], {}, sink)).rejects.toThrow("mine");
  });

  test.skipIf(!existsSync("/dev/fd"))("the shell's own pipes", () => {
    const script = `import { readInputs } from ${JSON.stringify(new URL("./input.ts", import.meta.url).pathname)};
      const s = await readInputs([process.argv[1]], {}, { record() {}, problem(p) { console.log(p.code); } }); console.log(s.records);`;
    put("a.json", lines(3));
    const out = execFileSync("bash", ["-c", `"$1" --input-type=module -e "$2" <(cat "$3")`, "x", process.execPath, script, path("a.json")]);
    expect(String(out).trim()).toBe("3");
  });
});

test.each([
  ["EACCES", "input/no-permission"],
  ["EPERM", "input/no-permission"],
  ["ENOENT", "input/missing"],
  ["ELOOP", "input/link-loop"],
  ["EIO", "input/unreadable"],
])("%s is %s", (errno, code) => {
  expect(openProblem("p", Object.assign(new Error("x"), { code: errno }))).toMatchObject({ code, severity: "error", place: { file: "p" } });
});

describe("names that are no UTF-8", () => {
  test.skipIf(process.platform === "win32" || process.platform === "darwin")("open, in a folder of such a name too", async () => {
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x4a, 0xfc, 0x72])]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from("/"), Buffer.from([0xff, 0x2e, 0x6a])]), lines(2));
    writeFileSync(Buffer.concat([odd, Buffer.from([0x2e, 0x6a])]), lines(1));
    const result = await read([folder]);
    expect(result.problems).toEqual([]);
    expect(result.records).toBe(3);
    expect(result.found[0]!.place.file).toBe(path("J\uFFFDr/\uFFFD.j"));
  });
});
