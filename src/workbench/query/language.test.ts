import { expect, test } from "vitest";
import { languageOf } from "./language.ts";

test.each([
  ['process where process.name == "a"', "EQL"],
  ["sequence by host.id [process where true] [file where true]", "EQL"],
  ["process.name:cmd.exe and not user.name:x", "KQL (Kibana)"],
  ["not (event.code:4624)", "KQL (Kibana)"],
  ["destination.port >= 5800", "KQL (Kibana)"],
  ['FROM logs-* | WHERE process.name == "a" | STATS count(*) BY host.name', "ES|QL"],
  ["SELECT * FROM events WHERE a = 1", "SQL"],
  ["index=wineventlog EventCode=4688 | stats count by host", "SPL (Splunk)"],
  ["SecurityEvent\n| where EventID == 4688", "Microsoft's KQL (Kusto)"],
  ["process.name:/cmd.*/ AND user:x", "Lucene's query syntax"],
  ["+a:b -c:d", "Lucene's query syntax"],
  ["title: x\nlogsource:\n  product: windows\ndetection:\n  a: 1\n", "a Sigma rule"],
  ["rule foo { meta: }", "YARA-L"],
])("%j looks like %s", (text, title) => {
  expect(languageOf(text)?.title).toBe(title);
});

test("a word alone gives nothing away, and long texts take no time", () => {
  expect(languageOf("mimikatz")).toBeNull();
  expect(languageOf("a ".repeat(200_000))).toBeNull();
  expect(languageOf(`from ${"a,".repeat(200_000)}`)).toBeNull();
  expect(languageOf("(".repeat(200_000))).toBeNull();
});
