/** What `query` and `search` print: fields, counts, CSV, and where the query comes from. */
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";

const { file } = workFolder();
const started = (host: string, name: string, minute: number): string =>
  JSON.stringify({
    "@timestamp": `2026-03-04T08:0${minute}:00.000Z`,
    event: { category: ["process"], type: ["start"], code: "1" },
    ecs: { version: "8.0.0" },
    host: { name: host },
    user: { name: "=amy", domain: "CORP" },
    process: { name, command_line: `${name} /all, "x"`, args: [name, "/all"] },
  });
const log = file(
  "log.ndjson",
  `${[started("ws1", "net.exe", 1), started("ws2", "net.exe", 2), started("ws1", "cmd.exe", 3), started("ws1", "net.exe", 4)].join("\n")}\n`,
);
const query = (...args: readonly string[]): ReturnType<typeof tocsin> =>
  tocsin(["query", 'process where process.name == "net.exe"', log, ...args]);

describe("--fields", () => {
  test("are the columns, lists with a semicolon between their values", async () => {
    const { stdout } = await query("--fields", "host.name, process.args");
    expect(stdout.split("\n").slice(0, 2)).toEqual(["host.name  process.args", "ws1        net.exe; /all"]);
  });

  test("are all that a line of --ndjson has", async () => {
    const { stdout } = await query("--ndjson", "--fields", "host.name,process.args");
    expect(JSON.parse(stdout.split("\n")[0]!)).toEqual({ "host.name": "ws1", "process.args": ["net.exe", "/all"] });
  });

  test("that no matching event has are reported", async () => {
    const { stderr, status } = await query("--fields", "host.name,proces.name");
    expect(stderr).toContain("warning: no matching event has the field proces.name");
    expect(stderr).not.toContain("the field host.name");
    expect(status).toBe(0);
  });

  test("without a name are refused", async () => {
    expect((await query("--fields", "host.name,")).status).toBe(2);
  });
});

describe("--csv", () => {
  test("of events, without formulas", async () => {
    const { stdout } = await query("--csv", "--fields", "user.name,process.command_line");
    expect(stdout.split("\r\n").slice(0, 2)).toEqual(["user.name,process.command_line", `'=amy,"net.exe /all, ""x"""`]);
  });

  test("of what tells most, with the time as the event has it", async () => {
    const { stdout, stderr } = await query("--csv");
    expect(stdout.split("\r\n").slice(0, 2)).toEqual([
      "time,host,event,who,what",
      `2026-03-04T08:01:00.000Z,ws1,1,CORP\\=amy,"net.exe /all, ""x"""`,
    ]);
    expect(stderr).toBe("");
  });

  test("of a sequence names the match, of the pipe count its values", async () => {
    const sequence = await tocsin([
      "query",
      'sequence by host.name [process where true] [process where process.name : "cmd.exe"]',
      log,
      "--csv",
      "--fields",
      "process.name",
    ]);
    expect(sequence.stdout).toBe("seq,process.name\r\n1,net.exe\r\n1,cmd.exe\r\n");
    const counts = await tocsin(["query", "process where true | count host.name", log, "--csv", "--profile", "tocsin"]);
    expect(counts.stdout).toBe("count,share,value\r\n1,0.25,ws2\r\n3,0.75,ws1\r\n");
  });

  test("of search", async () => {
    const { stdout } = await tocsin(["search", "cmd.exe", log, "--csv", "--fields", "host.name"]);
    expect(stdout).toBe("host.name\r\nws1\r\n");
  });
});

describe("--count-by", () => {
  test("counts the matching events by values, most first", async () => {
    const { stdout, stderr } = await query("--count-by", "host.name,process.pid");
    expect(stdout).toBe(
      "count   share  host.name  process.pid\n    2  66.7 %  ws1        (missing)\n    1  33.3 %  ws2        (missing)\n",
    );
    expect(stderr).toContain("no matching event has the field process.pid");
    expect(stderr).toContain("3 matches in 4 events of 1 file");
  });

  test("as CSV, lines and JSON", async () => {
    expect((await query("--count-by", "host.name", "--csv")).stdout).toBe("host.name,count\r\nws1,2\r\nws2,1\r\n");
    expect((await query("--count-by", "host.name", "--ndjson")).stdout).toBe(
      '{"host.name":"ws1","count":2}\n{"host.name":"ws2","count":1}\n',
    );
    expect(JSON.parse((await query("--count-by", "host.name", "--json")).stdout)).toMatchObject({
      total: 3,
      counts: [{ "host.name": "ws1", count: 2 }, {}],
    });
  });

  test.each([
    ["a sequence", ["sequence [process where true] [process where true]"], "has a sequence, a sample or pipes"],
    ["pipes", ["process where true | head 1"], "has a sequence, a sample or pipes"],
    ["ES|QL", ["from logs", "--language", "esql"], "stats n = count(*)"],
    ["--fields", ["process where true", "--fields", "host.name"], "exclude each other"],
    ["--size", ["process where true", "--size", "3"], "exclude each other"],
  ])("not with %s", async (_what, [text, ...more], message) => {
    const { stderr, status } = await tocsin(["query", text!, log, "--count-by", "host.name", ...more]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

test("the query comes from standard input, which cannot be the logs too", async () => {
  const stdin = [new TextEncoder().encode('process where process.name == "cmd.exe"\n')];
  const { stderr, status } = await tocsin(["query", "@-", log], stdin);
  expect(stderr).toContain("1 match in 4 events");
  expect(status).toBe(0);
  const both = await tocsin(["query", "@-", "-"], stdin);
  expect(both.stderr).toContain("standard input can be read only once");
  expect(both.status).toBe(2);
});
