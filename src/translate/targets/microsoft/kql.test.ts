import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { parse } from "../../../eql/index.ts";
import { filter } from "../../testing/arbitrary.ts";
import { defenderXdr, defenderTables } from "./defender-xdr.ts";
import { hostileQuery } from "../../testing/hostile.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { kqlString } from "./kql.ts";
import { SECURITY_COLUMNS, sentinel } from "./sentinel.ts";
import type { Translation } from "../../translation.ts";

/** Microsoft's own parser and checker of the language, as far as it is used here. */
interface Kusto {
  readonly KustoCode: {
    ParseAndAnalyze(
      text: string,
      globals: unknown,
    ): { GetDiagnostics(): { Count: number; getItem(at: number): { Severity: string; Message: string; Start: number } } };
  };
  readonly GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => unknown };
    DatabaseSymbol: { ctor: new (name: string, members: readonly unknown[]) => unknown };
  };
}

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const kusto = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto.Language;

/** `(A:string, B:long)` of each table, as Microsoft's table reference types them. */
const SENTINEL = {
  SecurityEvent: [
    "TimeGenerated:datetime",
    "Computer:string",
    "EventID:int",
    "EventData:string",
    ...[...SECURITY_COLUMNS].map((name) => `${name}:${name === "LogonType" || name === "KeyLength" ? "int" : "string"}`),
  ],
  Event: [
    "TimeGenerated:datetime",
    "Computer:string",
    "EventLog:string",
    "EventID:int",
    "EventData:string",
    "Source:string",
    "UserName:string",
  ],
};

function globals(tables: Readonly<Record<string, readonly string[]>>): unknown {
  const { TableSymbol, DatabaseSymbol } = kusto.Symbols;
  const symbols = Object.entries(tables).map(([name, columns]) => new TableSymbol.$ctor7(name, `(${columns.join(", ")})`, null));
  return kusto.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor("db", symbols));
}

function complaints(text: string, database: unknown): string[] {
  const found = kusto.KustoCode.ParseAndAnalyze(text, database).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, at) => found.getItem(at)).map(
    ({ Message, Start }) => `${Message} at: ${text.slice(Start, Start + 60)}`,
  );
}

const TYPES = { text: "string", ip: "string", number: "long", boolean: "bool", time: "datetime" } as const;
const defender = Object.fromEntries(
  defenderTables().map(({ name, events }) => {
    const columns = new Map(
      events
        .flatMap((event) => [...event.columns.values()].map((column) => [column.name, TYPES[column.type]] as const))
        // What is put together of columns is none.
        .filter(([column]) => /^\w+$/.test(column)),
    );
    if (name === "DeviceRegistryEvents") columns.set("RegistryKey", "string");
    return [name, ["ActionType:string", ...[...columns].map(([column, type]) => `${column}:${type}`)]];
  }),
);
const databases = { sentinel: globals(SENTINEL), defender: globals(defender) };

function translate(platform: typeof sentinel | typeof defenderXdr, text: string): Translation {
  return platform.translate({ query: parse(text).query!, metadata, fields: new Map() });
}

test("the checker checks", () => {
  expect(complaints("SecurityEvent | where Nothing == 1", databases.sentinel)).toHaveLength(1);
  expect(complaints("SecurityEvent | where EventID == 1 and", databases.sentinel)).toHaveLength(1);
  expect(complaints("DeviceProcessEvents | where FileName =~ 'a'", databases.defender)).toEqual([]);
});

describe("the rules of the package are queries that Microsoft's own checker takes", () => {
  const folder = join(import.meta.dirname, "../../../../detections/T1021.002-smb-admin-shares/rules");
  const rules = readdirSync(folder).map(
    (file) => [file, (parseYaml(readFileSync(join(folder, file), "utf8")) as { query: string }).query] as const,
  );

  test.each(rules)("%s", (_file, query) => {
    for (const [platform, database] of [
      [sentinel, databases.sentinel],
      [defenderXdr, databases.defender],
    ] as const) {
      const { text, losses } = translate(platform, query);
      if (text === "") expect(losses.some((loss) => loss.effect === "untranslatable")).toBe(true);
      else expect(complaints(text, database)).toEqual([]);
    }
  });
});

