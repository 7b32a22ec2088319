import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { kibanaTime } from "./csv.ts";

describe("Kibana CSV", () => {
  test("quotes, line feeds in cells, CRLF, missing values, lossiness said once", () => {
    const read = readAll(
      '"@timestamp","host.name","process.command_line",empty\r\n"Sep 22, 2020 @ 14:53:34.417",WS01,"net ""use"",\r\nsecond",-\r\n"Sep 2, 2020 @ 01:02:03.000",,-,x\r\n',
    );
    expect(read.formats).toEqual(["csv"]);
    expect(read.documents).toEqual([
      { "@timestamp": "2020-09-22T14:53:34.417Z", "host.name": "WS01", "process.command_line": 'net "use",\r\nsecond' },
      { "@timestamp": "2020-09-02T01:02:03.000Z", empty: "x" },
    ]);
    expect(read.records.map((r) => r.place.line)).toEqual([2, 4]);
    expect(read.codes).toEqual(["csv/lossy 1", "csv/time-zone 2"]);
  });

  test("other separators, a byte order mark, escaped formulas, _id and _index", () => {
    const read = readAll("\uFEFF'@timestamp;_id;_index;process.name;a.b\n2026-01-01T00:00:00Z;1;logs;'=cmd.exe;'quoted'\n");
    expect(read.records).toMatchObject([
      { id: "1", index: "logs", document: { "@timestamp": "2026-01-01T00:00:00Z", "process.name": "=cmd.exe", "a.b": "'quoted'" } },
    ]);
    expect(Object.keys(read.documents[0]!)).toEqual(["@timestamp", "process.name", "a.b"]);
  });

  test("rows of the wrong length, rows too long, and an unclosed quote", () => {
    const read = readAll(`@timestamp,a.b\n1\n1,2,3\n"${"x".repeat(500)}",2\n4,5\n"open`, { maxRecordBytes: 300 });
    expect(read.documents).toEqual([{ "@timestamp": "1" }, { "@timestamp": "1", "a.b": "2" }, { "@timestamp": "4", "a.b": "5" }]);
    expect(read.codes).toEqual(["csv/lossy 1", "csv/cells 2", "csv/cells 3", "csv/row-too-long 4", "csv/truncated 6"]);
  });

  test("a column named __proto__ does no harm", () => {
    const read = readAll("@timestamp,__proto__\n1,2\n");
    expect(Object.getPrototypeOf(read.documents[0])).toBe(Object.prototype);
  });

  test("other tables are not taken for events, Event Viewer's is named", () => {
    expect(readAll("name,age\nx,1\n").problems).toMatchObject([{ code: "input/unknown-format" }]);
    expect(readAll("Level,Date and Time,Source,Event ID,Task Category\nInformation,1/2/2026,x,1,None\n").problems).toMatchObject([
      { code: "input/not-read", help: "Save the log as EVTX or XML instead" },
    ]);
  });

  test.each([
    ["Sep 22, 2020 @ 14:53:34.417", "2020-09-22T14:53:34.417Z"],
    ["Jan 1, 2021 @ 00:00:00", "2021-01-01T00:00:00Z"],
    ["Dec 31, 2021 @ 23:59:59.123456789", "2021-12-31T23:59:59.123456789Z"],
    ["Foo 1, 2021 @ 00:00:00.000", null],
    ["anF 1, 2021 @ 00:00:00.000", null],
    ["Jan 32, 2021 @ 00:00:00.000", null],
    ["Jan 1, 2021 @ 24:00:00.000", null],
  ])("%s", (text, iso) => {
    expect(kibanaTime(text)).toBe(iso);
  });
});
