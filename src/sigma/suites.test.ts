/** Public Sigma rules and recordings that lie beside the repository; without them these tests are skipped. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, type TestContext } from "vitest";
import { createNormaliser } from "../ecs/index.ts";
import { compileFilter } from "../eql/index.ts";
import { formats, openInput, type JsonObject, type LogRecord, type Sink, type WindowsRecord } from "../readers/index.ts";
import { loadSigma, type SigmaFile } from "./index.ts";

const root = fileURLToPath(new URL("../../../shared/suites/sigma/", import.meta.url));
const present = existsSync(root);

function filesBelow(folder: string, name: RegExp): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((file) => file.isFile() && name.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

function sigmaFile(path: string): SigmaFile {
  return { path: path.slice(root.length), text: readFileSync(path, "utf8") };
}

describe.skipIf(!present)("public rules (../shared/suites/sigma/rules)", () => {
  test("every rule is read, and every log source served", ({ task }) => {
    const files = filesBelow(join(root, "rules"), /\.ya?ml$/);
    const from = performance.now();
    const { rules, problems, notServed } = loadSigma(files.map(sigmaFile));
    const took = performance.now() - from;
    const unread = problems.filter(({ code }) => code !== "sigma/log-source-not-served");
    task.meta.counted = { table: "Sigma rules", row: "read", of: files.length, same: files.length - unread.length };
    const elsewhere = notServed.reduce((sum, source) => sum + source.rules, 0);
    console.log(
      `${files.length} files: ${rules.length} rules run, ${elsewhere} of log sources not served (${notServed.map((source) => `${source.logsource} ${source.rules}`).join(", ")}), ${unread.length} other problems; ${took.toFixed(0)} ms`,
    );
    expect(unread).toEqual([]);
    expect(rules.length + elsewhere).toBe(files.length);
    expect(notServed).toEqual([]);
    expect(took).toBeLessThan(100_000);
  });
});

/** A recording, and the rule that is to match it. */
interface Recording {
  readonly path: string;
  readonly rule: SigmaFile | null;
}

/** Recordings lie beside `rule.yml`; where that is missing, the rule of the recording's id may be among the public rules. */
function recordings(kind: RegExp): Recording[] {
  const byId = new Map<string, SigmaFile>();
  for (const path of filesBelow(join(root, "rules"), /\.ya?ml$/)) {
    const file = sigmaFile(path);
    const id = /^id: *(\S+)/m.exec(file.text)?.[1];
    if (id !== undefined) byId.set(id, file);
  }
  return filesBelow(join(root, "regression"), kind).map((path) => {
    const beside = join(dirname(path), "rule.yml");
    const id = /([^/\\]+)\.\w+$/.exec(path)![1]!;
    return { path, rule: existsSync(beside) ? sigmaFile(beside) : (byId.get(id) ?? null) };
  });
}

/** How many of a recording's events the rule matches; null where the rule is not there. */
function hits({ path, rule }: Recording, records: readonly LogRecord[]): number | null {
  if (rule === null) return null;
  const { rules, problems } = loadSigma([rule]);
  expect(problems, path).toEqual([]);
  const filter = compileFilter(rules[0]!.query.filter, { onFault: (code) => expect.fail(`${path}: ${code}`) });
  const normaliser = createNormaliser();
  return records.filter((record) => filter(normaliser.normalise(record).event)).length;
}

function report(task: TestContext["task"], name: string, found: readonly { readonly path: string; readonly hits: number | null }[]): void {
  const judged = found.filter((one) => one.hits !== null);
  const missed = judged.filter((one) => one.hits === 0).map((one) => one.path.slice(root.length));
  task.meta.counted = {
    table: "Sigma recordings",
    row: `${name} (${found.length - judged.length} more have no rule)`,
    of: judged.length,
    same: judged.length - missed.length,
  };
  expect(missed).toEqual([]);
  expect(judged.length).toBeGreaterThan(0);
}

