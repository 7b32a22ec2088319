import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import type { JsonObject } from "../record.ts";
import { dateBefore, yearHint } from "./syslog-time.ts";

function read(text: string, { file = "auth.log", modified = null as number | null } = {}): ReturnType<typeof readAll> {
  return readAll(text, { modified }, file);
}

const LAST = Date.UTC(2026, 2, 8);
const one = (line: string): JsonObject | undefined => read(`${line}\n`, { modified: LAST }).documents[0];

describe("lines", () => {
  test("of RFC 3164, as daemons write files", () => {
    expect(one("Mar  4 08:49:21 web1 sshd[2738]: Failed password for root from 192.0.2.7 port 1786 ssh2")).toEqual({
      "@timestamp": "2026-03-04T08:49:21Z",
      message: "Failed password for root from 192.0.2.7 port 1786 ssh2",
      log: { syslog: { hostname: "web1", appname: "sshd", procid: "2738" } },
    });
    expect(one("Mar 04 08:49:21.123456 web1 postfix/smtpd[7]: connect")).toMatchObject({
      "@timestamp": "2026-03-04T08:49:21.123456Z",
      log: { syslog: { appname: "postfix/smtpd", procid: "7" } },
    });
    expect(one("<34>Mar  4 2024 08:49:21 fw su: 'su root' failed")).toEqual({
      "@timestamp": "2024-03-04T08:49:21Z",
      message: "'su root' failed",
      log: {
        syslog: {
          priority: 34,
          facility: { code: 4, name: "security/authorization" },
          severity: { code: 2, name: "Critical" },
          hostname: "fw",
          appname: "su",
        },
      },
    });
  });

  test("without a program, without a host, and as macOS has them", () => {
    expect(one("Mar  4 08:49:21 web1 last message repeated 2 times")).toMatchObject({
      message: "last message repeated 2 times",
      log: { syslog: { hostname: "web1" } },
    });
    expect(one("Mar  4 08:49:21  sshd[1332]: last message repeated 2 times")).toMatchObject({
      message: "last message repeated 2 times",
      log: { syslog: { appname: "sshd" } },
    });
    expect(one("Mar  4 08:49:21 mac com.apple.xpc.launchd[1] (com.apple.x[8]): Service exited")).toMatchObject({
      message: "Service exited",
      log: { syslog: { hostname: "mac", appname: "com.apple.xpc.launchd", procid: "1" } },
    });
  });

  test("with a time in ISO 8601", () => {
    expect(one("2026-03-04T08:49:21.886123+01:00 web1 sudo[9]:    eve : TTY=pts/0")).toEqual({
      "@timestamp": "2026-03-04T08:49:21.886123+01:00",
      message: "   eve : TTY=pts/0",
      log: { syslog: { hostname: "web1", appname: "sudo", procid: "9" } },
    });
  });

  test("of RFC 5424, with structured data", () => {
    expect(
      one(String.raw`<165>1 2026-03-04T08:49:21.003Z web1 app 8710 ID47 [ex@1 a="x \"y\" \] \\" b=""][z@2] ${"\uFEFF"}the text`),
    ).toEqual({
      "@timestamp": "2026-03-04T08:49:21.003Z",
      message: "the text",
      log: {
        syslog: {
          priority: 165,
          facility: { code: 20, name: "local4" },
          severity: { code: 5, name: "Notice" },
          version: "1",
          hostname: "web1",
          appname: "app",
          procid: "8710",
          msgid: "ID47",
          structured_data: { "ex@1": { a: 'x "y" ] \\', b: "" }, "z@2": {} },
        },
      },
    });
    expect(one("<13>1 - - - - - - only this")).toEqual({
      message: "only this",
      log: { syslog: { priority: 13, facility: { code: 1, name: "user-level" }, severity: { code: 5, name: "Notice" }, version: "1" } },
    });
    expect(one('<13>1 - h p - - [broken a="] text')).toMatchObject({ message: '[broken a="] text' });
  });

  test("that are none have their place, and the rest is read", () => {
    const good = "Mar  4 08:49:21 h p[1]: a\n";
    const { documents, problems } = read(
      `${good}${good}${good}no\nFeb 30 08:49:21 h p: a\n<192>Mar  4 08:49:21 h p: a\n\n${good}${good}Mar  4 08:49:21 h p: cut`,
      {
        file: "a-20260308",
      },
    );
    expect(documents).toHaveLength(6);
    expect(problems.map(({ code, place }) => `${code} ${place.line}`)).toEqual([
      "syslog/bad-line 4",
      "syslog/bad-line 5",
      "syslog/bad-line 6",
      "syslog/cut-off 10",
    ]);
  });

  test("with hostile names and much of everything", () => {
    const before = performance.now();
    one(`Mar  4 08:49:21 h ${"a".repeat(300_000)}`);
    one(`<13>1 - h p - - ${'[a b="'.repeat(60_000)}`);
    one(`<13>1 - h p - - [a${' b="\\"'.repeat(60_000)}`);
    expect(performance.now() - before).toBeLessThan(3_000);
    const document = one('<13>1 - h p - - [__proto__ __proto__="x"] y') as { log: { syslog: { structured_data: object } } };
    expect(Object.hasOwn(document.log.syslog.structured_data, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(document.log.syslog.structured_data)).toBe(Object.prototype);
  });
});

describe("the year", () => {
  const DECEMBER = "Dec 31 23:59:58 h p[1]: a\nJan  1 00:00:01 h p[1]: b\n";
  const times = (options: { readonly file?: string; readonly modified?: number | null }): unknown[] =>
    read(DECEMBER, options).documents.map((document) => document["@timestamp"]);

  test("the year is that of the last change, or the one before, and is reported", () => {
    expect(times({ modified: Date.UTC(2026, 0, 3) })).toEqual(["2025-12-31T23:59:58Z", "2026-01-01T00:00:01Z"]);
    expect(read(DECEMBER, { modified: Date.UTC(2026, 0, 3) }).problems).toMatchObject([
      { code: "syslog/year-assumed", severity: "warning", message: expect.stringContaining("2026-01-03") as string, place: { line: 1 } },
    ]);
    // A zone ahead of UTC writes what is of tomorrow.
    expect(times({ modified: Date.UTC(2025, 11, 31, 20) })).toEqual(["2025-12-31T23:59:58Z", "2026-01-01T00:00:01Z"]);
  });

  test("is that of the date in the file's name, whenever it was copied", () => {
    const options = { file: "x/20991231/logs.zip!var/auth.log-20240107.gz", modified: LAST };
    expect(times(options)).toEqual(["2023-12-31T23:59:58Z", "2024-01-01T00:00:01Z"]);
    expect(read(DECEMBER, options).problems).toEqual([]);
    // Named by its first day.
    expect(times({ file: "syslog.2023-12-30" })).toEqual(["2023-12-31T23:59:58Z", "2024-01-01T00:00:01Z"]);
  });

  test("is not made up", () => {
    expect(times({})).toEqual([undefined, undefined]);
    expect(read(DECEMBER).problems).toMatchObject([{ code: "syslog/no-year", severity: "warning" }]);
  });

  test("has every day that a line names", () => {
    const hint = yearHint("a", Date.UTC(2026, 5, 1))!;
    expect(dateBefore(hint, 2, 29)).toBe("2024-02-29");
    expect(dateBefore(hint, 2, 30)).toBeNull();
    expect(yearHint("core-20261399", null)).toBeNull();
  });
});

describe("what is recognised", () => {
  const LINE = "Mar  4 08:49:21 h p[1]: a\n";
  test.each([
    ["a torn beginning", `rest of a line\n${LINE}${LINE}`],
    ["times in ISO 8601 with a process id", "2026-03-04T08:49:21+00:00 h systemd: a\n2026-03-04T08:49:22+00:00 h sshd[1]: b\n"],
    ["the kernel's lines with times in ISO 8601", "2026-03-04T08:49:21+00:00 h kernel: a\n"],
    ["a cut last line at the end of what is looked at", `${LINE}${"2026-03-04T08:49:21+00:00 h p[1]: ".padEnd(20_000, "a")}`],
    ["RFC 5424", "<13>1 2026-03-04T08:49:21Z h p - - - a\n"],
  ])("%s", (_, text) => {
    expect(readAll(text).formats).toEqual(["syslog"]);
  });

  test.each([
    ["logs of applications", "2026-03-04T08:49:21Z INFO main: started\n2026-03-04T08:49:22Z ERROR worker[3]: failed\n"],
    ["words after times", "2026-03-04T08:49:21Z connection opened: a\n2026-03-04T08:49:21Z connection closed: a\n"],
    ["severities in place of a host", "Mar  4 08:49:21 ERROR [main] it failed\nMar  4 08:49:22 INFO [main] it works\n"],
    ["a text that quotes a line", `How to read logs\n\nThey look like this:\n${LINE}and so on.\n`],
    ["Apache's errors", "[Wed Mar 04 08:49:21.886123 2026] [core:error] [pid 7] AH00124\n"],
    ["Apache's accesses", '192.0.2.7 - - [04/Mar/2026:08:49:21 +0000] "GET / HTTP/1.1" 200 5\n'],
    ["transfers", "Thu Mar  4 08:12:30 2026 1 192.0.2.7 5 /a b _ o r u ftp 0 * c\n"],
    ["as many lines of something else", `${LINE}something else\n`],
    ["no months", "Foo  4 08:49:21 h p[1]: a\n"],
  ])("not %s", (_, text) => {
    expect(readAll(text).formats).not.toContain("syslog");
  });
});
