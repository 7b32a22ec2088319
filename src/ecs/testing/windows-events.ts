/** Random Windows events of every kind, in the raw shape of Winlogbeat. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../readers/index.ts";
import type { RawKind } from "../mapping/kind.ts";
import { processorsOf } from "../mapping/mapping.ts";
import { put, text } from "../object.ts";
import { exampleValue } from "../sources/example-values.ts";
import type { RecordedEvent } from "../windows/event.ts";
import { WINDOWS_LOGS, type WindowsLog } from "../windows/logs.ts";

/** Names that no mapping looks at. */
const NOBODYS = ["Nobody", "Host Application", "__proto__"];

/** The kind of the events as Winlogbeat ships them. */
function kindOf(log: WindowsLog, { code }: RecordedEvent): RawKind {
  return { log: log.key, code, flavour: "winlogbeat", strict: false, isServiceControl: true, isPlainFilebeat: false };
}

/** Better than the examples that declarations are made of. */
const VALUES = new Map<string, readonly string[]>(
  Object.entries({
    ["__proto__"]: ["x"],
    MemberName: ["CN=a,OU=b,DC=corp,DC=example"],
    ScriptName: ["C:\\b.ps1"],
    Path: ["C:\\a.ps1"],
    UserId: ["CORP\\u"],
    ConnectedUser: ["CORP\\v"],
    DetailTotal: ["3"],
    DetailSequence: ["2"],
    SequenceNumber: ["1"],
    MessageNumber: ["1"],
    MessageTotal: ["2"],
    Direction: ["%%14592", "%%14593"],
  }),
);

/** PowerShell's data that lists others. */
const LISTS = new Set(["param2", "param3", "ContextInfo"]);

/** `Name=value` lines, as PowerShell has them inside its data. */
function listOf(code: string, names: readonly string[]): fc.Arbitrary<Json> {
  return fc
    .subarray([...names])
    .chain((some) => fc.tuple(...some.map((name) => valueOf(code, name).map((value) => `\t${name}=${text(value) ?? "-"}`))))
    .map((lines) => lines.join("\n"));
}

const ODD: readonly Json[] = [
  "-",
  "",
  "x",
  "a\\b",
  "C:\\Windows\\System32\\cmd.exe",
  "CORP\\someone",
  "CORP\\other",
  "{00000000-0000-0000-0000-000000000000}",
  "0x1f4",
  "17",
  "true",
  "10.0.0.9",
  "::ffff:10.0.0.1",
  "LOCAL",
  "S-1-5-21-1",
  null,
  4,
  4.5,
  12345678901234567890n,
  true,
  ["a", "b"],
  { inner: "x" },
];

function valueOf(code: string, name: string): fc.Arbitrary<Json> {
  const examples = VALUES.get(name) ?? [exampleValue(code, name)];
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Json>(...examples) },
    { weight: 2, arbitrary: fc.constant<Json>(`${examples[0]!}2`) },
    { weight: 3, arbitrary: fc.constantFrom<Json>(...ODD) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  );
}

