import fs, { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { DescriptorOutput } from "./output.ts";

const folder = mkdtempSync(join(tmpdir(), "tocsin-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

const real = fs.writeSync;
afterEach(() => {
  fs.writeSync = real;
  syncBuiltinESMExports();
});

/** Answers of the system to writes, one after the other: how many bytes it takes, or an error. Then it takes all. */
function answers(...list: (number | string)[]): void {
  fs.writeSync = ((file: number, bytes: Uint8Array, offset?: number | null) => {
    const from = offset ?? 0;
    const answer = list.shift();
    if (typeof answer === "string") throw Object.assign(new Error(answer), { code: answer });
    return real(file, bytes, from, Math.min(bytes.length - from, answer ?? bytes.length));
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
}

function written(texts: readonly string[], ...list: (number | string)[]): { text: string; end: DescriptorOutput["end"] } {
  const path = join(folder, "out");
  const file = openSync(path, "w");
  const output = new DescriptorOutput(file);
  answers(...list);
  for (const text of texts) output.write(text);
  output.finish();
  closeSync(file);
  return { text: readFileSync(path, "utf8"), end: output.end };
}

test("what a write leaves is written again, and a full pipe is waited for", () => {
  expect(written(["häß", "lich\n"], 2, 1, "EAGAIN", "EAGAIN", 3)).toEqual({ text: "häßlich\n", end: null });
});

test("after an error nothing is written, and the error is known", () => {
  expect(written(["a".repeat(70_000), "b"], 10, "ENOSPC")).toEqual({ text: "a".repeat(10), end: { closed: false, code: "ENOSPC" } });
  expect(written(["a"], "EPIPE")).toEqual({ text: "", end: { closed: true, code: "EPIPE" } });
});

test("a long text keeps its surrogate pairs, wherever it is divided", () => {
  const text = `${"x".repeat(2 ** 20 - 1)}${"😀".repeat(600_000)}`;
  expect(written([text, "ende"]).text === `${text}ende`).toBe(true);
});

test("an error message stands below what was printed before it", () => {
  const path = join(folder, "both");
  const file = openSync(path, "w");
  const out = new DescriptorOutput(file);
  const err = new DescriptorOutput(file, out);
  out.write("1 ");
  err.write("2 ");
  out.write("3");
  out.finish();
  closeSync(file);
  expect(readFileSync(path, "utf8")).toBe("1 2 3");
});
