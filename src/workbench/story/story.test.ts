import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPackage } from "../../catalog/index.ts";
import { openInput } from "../../readers/index.ts";
import { Hunt, type HuntResult } from "../hunt/hunt.ts";
import { storiesOf, type Story } from "./story.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, "detections", "T1021.002-smb-admin-shares");
const files = new Map(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8")]),
);
const detection = loadPackage(files, { today: "2026-03-04" }).package!;

function hunted(name: string, bytes: Uint8Array, withExceptions = true): HuntResult {
  const hunt = new Hunt({ packages: [detection], ...(withExceptions ? { today: "2026-03-04" } : {}) });
  const decoder = openInput(name);
  decoder.push(bytes, hunt);
  decoder.end(hunt);
  return hunt.finish();
}

/** The story as somebody would tell it. */
function told({ title, acts, apart }: Story): string[] {
  const line = (act: Story["acts"][number]): string =>
    `${act.severity}: ${act.title}, ${act.alerts.length} alerts of ${act.rules.length} rules${act.times > 1 ? `, ${act.times} times` : ""}`;
  return [title, ...acts.map(line), ...apart.map((act) => `apart: ${line(act)}. ${act.apart!}`)];
}

const lab = readFileSync(join(root, "samples", "lab.ndjson"));
const result = hunted("lab.ndjson", lab);
const stories = storiesOf(result);

describe("the lab sample in plain words", () => {
  test("61 alerts are eight acts, and each incident is named after its gravest", () => {
    expect(stories.map(told)).toEqual([
      [
        "PsExec from WS01 to SRV01 as adm.kira",
        "medium: net use from WS01 to SRV01 as adm.kira, 7 alerts of 4 rules",
        "high: Write to ADMIN$ from WS01 to SRV01 as adm.kira, 7 alerts of 5 rules",
        "high: PsExec from WS01 to SRV01 as adm.kira, 36 alerts of 16 rules",
        "low: net view from WS01 to SRV01 as adm.kira, 4 alerts of 2 rules",
        "medium: PsExec on WS01 as adm.olin, 2 alerts of 1 rules",
        "apart: high: ccmsetup.exe on SRV01 as SYSTEM, 1 alerts of 1 rules. What it names was suppressed at the same time by the exception “ConfigMgr client push: files”.",
      ],
      [
        "net use from WS01 to fs01 as j.doe",
        "medium: net user on WS01 as j.doe, 2 alerts of 1 rules",
        "medium: net use from WS01 to fs01 as j.doe, 2 alerts of 1 rules",
      ],
    ]);
  });

  test("what PsExec did, in order", () => {
    const act = stories[0]!.acts.find(({ title }) => title.startsWith("PsExec from"))!;
    expect(act.deeds.map(({ host, text }) => `${host} ${text}`)).toEqual([
      'WS01 ran "C:\\Tools\\PsExec.exe" \\\\10.10.30.12 -accepteula cmd.exe /c whoami',
      "SRV01 opened ADMIN$\\PSEXESVC.exe for writing",
      "SRV01 created C:\\Windows\\PSEXESVC.exe",
      "SRV01 opened ADMIN$\\PSEXEC-WS01-8F40801C.key for writing",
      "SRV01 created C:\\Windows\\PSEXEC-WS01-8F40801C.key",
      "SRV01 set the program of the service PSEXESVC to %SystemRoot%\\PSEXESVC.exe",
      "SRV01 installed the service PSEXESVC (%SystemRoot%\\PSEXESVC.exe)",
      "SRV01 ran C:\\Windows\\PSEXESVC.exe under services.exe",
      expect.stringMatching(/^SRV01 (created|connected to) the pipe \\PSEXESVC$/),
      expect.any(String),
      expect.any(String),
      'SRV01 ran "cmd.exe" /c whoami under PSEXESVC.exe',
    ]);
    expect(act.moreDeeds).toBeGreaterThan(5);
    expect([act.from, act.to, act.accounts]).toEqual(["WS01", "SRV01", ["adm.kira"]]);
  });

  test("no alert is lost, and none is in two acts", () => {
    const ids = stories.flatMap(({ acts, apart }) => [...acts, ...apart].flatMap(({ alerts }) => alerts.map(({ id }) => id)));
    expect(ids).toHaveLength(result.alerts.length);
    expect(new Set(ids)).toEqual(new Set(result.alerts.map(({ id }) => id)));
  });

  test("without exceptions nothing stands apart for one, and the client push is an act of its own account", () => {
    const [story] = storiesOf(hunted("lab.ndjson", lab, false));
    const push = [...story!.acts, ...story!.apart].filter(({ title }) => title.includes("svc_ccmpush"));
    expect(push.map(({ title }) => title)).toEqual(["Service ccmsetup from 10.10.40.5 to SRV01 as svc_ccmpush"]);
  });
});

const log = (...events: readonly object[]): Uint8Array => new TextEncoder().encode(events.map((event) => JSON.stringify(event)).join("\n"));
const psexec = (time: string, host: string, user: string, target: string) => ({
  "@timestamp": time,
  event: { category: ["process"], type: ["start"], code: "1" },
  host: { name: host, os: { type: "windows" } },
  user: { name: user },
  process: { name: "psexec.exe", args: ["psexec.exe", `\\\\${target}`, "cmd"], command_line: `psexec.exe \\\\${target} cmd` },
});

