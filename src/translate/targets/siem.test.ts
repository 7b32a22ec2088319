/** What each platform gets wrong when it is translated word by word; each case is a trap. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { NOWHERE, parse } from "../../eql/index.ts";
import { metadata } from "../testing/sample-rule.ts";
import { logscale } from "./logscale.ts";
import { qradar } from "./qradar.ts";
import { secops } from "./secops.ts";
import { sentinel } from "./microsoft/sentinel.ts";
import { splunkClassic } from "./splunk/splunk-classic.ts";
import { splunkCim } from "./splunk/splunk-cim.ts";
import { splunk } from "./splunk/splunk.ts";
import { sumo } from "./sumo.ts";
import type { Platform, Translation } from "../translation.ts";
import { wazuh } from "./wazuh.ts";

const PLATFORMS = { splunk, splunkClassic, splunkCim, logscale, secops, qradar, sumo, wazuh } as const;

function translate(platform: Platform, text: string): Translation {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return platform.translate({ query: query!, metadata, fields: new Map() });
}

const textOf = (platform: Platform, condition: string): string =>
  translate(platform, `process where event.code == "1" and ${condition}`).text;
const lossesOf = (platform: Platform, text: string): string[] =>
  translate(platform, text).losses.map(({ effect, reason }) => `${effect}: ${reason}`);

describe("Splunk", () => {
  test("words of a search ignore case, so what minds it goes into `where`", () => {
    expect(textOf(splunk, 'process.command_line : "*use*"')).toContain('CommandLine="*use*"');
    expect(textOf(splunk, 'process.command_line like "*use*"')).toContain('| where if(match(CommandLine, "use"), 1, 0)==1');
  });
  test("`NOT` keeps events without the field, `!=` would drop them", () => {
    expect(textOf(splunk, 'not process.command_line : "*use*"')).toContain('NOT CommandLine="*use*"');
    expect(textOf(splunk, 'not process.command_line like "*use*"')).toContain('NOT (if(match(CommandLine, "use"), 1, 0)==1)');
  });
  test("backslashes are doubled in strings, and once more in expressions", () => {
    expect(textOf(splunk, String.raw`process.command_line : "\\\\*\\C$"`)).toContain(String.raw`CommandLine="\\\\*\\C$"`);
    expect(textOf(splunk, String.raw`process.command_line : "\\\\?\\C$"`)).toContain(
      String.raw`match(CommandLine, "(?is)^\\\\\\\\.\\\\C\\$$")`,
    );
  });
  test("the data models cannot put events in order", () => {
    expect(lossesOf(splunkCim, "sequence [process where true] [process where true]")[0]).toMatch(/^untranslatable/);
  });
});

describe("a saved search of Splunk", () => {
  const conf = (of: Partial<typeof metadata>, text = 'process where event.code == "1" and process.command_line : "a"'): string =>
    splunk.translate({ query: parse(text).query!, metadata: { ...metadata, ...of }, fields: new Map() }).files[0]!.text;
  test("no title or description breaks out of its line", () => {
    const text = conf({ title: "a [b]\n[c]\nd = e\\", description: "what\\" });
    expect(text.split("\n")[0]).toBe("[a  b   c  d = e]");
    expect(text).toContain("\ndescription = what\nsearch = ");
    expect(conf({ title: " " }).startsWith("[X1]\n")).toBe(true);
  });
  test("no title is the stanza of every search", () => {
    expect(conf({ title: "Default" }).startsWith("[X1 Default]\n")).toBe(true);
  });
  test("an alert silences none of another host", () => {
    expect(conf({ suppression: { fields: ["host.name"], window: 60 } })).toContain(
      "alert.digest_mode = 0\nalert.suppress = 1\nalert.suppress.fields = Computer\nalert.suppress.period = 60s\n",
    );
    // The program's name is only a part of a column.
    expect(conf({ suppression: { fields: ["host.name", "process.name"], window: 60 } })).not.toContain("alert.suppress");
  });
});

describe("CrowdStrike", () => {
  const of = (condition: string): string => translate(logscale, `process where event.type == "start" and ${condition}`).text;
  test("the parent has a name without a folder, which is enough for the end of a path", () => {
    const spawns = String.raw`process where event.type == "start" and process.name : "explorer.exe" and process.parent.executable : `;
    const { text, losses } = translate(logscale, String.raw`${spawns}"*\\rundll32.exe"`);
    expect(text).toContain('in(ParentBaseFileName, values=["rundll32.exe"], ignoreCase=true)');
    expect(losses).toEqual([]);
    expect(translate(logscale, `${spawns}"*32.exe"`).losses).toEqual([]);
    for (const path of [
      String.raw`*\\x\\rundll32.exe`,
      String.raw`C:\\rundll32.exe`,
      String.raw`*\\rundll32*`,
      String.raw`*\\x\\`,
      String.raw`*\\r?n.exe`,
    ]) {
      const lost = translate(logscale, `${spawns}"${path}"`);
      expect(lost.text, path).not.toContain("#event_simpleName");
      expect(lost.losses, path).toMatchObject([
        { effect: "narrower", reason: "Falcon (ProcessRollup2) cannot test all that the rule asks for and is left out" },
      ]);
    }
  });
  test("patterns are anchored and mind the case, so expressions are taken, the dollar escaped", () => {
    expect(of('process.command_line : "*C$*"')).toContain(String.raw`CommandLine=/C\$/i`);
    expect(of('process.command_line like "*C$*"')).toContain(String.raw`CommandLine=/C\$/` + "\n");
  });
  test("what the sensor reports is not asked of Windows' logs as well, what it does not is", () => {
    const { text, losses } = translate(logscale, 'process where event.type == "start" and process.command_line : "*use*"');
    expect(text).toBe("#event_simpleName=ProcessRollup2 event_platform=Win\n| CommandLine=/use/i\n");
    expect(losses).toEqual([]);
    // The record itself is asked for.
    expect(textOf(logscale, 'process.command_line : "*use*"')).toBe(
      'windows.Channel="Microsoft-Windows-Sysmon/Operational" windows.EventID=1\n| windows.EventData.CommandLine=/use/i\n',
    );
    // The sensor reports only some of the files that are written.
    const files = translate(logscale, 'file where event.type == "creation" and file.path : "*.lnk"').text;
    expect(files).toContain("NewExecutableWritten");
    expect(files).toContain('in(windows.EventID, values=["11", "27", "29"])');
  });
  test("services, logons and scripts are in Windows' logs", () => {
    const any = (condition: string): string => translate(logscale, `any where ${condition}`).text;
    expect(any('event.code in ("7045", "4697") and winlog.event_data.ServiceName : "x*"')).toBe(
      '(windows.Channel="Security" windows.EventID=4697) or (windows.Channel="System" windows.EventID=7045)\n| windows.EventData.ServiceName=/^x/i\n',
    );
    expect(any('event.code == "4104" and powershell.file.script_block_text : "*a*"')).toContain(
      'windows.Channel="Microsoft-Windows-PowerShell/Operational" windows.EventID=4104\n| windows.EventData.ScriptBlockText=/a/i',
    );
    expect(any('event.code == "5140" and cidrMatch(source.ip, "::1/128", "10.0.0.0/8")')).toContain(
      'cidr(windows.EventData.IpAddress, subnet=["::1/128", "10.0.0.0/8"])',
    );
  });
  test("a slash does not end an expression", () => {
    expect(of('process.command_line : "*a/b*"')).toContain(String.raw`CommandLine=/a\/b/i`);
  });
  test("a test that cannot hold is no word to look for", () => {
    const text = translate(
      logscale,
      'network where event.type == "start" and not cidrMatch(source.ip, "::1/128") and destination.port == 445',
    ).text;
    expect(text).not.toContain("false");
  });
  test("a name is the last part of a device path", () => {
    expect(of('process.name : "net.exe"')).toContain(String.raw`ImageFileName=/\\net\.exe$/i`);
  });
});

describe("Google SecOps", () => {
  test("events of Windows' logs are known by provider and id, and their data is in fields of the model or additional ones", () => {
    const { text, losses } = translate(
      secops,
      'any where event.code == "5145" and winlog.event_data.ShareName : "*C$" and user.name : "a*"',
    );
    expect(text).toContain(
      '$e.metadata.product_name = "Microsoft-Windows-Security-Auditing" and $e.metadata.product_event_type = "5145" and re.regex($e.additional.fields["ShareName"], `C\\$$`) nocase\n    and re.regex($e.principal.user.userid, `^a`) nocase',
    );
    expect(losses).toMatchObject([{ effect: "exact", reason: expect.stringContaining("`additional.fields`") as unknown }]);
    expect(translate(secops, 'any where event.code == "7045" and winlog.event_data.ServiceName : "x"').text).toContain(
      '$e.target.application = "x" nocase',
    );
  });
  test("both of ECS's words for a direction are one of the model's", () => {
    const { text, losses } = translate(secops, 'network where event.type == "start" and network.direction : ("egress", "outgoing")');
    expect(text.match(/network\.direction = "OUTBOUND"/g)).toHaveLength(1);
    expect(text).not.toContain("INBOUND");
    expect(losses).toEqual([]);
  });
  const of = (condition: string): string => translate(secops, `process where event.type == "start" and ${condition}`).text;
  test("the dollar is escaped, case is ignored by a word of its own", () => {
    expect(of('process.command_line : "*ADMIN$*"')).toContain("re.regex($e.target.process.command_line, `ADMIN\\$`) nocase");
  });
  test("the new process is the target, its parent the principal", () => {
    expect(of('process.parent.name : "services.exe"')).toContain("$e.principal.process.file.full_path");
  });
  test("addresses are several, and any of them will do, also where they are denied", () => {
    const text = translate(secops, 'network where event.type == "start" and not cidrMatch(destination.ip, "127.0.0.0/8")').text;
    expect(text).toContain('not net.ip_in_range_cidr(any $e.target.ip, "127.0.0.0/8")');
  });
  test("a backquote does not end an expression", () => {
    expect(of('process.command_line : "*a`b*"')).toContain("`a\\x60b`");
  });
});

describe("QRadar", () => {
  test("`_` and `%` are wildcards of LIKE, so texts that hold them are matched otherwise", () => {
    expect(textOf(qradar, 'process.command_line : "*a_b*"')).toContain(`"Process CommandLine" IMATCHES '(?s).*a_b.*'`);
    expect(textOf(qradar, 'process.command_line : "*ab*"')).toContain(`"Process CommandLine" ILIKE '%ab%'`);
    expect(textOf(qradar, 'process.command_line like "*ab*"')).toContain(`"Process CommandLine" LIKE '%ab%'`);
  });
  test("alternatives of an expression that is found anywhere stay together", () => {
    const pattern = { kind: "regex", span: NOWHERE, source: "foo|^bar", flavour: "pcre", flags: "m", form: "quoted" } as const;
    const { query } = parse('process where event.code == "1" and process.command_line regex "x"');
    if (query?.kind !== "event" || query.filter.condition.kind !== "logical") throw new Error("not as written");
    const [code, match] = query.filter.condition.operands;
    if (match?.kind !== "match") throw new Error("not as written");
    const condition = { ...query.filter.condition, operands: [code!, { ...match, patterns: [pattern] }] };
    const { text } = qradar.translate({ query: { ...query, filter: { ...query.filter, condition } }, metadata, fields: new Map() });
    expect(text).toContain("MATCHES '(?s:.*)(?m:foo|^bar)(?s:.*)'");
  });
  test("word boundaries are ASCII's", () => {
    const regex = { kind: "regex", span: NOWHERE, source: String.raw`\bnet\\b\B`, flavour: "pcre", flags: "", form: "quoted" } as const;
    const { query } = parse('process where event.code == "1" and process.command_line regex "x"');
    if (query?.kind !== "event" || query.filter.condition.kind !== "logical") throw new Error("not as written");
    const [code, match] = query.filter.condition.operands;
    if (match?.kind !== "match") throw new Error("not as written");
    const condition = { ...query.filter.condition, operands: [code!, { ...match, patterns: [regex] }] };
    const { text } = qradar.translate({ query: { ...query, filter: { ...query.filter, condition } }, metadata, fields: new Map() });
    expect(text).toContain(String.raw`(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))net\\b(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))`);
  });
  test("a quote does not end a string", () => {
    expect(textOf(qradar, `process.command_line : "a'b"`)).toContain("'a''b'");
  });
});

describe("Sumo Logic", () => {
  test("operators mind the case, so both sides are in lower case", () => {
    expect(textOf(sumo, 'process.command_line : "*USE*"')).toContain('contains(toLowerCase(CommandLine), "use")');
    expect(textOf(sumo, 'process.command_line like "*USE*"')).toContain('contains(CommandLine, "USE")');
  });
});

describe("a channel of which nothing more is known", () => {
  const DEFENDER = 'any where winlog.channel : "Microsoft-Windows-Windows Defender/Operational" and event.code : "1116"';
  const condition = `${DEFENDER} and (winlog.event_data.Path : "*a*" or winlog.user_data.Path : "*a*")`;
  test.each([
    [splunk, 'source="XmlWinEventLog:Microsoft-Windows-Windows Defender/Operational" EventCode="1116" AND Path="*a*"'],
    [
      sumo,
      'Channel = "Microsoft-Windows-Windows Defender/Operational" and toLowerCase(EventID) = "1116" and contains(toLowerCase(Path), "a")',
    ],
    [logscale, 'windows.Channel="Microsoft-Windows-Windows Defender/Operational"\n| in(windows.EventID, values=["1116"], ignoreCase=true)'],
    [
      wazuh,
      '<if_sid>60000</if_sid>\n    <field name="win.system.channel" type="pcre2">(?i)^Microsoft-Windows-Windows Defender\\/Operational$<',
    ],
  ])("its events are looked for by id, and its data under Windows' names (%#)", (platform, expected) => {
    const { text, losses } = translate(platform, condition);
    expect(text).toContain(expected);
    expect(losses.filter(({ effect }) => effect !== "exact")).toEqual([]);
  });
  test("a known event of a known channel is not a second one", () => {
    const { text } = translate(
      splunk,
      'any where winlog.channel : "System" and event.code : ("7045", "16") and winlog.computer_name : "x"',
    );
    expect(text).toContain('source="XmlWinEventLog:System" EventCode=7045');
    expect(text).toContain('source="XmlWinEventLog:System" EventCode=16');
    expect(text.match(/7045/g)).toHaveLength(1);
  });
  test("an event that no log has stays untranslatable", () => {
    expect(lossesOf(splunk, 'any where event.code : "16" and winlog.event_data.Path : "a"')).toEqual([
      "untranslatable: No table of the target holds events for which the condition can hold",
    ]);
  });
  test("events of two channels with one condition keep each its own ids", () => {
    const { text } = translate(splunk, 'any where event.code in ("4104", "600") and winlog.computer_name : "x"');
    expect(text).toContain('source="XmlWinEventLog:Windows PowerShell" EventCode=600');
    expect(text).toContain('source="XmlWinEventLog:Microsoft-Windows-PowerShell/Operational" EventCode=4104');
    const { text: kql } = translate(sentinel, 'any where event.code in ("7045", "600") and winlog.computer_name : "x"');
    expect(kql).toContain('(EventLog == "Windows PowerShell" and EventID == 600) or (EventLog == "System" and EventID == 7045)');
  });
});

test("a column of the user's own is of the type that the field has there", () => {
  const { query } = parse('network where event.type == "start" and destination.port == 445');
  const of = (platform: Platform): Translation =>
    platform.translate({ query: query!, metadata, fields: new Map([["destination.port", "my_port"]]) });
  expect(of(logscale).text).toContain("my_port=445");
  expect(of(secops).text).toContain("$e.my_port = 445");
  expect(of(qradar).text).toContain("LONG(my_port) = 445");
  for (const platform of [logscale, secops, qradar]) expect(of(platform).losses.filter(({ effect }) => effect !== "exact")).toEqual([]);
});

describe("Wazuh", () => {
  test("backslashes may be doubled, expressions are PCRE2, markup is escaped", () => {
    const text = textOf(wazuh, String.raw`process.command_line : "*\\a<b&*"`);
    expect(text).toContain(String.raw`type="pcre2">(?i)\\{1,2}a&lt;b&amp;<`);
  });
  test("alternatives over several fields are rules of their own, what is denied is `negate`", () => {
    const text = textOf(wazuh, '(process.command_line : "a" or process.parent.command_line : "b") and not user.name : "c"');
    expect(text.match(/<rule /g)).toHaveLength(2);
    expect(text.match(/negate="yes"/g)).toHaveLength(2);
  });
  test("ids are one's own and each once", () => {
    const text = textOf(wazuh, '(process.command_line : "a" or process.parent.command_line : "b")');
    const ids = [...text.matchAll(/<rule id="(\d+)"/g)].map((match) => Number(match[1]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(100_000);
    expect(Math.max(...ids)).toBeLessThan(1_000_000);
  });
  test("an excluded field must exist, which is reported", () => {
    expect(lossesOf(wazuh, 'process where event.code == "1" and not process.command_line : "a"')).toEqual([
      "narrower: `negate` holds only where the field exists: events without it are not found",
    ]);
    expect(lossesOf(wazuh, 'process where event.code == "1" and process.command_line == null and user.name : "a*"')).toEqual([
      "wider: A rule cannot require that a field is missing: this part of the condition is left out",
    ]);
  });
  test("an alternative that cannot be said is left out, and does not let everything through", () => {
    const query = 'process where event.code == "1" and (process.command_line : "a" or process.pid > 4)';
    const { text, losses } = translate(wazuh, query);
    expect(text.match(/<rule /g)).toHaveLength(1);
    expect(losses.map(({ effect }) => effect)).toEqual(["narrower"]);
  });
  test("each expression keeps its own flags, and a repeated backslash stays a repeat", () => {
    const text = textOf(wazuh, String.raw`process.command_line regex ("a\\\\+b", "[\\\\/]c")`);
    expect(text).toContain(String.raw`(?s:^(?:a(?:\\{1,2})+b)$)|(?s:^(?:[\\/]{1,2}c)$)`);
  });
  test("rules of a package have ids of their own", () => {
    const folder = join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares/rules");
    const all: string[] = [];
    for (const file of readdirSync(folder)) {
      const { query, uuid } = parseYaml(readFileSync(join(folder, file), "utf8")) as { query: string; uuid: string };
      const { text } = wazuh.translate({ query: parse(query).query!, metadata: { ...metadata, uuid }, fields: new Map() });
      all.push(...[...text.matchAll(/<rule id="(\d+)"/g)].map((match) => match[1]!));
    }
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all).size).toBe(all.length);
  });
  test("it says that the agent drops 5145", () => {
    expect(lossesOf(wazuh, 'any where event.code == "5145" and winlog.event_data.ShareName : "*C$"')[0]).toMatch(
      /default configuration drops 5145/,
    );
  });
});

describe("the published query", () => {
  const folder = join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares/rules");
  const { query } = parseYaml(
    readFileSync(
      join(
        folder,
        readdirSync(folder).find((file) => file.startsWith("A1"))!,
      ),
      "utf8",
    ),
  ) as { query: string };

  test("its clause on connections is dead where Windows' events are searched, and alive where the sensor knows the command line", () => {
    expect(translate(splunk, query).text).not.toContain("EventCode=3");
    expect(translate(qradar, query).text).not.toContain("'3'");
    expect(translate(secops, query).text).toContain("NETWORK_CONNECTION");
  });

  test.each(Object.entries(PLATFORMS))("%s says its clauses on processes whole", (_name, platform) => {
    const { text, losses } = translate(platform, query);
    expect(losses.filter(({ effect }) => effect === "wider" || effect === "untranslatable")).toEqual([]);
    for (const word of ["psexec64", "paexec", "remcom", "net1", "use"]) expect(text.toLowerCase()).toContain(word);
  });
});

describe("Splunk's classic rendering has the labels of the message", () => {
  const textFor = (query: string): string => translate(splunkClassic, query).text;
  const share = String.raw`file where event.code == "5145" and winlog.event_data.ShareName : "*ADMIN$" and winlog.event_data.RelativeTargetName : "*.exe"`;

  test("and the header's own names", () => {
    expect(textFor(share)).toBe(
      '`wineventlog_index` sourcetype=WinEventLog source="WinEventLog:Security" EventCode=5145 Share_Name="*ADMIN$" AND Relative_Target_Name="*.exe"\n',
    );
    expect(textFor(`${share} and host.name : "srv*" and event.outcome == "failure"`)).toContain(
      'AND ComputerName="srv*"\nAND Keywords="Audit Failure"',
    );
    expect(lossesOf(splunkClassic, share).filter((loss) => !loss.startsWith("exact"))).toEqual([]);
  });

  test("the account where there is one; of two none, and that is a loss", () => {
    expect(textFor('any where event.code == "4697" and winlog.event_data.SubjectUserName : "adm*"')).toContain('Account_Name="adm*"');
    const logon = 'any where event.code == "4624" and winlog.event_data.LogonType : "3" and winlog.event_data.TargetUserName : "adm*"';
    expect(textFor(logon)).not.toContain("adm");
    expect(lossesOf(splunkClassic, logon).join()).toMatch(/^wider/);
  });

  test("what a service was installed as, in System and in Security", () => {
    expect(textFor('any where event.code == "7045" and winlog.event_data.ImagePath : "*cmd*"')).toContain(
      'source="WinEventLog:System" EventCode=7045 Service_File_Name="*cmd*"',
    );
  });

  test("hexadecimal numbers in whatever case the message writes them", () => {
    const query = 'any where event.code == "5145" and winlog.event_data.AccessMask == "0x12019f"';
    expect(textFor(query)).toContain('Access_Mask="0x12019f"');
    expect(textFor('any where event.code == "5145" and winlog.event_data.ShareName == "adm"')).toContain('in(Share_Name, "adm")');
  });

  test("a label that the header has too is no field", () => {
    const user = 'process where event.code == "1" and process.name : "a.exe" and user.name : "b*"';
    expect(textFor(user)).toContain("Image IN");
    expect(textFor(user)).not.toContain("User=");
    expect(lossesOf(splunkClassic, user).join()).toMatch(/^wider: .*user\.name/);
  });

  test("texts that are no fields have no text", () => {
    expect(textFor('any where event.code == "4104" and winlog.event_data.ScriptBlockText : "*x*"')).toBe("");
  });
});
