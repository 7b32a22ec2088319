// A query in any language, given as one in another.
import { describe, expect, test } from "vitest";
import { ecsSchema } from "../../catalog/index.ts";
import { readEsql } from "./esql.ts";
import { QUERY_LANGUAGES, isTreeLanguage, type LooksLike, type QueryLanguage } from "./language.ts";
import { readQuery } from "./read-query.ts";

const schema = ecsSchema();

function looksLike(text: string, language: QueryLanguage): LooksLike | null {
  return (isTreeLanguage(language) ? readQuery(text, { language, profile: "elasticsearch", schema }) : readEsql(text, schema)).looksLike;
}

const OWN: Record<QueryLanguage, readonly string[]> = {
  eql: ['process where process.name == "a"', "process where true", "sequence by host.id [process where true] [file where true]"],
  kql: ["process.name:net.exe and not user.name:x", "not process.name : net.exe", "destination.port >= 5800"],
  lucene: [
    "process.name:/net1?/ AND user.name:x",
    "+process.name:net.exe -user.name:x",
    "destination.port:[1 TO 5]",
    "_exists_:process.name",
  ],
  esql: ["from logs | stats n = count(*) by host.name", 'FROM logs-* METADATA _id | WHERE process.name == "a"', "row a = 1"],
};
const FOREIGN: Record<string, readonly string[]> = {
  "SPL (Splunk)": ["index=main EventCode=4688 | stats count by host", "EventCode=4688 Image=*cmd.exe", "| tstats count from datamodel=x"],
  SQL: ["SELECT * FROM events WHERE a = 1", "select name from x"],
  "Microsoft's KQL (Kusto)": ['DeviceProcessEvents\n| where FileName =~ "net.exe"', "SecurityEvent | where EventID == 4688"],
  "a Sigma rule": [
    "title: x\nlogsource:\n  product: windows\ndetection:\n  a: 1\n",
    "# a comment\nid: 1\ntitle: x\nlogsource:\n  product: windows\n",
  ],
  "YARA-L": ["rule foo { meta: }"],
};
const LANGUAGES = Object.keys(QUERY_LANGUAGES) as QueryLanguage[];

describe.each(LANGUAGES)("given as %s", (language) => {
  test.each(LANGUAGES.filter((other) => other !== language).flatMap((other) => OWN[other].map((text) => [other, text] as const)))(
    "a query in %s: %s",
    (other, text) => {
      expect(looksLike(text, language)).toEqual({ title: QUERY_LANGUAGES[other], language: other, advice: null });
    },
  );

  test.each(Object.entries(FOREIGN).flatMap(([title, texts]) => texts.map((text) => [title, text] as const)))("%s: %j", (title, text) => {
    const found = looksLike(text, language);
    expect(found).toMatchObject({ title, language: null });
    expect(found!.advice).not.toBe("");
  });

  test.each(OWN[language])("its own: %s", (text) => {
    expect(looksLike(text, language)).toBeNull();
  });
});

describe("what is valid and hardly meant", () => {
  const doubts = (text: string, language: "eql" | "kql" | "lucene" = "eql", categoryField?: string): string[] =>
    readQuery(text, {
      language,
      profile: "elasticsearch",
      schema,
      ...(categoryField === undefined ? {} : { categoryField }),
    }).diagnostics.map(
      ({ code, severity, summary, help, span }) => `${severity} ${code} ${text.slice(span.from, span.to)}: ${summary} | ${help ?? ""}`,
    );

  test("a category that ECS does not have, with the one that was meant", () => {
    expect(doubts("proces where true")).toEqual([
      "warning query/unknown-category proces: `proces` is no category of ECS: only events that have it in `event.category` can match | Did you mean `process`?",
    ]);
    expect(doubts("sequence [process where true] [flie where true]")).toEqual([expect.stringContaining("Did you mean `file`?")]);
    expect(doubts("whatever where true")).toEqual([expect.stringContaining("`any where ...`")]);
    expect(doubts("any where true")).toEqual([]);
    expect(doubts("start where true", "eql", "event.kind")).toEqual([expect.stringContaining("`event.kind`")]);
    expect(doubts("start where true", "eql", "kind")).toEqual([]);
  });

  test.each(["kql", "lucene"] as const)("a field that is not known, and nearly one that is: %s", (language) => {
    expect(doubts("process.nam: x", language)).toEqual([expect.stringContaining("did you mean [process.name]?")]);
    expect(["process.name: x", "ours.of_no_schema: x", "x"].flatMap((text) => doubts(text, language))).toEqual([]);
  });

  test("a column of ES|QL that is nearly one of the events", () => {
    const columns = (text: string): string[] =>
      readEsql(text, schema).diagnostics.map(({ span, help }) => `${text.slice(span.from, span.to)} | ${help ?? ""}`);
    expect(columns('from logs | where process.nam == "x" | stats n = count(*) by process.nam, host.nam')).toEqual([
      "process.nam | Did you mean `process.name`?",
      "host.nam | Did you mean `host.name`?",
    ]);
    expect(columns("from logs | drop host.nam | keep process.nam").length).toBe(2);
    expect(columns("from logs | eval host.nam = 1 | where host.nam == 1 and ours.of_no_schema == 2")).toEqual([]);
    expect(columns("from logs | rename host.name as host.nam | sort host.nam | keep host.na*")).toEqual([]);
    expect(columns('from logs | grok message "%{WORD:host.nam}" | keep host.nam')).toEqual([]);
  });

  test("SQL's wildcard", () => {
    expect(doubts('process where process.name : "%net%"')).toEqual([
      'warning query/percent-wildcard "%net%": `%` is an ordinary character in `%net%`: the wildcard is `*` | Write `*net*`.',
    ]);
    expect(doubts('process where process.name == "net%"')).toEqual([expect.stringContaining("Wildcards are for `:` and `like`")]);
    expect(doubts("process.name:%net", "kql")).toEqual([expect.stringContaining("Write `*net`.")]);
    expect(doubts("process.name:(%net OR a)", "lucene")).toEqual([expect.stringContaining("Write `*net`.")]);
    for (const text of ["%TEMP%", "%COMSPEC%\\\\x%", "100%", "*%20", "a%20b", "%"])
      expect(doubts(`process where process.name : "${text}"`), text).toEqual([]);
  });
});
