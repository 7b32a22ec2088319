/** The three cases every rule needs: one it must fire on, one it must not, and one that tries to get past it. */

interface Start {
  readonly name: string;
  readonly image: string;
  readonly commandLine: string;
}

export function scaffoldCases(rule: string, edit: { readonly from: string; readonly to: string }): Map<string, string> {
  const slug = rule.toLowerCase();
  const files = new Map<string, string>();
  const add = (name: string, start: Start, body: string): void => {
    files.set(`cases/${slug}-${name}/case.yaml`, body);
    files.set(`cases/${slug}-${name}/events.ndjson`, `${JSON.stringify(sysmonStart(start))}\n`);
  };
  add(
    "attack",
    { name: edit.to, image: `C:\\Users\\Public\\${edit.to}`, commandLine: `C:\\Users\\Public\\${edit.to} /run` },
    caseText({
      title: `${rule} sees the attack: write "${edit.to}" for "${edit.from}" in rules/${rule}.yaml, then put your own query and events in their place`,
      story: "Say what happened, for someone who reads the events.",
      kind: "positive",
      signal: edit.to,
      fires: `[${rule}]`,
      silent: "[]",
    }),
  );
  add(
    "ordinary",
    { name: "notepad.exe", image: "C:\\Windows\\System32\\notepad.exe", commandLine: "notepad.exe notes.txt" },
    caseText({
      title: `${rule} stays silent on ordinary work: put in its place the ordinary work that looks most like the attack`,
      story: "Say who does this, and why it is harmless.",
      kind: "negative",
      signal: "notepad.exe",
      fires: "[]",
      silent: `[${rule}]`,
    }),
  );
  add(
    "renamed",
    { name: "spoolsvc.exe", image: "C:\\Users\\Public\\spoolsvc.exe", commandLine: "C:\\Users\\Public\\spoolsvc.exe /run" },
    caseText({
      title: `${rule} does not see the program under another name: let it fire, or say so in blind_spots`,
      story: "Say what the attacker changed, and which rules still see it.",
      kind: "evasion",
      signal: "spoolsvc.exe",
      fires: "[]",
      silent: `[${rule}]`,
    }),
  );
  return files;
}

interface CaseParts {
  readonly title: string;
  readonly story: string;
  readonly kind: "positive" | "negative" | "evasion";
  readonly signal: string;
  readonly fires: string;
  readonly silent: string;
}

function caseText({ title, story, kind, signal, fires, silent }: CaseParts): string {
  return `title: '${title.replaceAll("'", "''")}'
# What happened, for someone who reads the events
story: ${story}
# true: built from documented field values; false: recorded
synthetic: true
# The test of tests.yaml it shows
# test: T1
# positive: an attack; negative: harmless; evasion: an attack that tries to get past the rule
kind: ${kind}
# Where the telemetry was recorded: source, target or both
side: source
telemetry: [sysmon]
# winlogbeat, elastic-agent, elastic-defend, windows-xml or nxlog
collector: winlogbeat
# remote, loopback, or local: nothing leaves the machine
path: local
# Raw telemetry beside this file, as the collector ships it: events.ndjson, or events.xml
events: events.ndjson
# What must be in the telemetry, so that a silent rule is the rule's fault. count: exactly so many, 0 for none
signals:
  - name: Start of ${signal}
    query: 'process where event.type == "start" and process.name : "${signal}"'
# Rules that alert; any other alert fails the case
fires: ${fires}
# Rules it is about that must not alert
silent: ${silent}
# Alerts an exception of tuning.yaml must take away: {rule: ..., by: ...}
excepted: []
# Rules that alert in addition when tuning.yaml's lab_loopback is on
lab_fires: []
`;
}

/** Sysmon's event 1 as Winlogbeat ships it. */
function sysmonStart({ name, image, commandLine }: Start): object {
  const guid = "{5994A11E-69A7-F211-C74C-3AD81D473A5B}";
  return {
    "@timestamp": "2026-01-15T09:30:00.000Z",
    agent: { type: "winlogbeat", version: "8.17.0", name: "WS01" },
    event: { code: "1", kind: "event", provider: "Microsoft-Windows-Sysmon", action: "Process Create (rule: ProcessCreate)" },
    host: { name: "WS01.corp.example", os: { family: "windows", platform: "windows", type: "windows" } },
    winlog: {
      api: "wineventlog",
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: "WS01.corp.example",
      event_id: "1",
      opcode: "Info",
      provider_guid: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
      provider_name: "Microsoft-Windows-Sysmon",
      record_id: 1001,
      task: "Process Create (rule: ProcessCreate)",
      user: { domain: "NT AUTHORITY", identifier: "S-1-5-18", name: "SYSTEM", type: "User" },
      version: 5,
      event_data: {
        RuleName: "-",
        UtcTime: "2026-01-15 09:30:00.000",
        ProcessGuid: guid,
        ProcessId: "4712",
        Image: image,
        OriginalFileName: name,
        CommandLine: commandLine,
        CurrentDirectory: "C:\\Users\\Public\\",
        User: "CORP\\j.doe",
        LogonId: "0x868bf",
        TerminalSessionId: "1",
        IntegrityLevel: "Medium",
        ParentProcessGuid: "{5994A11E-69A6-8AF9-8618-941703374317}",
        ParentProcessId: "5528",
        ParentImage: "C:\\Windows\\System32\\cmd.exe",
        ParentCommandLine: '"C:\\Windows\\System32\\cmd.exe"',
        ParentUser: "CORP\\j.doe",
      },
    },
  };
}
