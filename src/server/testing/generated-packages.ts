/** Packages as a catalogue of many has them: small, each with two rules, a test and its recordings. */
const TACTICS = [
  ["TA0002", "Execution"],
  ["TA0003", "Persistence"],
  ["TA0006", "Credential Access"],
  ["TA0008", "Lateral Movement"],
] as const;
const SEVERITIES = ["low", "medium", "high", "critical"] as const;

/** The texts of so many packages: path -> text, by their ids. */
export function generatedPackages(count: number): Map<string, Map<string, string>> {
  return new Map(Array.from({ length: count }, (_, i) => packageTexts(i)));
}

function packageTexts(i: number): [id: string, texts: Map<string, string>] {
  const id = `T${2000 + i}`;
  const [tactic, name] = TACTICS[i % TACTICS.length]!;
  const program = `tool${i}.exe`;
  const event = (process: string, line: string): string =>
    `${JSON.stringify({
      "@timestamp": "2026-01-15T09:30:00Z",
      event: { category: ["process"], type: ["start"], code: "1", provider: "Microsoft-Windows-Sysmon" },
      winlog: { channel: "Microsoft-Windows-Sysmon/Operational", event_id: "1" },
      host: { name: "ws01" },
      process: { name: process, command_line: line },
    })}\n`;
  const head = (title: string, kind: string): string =>
    `title: ${title}\nsynthetic: true\nkind: ${kind}\nevents: events.ndjson\ntelemetry: [sysmon]\nside: source\npath: remote\n`;
  return [
    id,
    new Map([
      [
        "package.yaml",
        `id: ${id}\ntitle: A technique of many, number ${i}\nsummary: What an attacker does with ${program}, in a sentence that is as long as such sentences are.\nseverity: ${SEVERITIES[i % 4]}\nconfidence: medium\nattack:\n  tactic: { id: ${tactic}, name: ${name} }\n  technique: { id: ${id}, name: A technique of many }\n`,
      ],
      [
        "rules/A1.yaml",
        `id: A1\nname: ${program} starts\nlifecycle: { status: stable }\nseverity: ${SEVERITIES[i % 4]}\nconfidence: high\nlayer: source\ntests: [X1]\nquery: |-\n  process where process.name : "${program}"\n`,
      ],
      [
        "rules/A2.yaml",
        `id: A2\nname: ${program} by its arguments\nlifecycle: { status: stable }\nquery: |-\n  process where process.command_line : "*--steal-${i}*"\n`,
      ],
      [
        "tests.yaml",
        `tests:\n  - id: X1\n    title: Start ${program}\n    origin: atomic-red-team\n    author: nobody\n    attribution: Made for a test.\n    technique: ${id}\n    atomic: null\n    elevated: false\n    remote: { command: ${program}, cleanup: none }\n    signals: []\n    caught_by: { source: [A1], target: [] }\n`,
      ],
      ["cases/attack/case.yaml", `${head("It starts", "positive")}test: X1\nfires: [A1]\nsilent: [A2]\n`],
      ["cases/attack/events.ndjson", event(program, program)],
      ["cases/arguments/case.yaml", `${head("Under another name", "evasion")}fires: [A2]\nsilent: [A1]\n`],
      ["cases/arguments/events.ndjson", event("other.exe", `other.exe --steal-${i}`)],
      ["cases/ordinary/case.yaml", `${head("Notepad", "negative")}fires: []\nsilent: [A1, A2]\n`],
      ["cases/ordinary/events.ndjson", event("notepad.exe", "notepad.exe")],
    ]),
  ];
}
