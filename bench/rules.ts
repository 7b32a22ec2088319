import { NOWHERE } from "../src/eql/span.ts";
import type { EventFilter, Expr } from "../src/eql/syntax/tree.ts";
import { parseWildcard } from "../src/eql/syntax/wildcard.ts";

/** A rule in the few words that the benches need, so that it can be both a tree for our engine and a text for another. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly exists: string }
  | { readonly field: string; readonly op: "==" | "in~" | "not in~" | ":" | "like~"; readonly values: readonly (string | number)[] };

export interface Rule {
  readonly category: string | null;
  readonly condition: Condition;
}

export function filterOf(rule: Rule): EventFilter {
  return {
    span: NOWHERE,
    category: rule.category === null ? null : { span: NOWHERE, value: rule.category, form: "identifier" },
    condition: exprOf(rule.condition),
  };
}

function exprOf(condition: Condition): Expr {
  const span = NOWHERE;
  if ("all" in condition) return { kind: "logical", span, op: "and", operands: condition.all.map(exprOf) };
  if ("any" in condition) return { kind: "logical", span, op: "or", operands: condition.any.map(exprOf) };
  if ("not" in condition) return { kind: "not", span, value: exprOf(condition.not) };
  const name = "exists" in condition ? condition.exists : condition.field;
  const field: Expr = { kind: "field", span, name, optional: false, index: null };
  if ("exists" in condition) return { kind: "comparison", span, op: "!=", left: field, right: { kind: "null", span } };
  const literal = (value: string | number): Expr =>
    typeof value === "string" ? { kind: "string", span, value, form: "quoted" } : { kind: "number", span, value, type: "integer" };
  switch (condition.op) {
    case "==":
      return { kind: "comparison", span, op: "==", left: field, right: literal(condition.values[0]!) };
    case "in~":
    case "not in~":
      return {
        kind: "in",
        span,
        negated: condition.op === "not in~",
        insensitive: true,
        value: field,
        list: condition.values.map(literal),
      };
    default:
      return {
        kind: "match",
        span,
        op: condition.op === ":" ? ":" : "like",
        insensitive: true,
        value: field,
        list: true,
        patterns: condition.values.map((value) => ({ kind: "wildcard", span, parts: parseWildcard(String(value)), form: "quoted" })),
      };
  }
}

export function textOf(rule: Rule): string {
  return `${rule.category ?? "any"} where ${conditionText(rule.condition)}`;
}

function conditionText(condition: Condition): string {
  if ("all" in condition) return `(${condition.all.map(conditionText).join(" and ")})`;
  if ("any" in condition) return `(${condition.any.map(conditionText).join(" or ")})`;
  if ("not" in condition) return `not ${conditionText(condition.not)}`;
  if ("exists" in condition) return `${condition.exists} != null`;
  const values = condition.values.map((value) => JSON.stringify(value));
  return `${condition.field} ${condition.op} ${condition.op === "==" ? values[0] : `(${values.join(", ")})`}`;
}

/** Remote use of administrative shares, from three angles: the shape of the query of `detections/T1021.002-smb-admin-shares`. */
export const ADMIN_SHARES: Rule = {
  category: null,
  condition: {
    any: [
      {
        all: [
          { field: "event.category", op: "==", values: ["network"] },
          { field: "event.type", op: "==", values: ["connection"] },
          { field: "destination.port", op: "==", values: [445] },
          { exists: "process.name" },
          { field: "process.name", op: "not in~", values: ["svchost.exe", "System"] },
          { field: "process.command_line", op: "like~", values: ["*ADMIN$*", "*IPC$*", "*C$*"] },
        ],
      },
      {
        all: [
          { field: "event.category", op: "==", values: ["process"] },
          { field: "event.type", op: "==", values: ["start"] },
          { field: "process.name", op: "in~", values: ["psexec.exe", "psexec64.exe", "paexec.exe", "remcom.exe"] },
        ],
      },
      {
        all: [
          { field: "event.category", op: "==", values: ["process"] },
          { field: "event.type", op: "==", values: ["start"] },
          { field: "process.name", op: "in~", values: ["net.exe", "net1.exe"] },
          { field: "process.command_line", op: "like~", values: ["*use*"] },
          { field: "process.command_line", op: "like~", values: ["*ADMIN$*", "*C$*", "*IPC$*"] },
        ],
      },
    ],
  },
};