describe("a name says only what fields say", () => {
  const of = (...events: readonly object[]): Story[] => storiesOf(hunted("log.ndjson", log(...events)));

  test("an address that no event owns stays an address, and one that an event owns is its host", () => {
    expect(of(psexec("2026-03-04T09:00:00Z", "ws1.corp", "a", "10.0.0.9"))[0]!.title).toBe("PsExec from ws1 to 10.0.0.9 as a");
    const other = psexec("2026-03-04T09:00:30Z", "srv9.corp", "a", "10.0.0.1");
    const [story] = of(psexec("2026-03-04T09:00:00Z", "ws1.corp", "a", "10.0.0.9"), {
      ...other,
      host: { ...other.host, ip: ["10.0.0.9"] },
    });
    expect(story!.acts.map(({ title }) => title)).toEqual(["PsExec from ws1 to srv9 as a", "PsExec from srv9 to 10.0.0.1 as a"]);
  });

  test("two hosts of one short name keep their domains", () => {
    const [story] = of(
      psexec("2026-03-04T09:00:00Z", "web.a.example", "a", "web.b.example"),
      psexec("2026-03-04T09:00:50Z", "web.b.example", "a", "db"),
    );
    expect(story!.acts.map(({ title }) => title)).toEqual([
      "PsExec from web.a.example to web.b.example as a",
      "PsExec from web.b.example to db as a",
    ]);
  });

  test("the same act again soon is a repeat; after a quarter of an hour it is another", () => {
    const at = (minute: number): object => psexec(`2026-03-04T09:${String(minute).padStart(2, "0")}:00Z`, "ws1", "a", "srv1");
    expect(of(at(0), at(10)).flatMap(({ acts }) => acts.map(({ times }) => times))).toEqual([2]);
    expect(of(at(0), at(16)).flatMap(({ acts }) => acts.map(({ times }) => times))).toEqual([1, 1]);
  });

  test("alerts without a time are told, too", () => {
    const { "@timestamp": _, ...event } = psexec("", "ws1", "a", "srv1");
    expect(of(event)[0]!.title).toBe("PsExec from ws1 to srv1 as a");
  });

  test("a password in a command line is not told", () => {
    const event = psexec("2026-03-04T09:00:00Z", "ws1", "a", "srv1");
    const secret = { ...event, process: { ...event.process, command_line: "psexec.exe \\\\srv1 -p hunter2 cmd" } };
    expect(JSON.stringify(of(secret)[0]!.acts[0]!.deeds)).not.toContain("hunter2");
  });
});

describe("what may be ordinary work is set apart", () => {
  const acts = (...events: readonly object[]): string[] =>
    storiesOf(hunted("log.ndjson", log(...events))).flatMap(({ acts: kept, apart }) =>
      [...kept, ...apart].map((act) => `${act.severity} ${act.title}: ${act.apart ?? "told"}`),
    );
  const grave = psexec("2026-03-04T09:00:00Z", "ws1", "a", "srv1");
  const view = (user: string): object => ({
    ...psexec("2026-03-04T09:05:00Z", "ws1", user, "srv7"),
    process: { name: "net.exe", args: ["net.exe", "view", "\\\\srv7"], command_line: "net view \\\\srv7" },
  });
  const LOW = "Only rules of low severity saw it, and nothing ties it to a graver act.";

  test("where only rules of low severity saw it, unless a graver act has its account or its way", () => {
    expect(acts(grave, view("b"))).toEqual(["medium PsExec from ws1 to srv1 as a: told", `low net view from ws1 to srv7 as b: ${LOW}`]);
    expect(acts(grave, view("a"))[1]).toBe("low net view from ws1 to srv7 as a: told");
    expect(acts(view("b"))).toEqual(["low net view from ws1 to srv7 as b: told"]);
  });

  test("where its program calls itself a product of administration", () => {
    const event = { ...grave, process: { ...grave.process, pe: { product: "PDQ Deploy" } } };
    expect(acts(event)).toEqual(["medium PsExec from ws1 to srv1 as a: Its program calls itself PDQ Deploy."]);
  });
});

const recordings = join(root, "..", "shared", "data", "evtx-to-mitre", "TA0008-Lateral Movement");

describe.skipIf(!existsSync(recordings))(
  `recorded attacks${existsSync(recordings) ? "" : " (the recordings are not on this machine)"}`,
  () => {
    const titleOf = (name: string): string[] => {
      const path = readdirSync(recordings, { recursive: true, withFileTypes: true }).find((entry) => entry.name === name)!;
      return storiesOf(hunted(name, readFileSync(join(path.parentPath, name)))).map(({ title }) => title);
    };

    test("are told by the hosts, shares and accounts that they name", () => {
      expect(titleOf("ID5140-ADMIN$ share connection with Golden ticket.evtx")).toEqual([
        "Share ADMIN$ from 10.23.23.9 to rootdc1 as not_existing_user",
      ]);
      expect(titleOf("ID4624-Mimikatz Pass the hash.evtx")).toEqual(["Access to C$ from 10.23.23.9 to FS03 as admmig"]);
      expect(titleOf("ID4688-4778 RDP hijack command execution.evtx")).toEqual(["cmd.exe on fs01 as FS01$"]);
    });
  },
);