describe("words of the language", () => {
  const where = (condition: string): string =>
    translate(defenderXdr, `process where event.type == "start" and ${condition}`).text.split("| where ")[2]!.trim();
  test.each([
    ['process.name == "a.exe"', 'FileName == "a.exe"'],
    ['process.name : "a.exe"', 'FileName =~ "a.exe"'],
    ['process.name : ("a", "b")', 'FileName in~ ("a", "b")'],
    ['process.name in ("a", "b")', 'FileName in ("a", "b")'],
    ['process.command_line : "*C$*"', 'ProcessCommandLine contains "C$"'],
    ['process.command_line like "*C$*"', 'ProcessCommandLine contains_cs "C$"'],
    [String.raw`process.command_line : "\\\\*\\C$"`, String.raw`ProcessCommandLine matches regex @"(?is)^\\\\.*\\C\$$"`],
    ['not process.name : "a*"', 'not(FileName startswith "a")'],
    ['process.name != "a"', 'not(FileName == "a")'],
    // The operators ignore the case of ASCII's letters only.
    ['process.name : "É.exe"', String.raw`FileName matches regex @"(?i)^É\.exe$"`],
    ['process.name : "\u5927*"', 'FileName startswith "\u5927"'],
    ["process.name != null", "isnotempty(FileName)"],
    ["process.pid == 4", "coalesce(ProcessId == 4, false)"],
    ["process.pid > 4", "coalesce(ProcessId > 4, false)"],
    ['process.name regex "a+"', 'FileName matches regex "(?s)^(?:a+)$"'],
  ])("%s", (condition, expected) => {
    expect(where(condition)).toBe(expected);
  });

  test("what has no equal is named, and the rest stands", () => {
    const { text, losses } = translate(
      defenderXdr,
      'process where event.type == "start" and process.name : "a" and process.name regex "<1-9>"',
    );
    expect(text).toContain('where FileName =~ "a"\n');
    expect(losses).toEqual([
      expect.objectContaining({
        effect: "wider",
        reason: "Lucene's operator `<` has no equivalent: this part of the condition is left out",
      }),
    ]);
  });

  test("events that the sensor does not record are none", () => {
    const { text, losses } = translate(defenderXdr, 'any where event.code == "5145"');
    expect(text).toBe("");
    expect(losses.map((loss) => loss.effect)).toEqual(["untranslatable"]);
  });
});

test("conditions at random are queries that the checker takes", () => {
  let checked = 0;
  fc.assert(
    fc.property(filter, (of) => {
      for (const [platform, database] of [
        [sentinel, databases.sentinel],
        [defenderXdr, databases.defender],
      ] as const) {
        const query = { kind: "event", span: of.span, filter: of, pipes: [], comments: [] } as const;
        const { text } = platform.translate({ query, metadata, fields: new Map() });
        if (text === "") continue;
        checked++;
        expect(complaints(text, database), text).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
  expect(checked).toBeGreaterThan(50);
});

test("Sentinel stops no rule for every host when one repeats", () => {
  const { files } = translate(sentinel, 'process where event.code == "1" and process.name : "a"');
  const template = parseYaml(files[0]!.text) as Record<string, unknown>;
  const arm = JSON.parse(files[1]!.text) as { resources: [{ properties: Record<string, unknown> }] };
  expect(arm.resources[0].properties["suppressionEnabled"]).toBe(false);
  expect(template["incidentConfiguration"]).toMatchObject({ groupingConfiguration: { enabled: true, lookbackDuration: "PT60M" } });
  // Sysmon's events come in by no connector of their own.
  expect(template["requiredDataConnectors"]).toEqual([]);
  expect(template["relevantTechniques"]).toEqual(["T1021.002"]);
});

test("a hostile rule is one query that the checker takes", () => {
  let checked = 0;
  fc.assert(
    fc.property(hostileQuery, (query) => {
      const { text } = sentinel.translate({ query, metadata, fields: new Map() });
      if (text === "") return;
      checked++;
      expect(complaints(text, databases.sentinel), text).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(checked).toBeGreaterThan(20);
});

test("no title is an expression of the ARM template", () => {
  const title = "[listKeys('x', '2023-02-01')]";
  const { query } = parse('process where event.code == "1" and process.name : "a"');
  const { files } = sentinel.translate({ query: query!, metadata: { ...metadata, title, description: title }, fields: new Map() });
  const arm = JSON.parse(files[1]!.text) as { resources: [{ properties: Record<string, unknown> }] };
  expect(arm.resources[0].properties).toMatchObject({ displayName: `[${title}`, description: `[${title}` });
});

test("every text is a string of the language, and no text ends it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(complaints(`SecurityEvent | where Computer == ${kqlString(text)}`, databases.sentinel)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  for (const text of ['"', "\\", '\\"', "'", "\n", '" or 1==1 //', "\u2028", "\0"])
    expect(complaints(`SecurityEvent | where Computer == ${kqlString(text)}`, databases.sentinel)).toEqual([]);
});