/** A small generator, so that every run sees the same. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
}

const TOOLS = [
  "powershell.exe",
  "cmd.exe",
  "rundll32.exe",
  "regsvr32.exe",
  "mshta.exe",
  "wscript.exe",
  "cscript.exe",
  "wmic.exe",
  "certutil.exe",
  "bitsadmin.exe",
  "schtasks.exe",
  "sc.exe",
  "reg.exe",
  "net.exe",
  "net1.exe",
  "nltest.exe",
  "whoami.exe",
  "vssadmin.exe",
  "wevtutil.exe",
  "msbuild.exe",
  "installutil.exe",
  "odbcconf.exe",
  "msiexec.exe",
  "forfiles.exe",
  "fsutil.exe",
  "bcdedit.exe",
  "ntdsutil.exe",
  "dsquery.exe",
  "adfind.exe",
  "procdump.exe",
];
const PARENTS = [
  "winword.exe",
  "excel.exe",
  "outlook.exe",
  "explorer.exe",
  "services.exe",
  "wmiprvse.exe",
  "w3wp.exe",
  "sqlservr.exe",
  "svchost.exe",
  "mmc.exe",
  "taskeng.exe",
  "java.exe",
];
const VERBS = [
  "create",
  "delete",
  "export",
  "import",
  "shadow",
  "query",
  "config",
  "start",
  "stop",
  "add",
  "dump",
  "encode",
  "decode",
  "download",
  "transfer",
  "invoke",
  "bypass",
  "hidden",
  "enum",
  "list",
];
const NOUNS = [
  "sam",
  "lsass",
  "ntds",
  "shadowcopy",
  "scheduledtask",
  "runkey",
  "service",
  "firewall",
  "defender",
  "eventlog",
  "credential",
  "ticket",
  "domain",
  "trust",
  "group",
  "share",
  "proxy",
  "driver",
  "token",
  "hive",
  "webclient",
  "payload",
  "beacon",
  "tunnel",
];
const PLACES = [
  "\\Users\\Public\\",
  "\\AppData\\Local\\Temp\\",
  "\\ProgramData\\",
  "\\Windows\\Tasks\\",
  "\\Windows\\Temp\\",
  "\\PerfLogs\\",
  "\\$Recycle.Bin\\",
];

/** Rules as plausible as made ones can be: tools and their words, parents, places, registry keys, names, exceptions. */
export function syntheticRules(count: number): Rule[] {
  const next = random(7);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const some = (list: readonly string[], most: number): string[] => [...new Set(Array.from({ length: 1 + next(most) }, () => pick(list)))];
  const word = (): string => `${pick(VERBS)}${pick(["-", " ", "_", ""])}${pick(NOUNS)}${next(90)}`;
  const words = (most: number): string[] => Array.from({ length: 1 + next(most) }, () => `*${word()}*`);
  return Array.from({ length: count }, (): Rule => {
    switch (next(10)) {
      case 0:
        return {
          category: "registry",
          condition: {
            all: [
              { field: "registry.path", op: ":", values: words(3).map((w) => `*\\${w.slice(1)}`) },
              { not: { field: "process.name", op: ":", values: some(PARENTS, 2) } },
            ],
          },
        };
      case 1:
        return {
          category: "file",
          condition: {
            all: [
              { field: "file.path", op: ":", values: some(PLACES, 2).map((p) => `*${p}*${word()}*`) },
              { field: "file.extension", op: ":", values: some(["exe", "dll", "ps1", "vbs", "js", "lnk", "hta", "scr"], 3) },
            ],
          },
        };
      case 2:
        return {
          category: "network",
          condition: {
            all: [
              { field: "process.name", op: ":", values: some(TOOLS, 3) },
              { field: "destination.port", op: "==", values: [pick([4444, 8081, 1337, 9001, 53, 445, 3389])] },
            ],
          },
        };
      case 3:
        return {
          category: "network",
          condition: { field: "dns.question.name", op: ":", values: words(3).map((w) => `*.${w.slice(1, -1)}.example`) },
        };
      default:
        return {
          category: "process",
          condition: {
            all: [
              { field: "event.type", op: "==", values: ["start"] },
              { field: "process.name", op: ":", values: some(TOOLS, 3) },
              ...(next(3) === 0 ? [{ field: "process.parent.name", op: ":", values: some(PARENTS, 3) } as const] : []),
              { field: "process.command_line", op: ":", values: words(4) },
              ...(next(3) === 0
                ? [{ not: { field: "process.parent.executable", op: ":", values: [`C:\\Program Files\\${pick(NOUNS)}\\*`] } } as const]
                : []),
            ],
          },
        };
    }
  });
}

