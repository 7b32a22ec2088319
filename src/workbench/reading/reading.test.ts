import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { Problem, Sink } from "../../readers/index.ts";
import { Reading, type InputSource, type InputSummary } from "./reading.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const LOG = bytes('{"n":1}\n{"n":2}\n');

function read(content: Uint8Array, source: Partial<InputSource> = {}, sink: Partial<Sink> = {}): InputSummary {
  const reading = new Reading({}, { record() {}, problem() {}, ...sink });
  const one = reading.open({ name: "dir/file", size: content.length, named: false, ...source });
  one.push(content);
  one.end();
  return reading.summary;
}
const severities = ({ problems }: InputSummary): string[] => problems.map(({ code, severity }) => `${code} ${severity}`);

describe("what is no log", () => {
  test("is to be expected in a folder and in an archive, and an error where somebody chose it", () => {
    expect(severities(read(PNG))).toEqual(["input/not-a-log warning"]);
    expect(severities(read(zipSync({ "a.png": PNG, "b.json": LOG }), { name: "a.zip", named: true }))).toEqual(["input/not-a-log warning"]);
    expect(severities(read(PNG, { named: true }))).toEqual(["input/not-a-log error"]);
  });

  test("is an error wherever it lies if nobody knows what it is: it may be a log", () => {
    const words = bytes("an application says something\n");
    expect(severities(read(words))).toEqual(["input/unknown-format error"]);
    expect(severities(read(zipSync({ syslog: words }), { name: "a.zip", named: true }))).toEqual(["input/unknown-format error"]);
    expect(read(words)).toMatchObject({ errors: 1, notRead: { files: 1, bytes: words.length } });
  });
});

test("what was not read is counted in files, members and bytes", () => {
  expect(read(LOG)).toMatchObject({ files: 1, bytes: LOG.length, records: 2, notRead: { files: 0, bytes: 0 } });
  expect(read(PNG)).toMatchObject({ files: 1, notRead: { files: 1, bytes: PNG.length } });
  expect(read(zipSync({ "a.png": PNG, "b.gif": bytes("GIF89a....") }))).toMatchObject({ files: 1, notRead: { files: 2, bytes: 20 } });
  const reading = new Reading({}, { record() {}, problem() {} });
  const problem: Problem = { code: "input/unreadable", severity: "error", message: "It cannot be read", place: { file: "a" } };
  reading.unopened({ name: "a", size: 70, named: true }, problem);
  const source = reading.open({ name: "b", size: 100, named: true });
  source.push(LOG);
  source.fail(new Error("EIO"), { ...problem, place: { file: "b" } });
  expect(reading.summary).toMatchObject({ files: 1, records: 2, errors: 2, notRead: { files: 2, bytes: 70 + 100 - LOG.length } });
});

test("an empty file is worth a word only where somebody chose it", () => {
  expect(severities(read(bytes(" \n"), { named: true }))).toEqual(["input/empty warning"]);
  expect(severities(read(bytes(" \n")))).toEqual([]);
});

test("what the sink throws is thrown, and is no defect of a reader", () => {
  const thrown = new Error("full");
  const fail = (): never => {
    throw thrown;
  };
  expect(() => read(LOG, {}, { record: fail })).toThrow(thrown);
  const reading = new Reading({}, { record: fail, problem() {} });
  const source = reading.open({ name: "a", size: 1, named: true });
  let caught: unknown = null;
  try {
    source.push(LOG);
    source.end();
  } catch (error) {
    caught = error;
  }
  expect(() => source.fail(caught, { code: "x", severity: "error", message: "", place: { file: "a" } })).toThrow(thrown);
  expect(reading.summary.errors).toBe(0);
});

test("a stopped reading takes its end for none: what is pending does not come out", () => {
  const reading = new Reading({}, { record() {}, problem() {} });
  const source = reading.open({ name: "a", size: 100, named: true });
  source.push(bytes('{"n":1}\n{"n":'));
  reading.summary.aborted = true;
  source.end();
  expect(reading.summary).toMatchObject({ errors: 0 });
});
