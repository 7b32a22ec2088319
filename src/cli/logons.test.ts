import { expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file } = workFolder();
const login = (user: string, minute: number, outcome = "success"): string =>
  JSON.stringify({
    "@timestamp": `2026-03-04T08:0${minute}:00.000Z`,
    ecs: { version: "8.0.0" },
    event: { kind: "event", category: ["authentication"], action: "ssh_login", outcome },
    user: { name: user },
    source: { ip: "203.0.113.9" },
    host: { name: "web1" },
  });
const log = file("auth.ndjson", `${[login("root", 1, "failure"), login("root", 2, "failure"), login("=cmd()", 3)].join("\n")}\n`);

test("a table, most first", async () => {
  const { stdout, stderr, status } = await tocsin(["logons", log]);
  expect(stdout).toBe(
    [
      "user    domain  source       host  type       outcome  events  first                    last",
      "root    -       203.0.113.9  web1  ssh_login  failure       2  2026-03-04 08:01:00.000  2026-03-04 08:02:00.000",
      "=cmd()  -       203.0.113.9  web1  ssh_login  success       1  2026-03-04 08:03:00.000  2026-03-04 08:03:00.000",
      "",
    ].join("\n"),
  );
  expect(stderr).toBe("3 logon events in 3 events of 1 file\n");
  expect(status).toBe(0);
});

test("CSV that no spreadsheet computes, by the fields that are asked for", async () => {
  const { stdout } = await tocsin(["logons", log, "--csv", "--group-by", "user,outcome"]);
  expect(stdout.split("\r\n")).toEqual([
    "user,outcome,events,first,last",
    "root,failure,2,2026-03-04T08:01:00.000Z,2026-03-04T08:02:00.000Z",
    "'=cmd(),success,1,2026-03-04T08:03:00.000Z,2026-03-04T08:03:00.000Z",
    "",
  ]);
});

test("JSON, of the events that are asked for, each once", async () => {
  const { stdout } = await tocsin(["logons", log, log, "--json", "--user", "root", "--group-by", "user"]);
  expect(JSON.parse(stdout)).toMatchObject({
    logons: [{ user: "root", events: 2, first: "2026-03-04T08:01:00.000Z", last: "2026-03-04T08:02:00.000Z" }],
    notCounted: 0,
  });
});

test("a field that there is not", async () => {
  const { stderr, status } = await tocsin(["logons", log, "--group-by", "user,place"]);
  expect(stderr).toContain("no field place");
  expect(stderr).toContain("user, domain, source, host, type, outcome");
  expect(status).toBe(2);
});