/** Events of a workstation fleet; about one in a thousand has something that a rule is after. */
export function syntheticEvents(count: number): Record<string, unknown>[] {
  const next = random(11);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const benign = [
    "chrome.exe",
    "svchost.exe",
    "explorer.exe",
    "teams.exe",
    "conhost.exe",
    "taskhostw.exe",
    "msedge.exe",
    "code.exe",
    "RuntimeBroker.exe",
    "SearchIndexer.exe",
  ];
  return Array.from({ length: count }, (_, n): Record<string, unknown> => {
    const hot = next(1000) === 0;
    const name = next(12) === 0 ? pick(TOOLS) : pick(benign);
    const executable = `C:\\Windows\\System32\\${name}`;
    const commandLine = hot
      ? `net.exe use \\\\SRV01\\ADMIN$ /user:x${n}`
      : `"${executable}" --type=utility --session=${n} --field-trial=${next(100_000)},${next(100_000)} /prefetch:${next(9)} ${pick(VERBS)} ${pick(PLACES)}`;
    const category = hot ? "process" : pick(["process", "process", "network", "file", "registry"]);
    const parent = pick(PARENTS);
    return {
      "@timestamp": new Date(1_767_323_045_000 + n * 37).toISOString(),
      event: {
        kind: "event",
        category,
        type: category === "process" ? "start" : category === "network" ? "connection" : "change",
        code: "1",
        module: "sysmon",
        provider: "Microsoft-Windows-Sysmon",
        created: new Date(1_767_323_045_100 + n * 37).toISOString(),
      },
      host: { name: `WS${n % 40}`, hostname: `WS${n % 40}`, os: { family: "windows", type: "windows", platform: "windows" } },
      agent: { name: `WS${n % 40}`, type: "winlogbeat", version: "9.0.0", id: "6a9fa79c-9e2d-4c1c-9d39-0ab2f0a5e5a4" },
      user: { name: pick(["alice", "bob", "svc-backup", "SYSTEM"]), domain: "LAB", id: "S-1-5-21-1" },
      process: {
        entity_id: `{F4649A5F-${n.toString(16)}}`,
        pid: 1000 + next(50_000),
        name: hot ? "net.exe" : name,
        executable,
        command_line: commandLine,
        working_directory: "C:\\Windows\\system32\\",
        hash: { md5: "8a2122e8162dbef04694b9c3e0b6cdee", sha256: "b99d61d874728edc0918ca0eb10eab93d381e7367e377406e65963366c874450" },
        parent: { pid: next(50_000), name: parent, executable: `C:\\Program Files\\${pick(NOUNS)}\\${parent}`, command_line: parent },
      },
      ...(category === "network"
        ? {
            source: { ip: "10.0.0.5", port: next(60_000) },
            destination: { ip: `10.0.${next(9)}.${next(250)}`, port: pick([443, 80, 445, 53, 8080]) },
            dns: { question: { name: `cdn${next(500)}.example.net` } },
          }
        : {}),
      ...(category === "file"
        ? {
            file: {
              path: `C:${pick(PLACES)}${next(9_999)}.tmp`,
              name: `${next(9_999)}.tmp`,
              extension: pick(["tmp", "log", "dll", "txt"]),
            },
          }
        : {}),
      ...(category === "registry" ? { registry: { path: `HKLM\\Software\\Vendor${next(300)}\\${pick(VERBS)}`, value: pick(NOUNS) } } : {}),
    };
  });
}