describe.skipIf(!present)("public recordings (../shared/suites/sigma/regression)", () => {
  test("every recording's JSON matches its rule", ({ task }) => {
    report(
      task,
      "evtx_dump JSON",
      recordings(/\.json$/).map((recording) => ({ path: recording.path, hits: hits(recording, dumped(recording.path)) })),
    );
  });

  test("a registry value that Sysmon recorded matches as the Security log's 4657 as well", ({ task }) => {
    report(
      task,
      "registry values as 4657",
      recordings(/\.json$/).flatMap((recording) => {
        const records = dumped(recording.path).flatMap(asSecurity);
        const registry = recording.rule !== null && /^ *category: registry_(?:set|event)/m.test(recording.rule.text);
        return registry && records.length > 0 ? [{ path: recording.path, hits: hits(recording, records) }] : [];
      }),
    );
  });

  const readsEvtx = formats.some((format) => format.id === "evtx");
  test.skipIf(!readsEvtx)("every recording's EVTX matches its rule (skipped while no reader takes EVTX)", ({ task }) => {
    report(
      task,
      "EVTX",
      recordings(/\.evtx$/).map((recording) => {
        const records: LogRecord[] = [];
        const decoder = openInput(recording.path);
        const sink: Sink = { record: (record) => void records.push(record), problem: () => {} };
        decoder.push(readFileSync(recording.path), sink);
        decoder.end(sink);
        expect(records.length, recording.path).toBeGreaterThan(0);
        return { path: recording.path, hits: hits(recording, records) };
      }),
    );
  });
});

/** What the Security log says where Sysmon says that a registry value was set; nothing for other events. */
function asSecurity({ event, ...record }: WindowsRecord): WindowsRecord[] {
  if (event.system.eventId !== 13 || event.eventData === null) return [];
  const data = new Map(event.eventData.data.map(({ name, value }) => [name, value]));
  const path = data
    .get("TargetObject")!
    .replace(/^HKLM\\/i, "\\REGISTRY\\MACHINE\\")
    .replace(/^HKU\\/i, "\\REGISTRY\\USER\\")
    .replace(/^HKCR\\/i, "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\")
    .replace(/\\CurrentControlSet\\/i, "\\ControlSet001\\");
  const details = data.get("Details")!;
  const number = /^(D|Q)WORD \((?:0x([0-9a-f]{8})-)?0x([0-9a-f]{8})\)$/.exec(details);
  const [type, value] =
    number !== null
      ? [number[1] === "D" ? "%%1876" : "%%1883", String(BigInt(`0x${number[2] ?? ""}${number[3]!}`))]
      : details === "Binary Data"
        ? ["%%1875", "01 00 00 00"]
        : ["%%1873", details];
  const [domain = "", user = ""] = (data.get("User") ?? "").split("\\");
  const written = {
    SubjectUserName: user,
    SubjectDomainName: domain,
    ObjectName: path.slice(0, path.lastIndexOf("\\")),
    ObjectValueName: path.slice(path.lastIndexOf("\\") + 1),
    OperationType: "%%1905",
    NewValueType: type,
    NewValue: value,
    ProcessName: data.get("Image")!,
  };
  const system = { ...event.system, provider: { name: "Microsoft-Windows-Security-Auditing" }, channel: "Security", eventId: 4657 };
  const eventData = { ...event.eventData, data: Object.entries(written).map(([name, text]) => ({ name, value: text })) };
  return [{ ...record, event: { ...event, system, eventData } }];
}

/** The JSON of evtx_dump: one object, several, or a list. */
function dumped(path: string): WindowsRecord[] {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const documents = (
    text.trimStart().startsWith("[") ? JSON.parse(text) : JSON.parse(`[${text.trim().replaceAll(/\}\s*\n\s*(?=\{\s*"Event")/g, "},")}]`)
  ) as JsonObject[];
  return documents.map((document) => {
    const event = document["Event"] as JsonObject;
    const system = event["System"] as JsonObject;
    const attributes = (name: string): JsonObject => ((system[name] as JsonObject | null)?.["#attributes"] ?? {}) as JsonObject;
    const data = (event["EventData"] ?? {}) as JsonObject;
    return {
      kind: "windows",
      place: { file: path },
      event: {
        system: {
          provider: { name: plain(attributes("Provider")["Name"]) },
          eventId: Number(plain(system["EventID"])),
          channel: plain(system["Channel"]),
          computer: plain(system["Computer"]),
          timeCreated: plain(attributes("TimeCreated")["SystemTime"]),
          keywords: plain(system["Keywords"]),
          level: Number(plain(system["Level"])),
        },
        eventData: {
          data: Object.entries(data)
            .filter(([name]) => name !== "#attributes")
            .map(([name, value]) => ({ name, value: plain(value) })),
        },
        userData: null,
        rendering: null,
        other: [],
      },
    };
  });
}

function plain(value: unknown): string {
  if (typeof value === "object" && value !== null) return plain((value as { "#text"?: unknown })["#text"]);
  return value === null || value === undefined ? "" : `${value as string | number | boolean}`;
}