function object(values: readonly (readonly [name: string, value: Json | undefined])[]): JsonObject {
  const out: JsonObject = {};
  for (const [name, value] of values) if (value !== undefined) put(out, name, value);
  return out;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const some = fc.constantFrom<Json>("a", "b", "windows", 7, ["a"]);

/** What few raw events bring along: fields that the mapping sets, too. */
const BROUGHT = fc.record<JsonObject>(
  {
    user: fc.record({ name: some, id: some, target: fc.record({ name: some, group: fc.record({ id: some }) }) }, { requiredKeys: [] }),
    process: fc.record(
      { name: some, pid: some, parent: fc.record({ name: some }), pe: fc.record({ company: some }) },
      { requiredKeys: [] },
    ),
    file: fc.record({ name: some, path: some, code_signature: fc.record({ valid: some }) }, { requiredKeys: [] }),
    source: fc.record({ ip: fc.constantFrom<Json>("10.0.0.7", "::ffff:10.0.0.8"), port: some }, { requiredKeys: [] }),
    network: fc.record({ protocol: some, type: some }, { requiredKeys: [] }),
    group: fc.record({ name: some }, { requiredKeys: [] }),
    registry: fc.record({ path: some, hive: some }, { requiredKeys: [] }),
    related: fc.record({ user: fc.constantFrom<Json>("a", ["a"]), ip: fc.constant<Json>(["10.0.0.7"]) }, { requiredKeys: [] }),
    rule: fc.record({ name: some }, { requiredKeys: [] }),
    ecs: fc.record({ version: some }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

/** A raw event. @param at in the log's list of events */
function rawEvent(log: WindowsLog, at: number): fc.Arbitrary<JsonObject> {
  const event = log.events[at]!;
  const data = event.data.filter((name) => !name.startsWith("user_data."));
  const userData = event.data.filter((name) => name.startsWith("user_data.")).map((name) => name.slice(10));
  const others = [...new Set([...processorsOf(kindOf(log, event)).flatMap((processor) => processor.data), ...NOBODYS])];
  const isPowershell = log.key === "powershell" || log.key === "powershell_operational";
  const dataOf = (names: readonly string[]): fc.Arbitrary<JsonObject> =>
    fc
      .tuple(
        ...names.map((name) =>
          fc.option(
            isPowershell && LISTS.has(name) ? fc.oneof(listOf(event.code, others), valueOf(event.code, name)) : valueOf(event.code, name),
            { nil: undefined, freq: 2 },
          ),
        ),
      )
      .map((values) => object(names.map((name, i) => [name, values[i]])));
  return fc
    .tuple(
      fc.record({
        data: fc.oneof(
          { weight: 1, arbitrary: fc.constant(object(data.map((name) => [name, exampleValue(event.code, name)]))) },
          { weight: 4, arbitrary: dataOf(data) },
        ),
        others: fc.subarray(others, { maxLength: Math.min(others.length, 8) }).chain(dataOf),
        userData: dataOf(userData),
        brought: fc.oneof({ weight: 3, arbitrary: fc.constant<JsonObject>({}) }, { weight: 1, arbitrary: BROUGHT }),
        provider: maybe(fc.constantFrom<Json>(event.provider ?? log.provider, event.provider ?? log.provider, "Somebody")),
        shipper: fc.constantFrom("winlogbeat", "agent", "forwarded", "filebeat"),
        computer: maybe(fc.constantFrom<Json>("WS01", "SRV01")),
        level: maybe(fc.constantFrom<Json>("error", "information")),
        record: fc.constantFrom<Json>(17, "17", 123456789012345678901n),
        user: maybe(fc.record({ identifier: fc.constantFrom<Json>("S-1-5-18", "S-1-5-19") })),
        host: maybe(fc.record({ name: some, id: some, os: fc.record({ type: some }) }, { requiredKeys: [] })),
        message: maybe(some),
      }),
    )
    .map(([parts]) => {
      const winlog = object([
        ["channel", log.channel],
        ["provider_name", parts.provider],
        ["event_id", event.code],
        ["computer_name", parts.computer],
        ["level", parts.level],
        ["record_id", parts.record],
        ["time_created", parts.shipper === "agent" ? "2024-05-01T10:00:00.5Z" : undefined],
        ["user", parts.user],
        ["user_data", userData.length === 0 ? undefined : parts.userData],
        ["event_data", { ...parts.data, ...parts.others }],
      ]);
      const dataset = parts.shipper === "forwarded" ? { dataset: "windows.forwarded" } : undefined;
      return object([
        ["@timestamp", "2024-05-01T10:00:00Z"],
        [
          "event",
          object([
            ["code", event.code],
            ["action", event.tasks[0]],
          ]),
        ],
        ["host", parts.host],
        ["agent", parts.shipper === "filebeat" ? { type: "filebeat" } : undefined],
        ["data_stream", dataset],
        ["message", parts.message],
        ["winlog", winlog],
        ...Object.entries(parts.brought),
      ]);
    });
}

export interface RandomEvents {
  readonly title: string;
  /** As Winlogbeat ships them. */
  readonly kind: RawKind;
  readonly events: fc.Arbitrary<JsonObject>;
}

/** Of every kind that the tables have, the random events. */
export const RAW_EVENTS: readonly RandomEvents[] = WINDOWS_LOGS.flatMap((log) =>
  log.events.map((event, at) => ({ title: `${log.title} ${event.code}`, kind: kindOf(log, event), events: rawEvent(log, at) })),
);

/** Of one log and code no table has. */
export const UNKNOWN_EVENTS: readonly RandomEvents[] = WINDOWS_LOGS.map((log) => ({
  title: `${log.title} of another id`,
  kind: { ...kindOf(log, log.events[0]!), code: "" },
  events: rawEvent(log, 0).map((raw): JsonObject => {
    const winlog = raw["winlog"] as JsonObject;
    return { ...raw, event: {}, winlog: { ...winlog, event_id: "64999" } };
  }),
}));
