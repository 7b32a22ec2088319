/** What a command line says of itself: which tool runs, with what verb, on which other host. */
import { textAt, textsAt, type EventDocument } from "../../detect/index.ts";

export interface CommandLine {
  /** As people call it: `PsExec`, `net use`, `schtasks /create`; the program's file name where it is no tool known here. */
  readonly tool: string;
  /** The host it names, as it is written there; empty where it names none. */
  readonly target: string;
  /** A tool by which people run things on other hosts, or ask them. */
  readonly isRemoteTool: boolean;
}

/** Tools that act on other hosts: program -> how it is called. */
const REMOTE_TOOLS: { readonly [program: string]: string } = {
  psexec: "PsExec",
  psexec64: "PsExec",
  paexec: "PAExec",
  remcom: "RemCom",
  csexec: "CSExec",
  winrs: "WinRS",
  wmic: "WMIC",
  mstsc: "Remote Desktop client",
};

/** Programs whose first word says what they do. */
const WITH_VERB = new Set(["net", "net1", "sc", "reg", "wevtutil", "nltest", "vssadmin", "bcdedit", "netsh", "dsquery", "certutil"]);
/** Programs of which a switch says what they do. */
const WITH_SWITCH: { readonly [program: string]: RegExp } = {
  schtasks: /^\/(create|change|run|delete|query|end)$/i,
  bitsadmin: /^\/(transfer|create|addfile|resume|setnotifycmdline)$/i,
};

/** How a program's options name a host: as the word behind one, or in the same word. */
interface HostOption {
  readonly programs: readonly string[];
  readonly behind?: RegExp;
  readonly within?: RegExp;
}
const HOST_OPTIONS: readonly HostOption[] = [
  { programs: ["schtasks", "tasklist", "taskkill", "systeminfo", "eventcreate", "driverquery", "gpresult"], behind: /^[/-]s$/i },
  { programs: ["powershell", "pwsh"], behind: /^-(?:computername|cn)$/i },
  { programs: ["wmic"], within: /^\/node:["']?([\w.:-]{1,253})/i },
  { programs: ["winrs"], within: /^[/-]r(?:emote)?:["']?(?:https?:\/\/)?([\w.-]{1,253})/i },
  { programs: ["mstsc"], within: /^\/v:["']?([\w.-]{1,253})/i },
  { programs: ["nltest"], within: /^\/server:["']?([\w.-]{1,253})/i },
];

/** The program's name without folder and extension, lower case. */
export function stemOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? "").replace(/\.(?:exe|dll|sys|bat|cmd|ps1|vbs|com|scr)$/i, "").toLowerCase();
}

export function commandLineOf(event: EventDocument): CommandLine {
  const name = textAt(event, "process.name") ?? textAt(event, "process.executable")?.split(/[\\/]/).at(-1) ?? "";
  const stem = stemOf(name);
  const args = textsAt(event, "process.args");
  const words = args.length > 1 ? args.slice(1) : wordsOf(textAt(event, "process.command_line") ?? "").slice(1);
  const target = targetOf(stem, words);
  const remote = Object.hasOwn(REMOTE_TOOLS, stem) ? REMOTE_TOOLS[stem]! : null;
  if (remote !== null) return { tool: remote, target, isRemoteTool: true };
  const verb = verbOf(stem, words);
  return { tool: verb === "" ? name : `${stem === "net1" ? "net" : stem} ${verb}`, target, isRemoteTool: verb !== "" && target !== "" };
}

function verbOf(stem: string, words: readonly string[]): string {
  if (WITH_VERB.has(stem)) return (words.find((word) => /^[a-z][a-z-]{1,20}$/i.test(word)) ?? "").toLowerCase();
  const pattern = Object.hasOwn(WITH_SWITCH, stem) ? WITH_SWITCH[stem]! : null;
  return pattern === null ? "" : (words.find((word) => pattern.test(word)) ?? "").toLowerCase();
}

/** The first host that is named: as `\\HOST\share`, or by an option of the program. */
function targetOf(stem: string, words: readonly string[]): string {
  const options = HOST_OPTIONS.filter(({ programs }) => programs.includes(stem));
  for (let i = 0; i < words.length && i < MAX_WORDS; i++) {
    const word = words[i]!.slice(0, MAX_WORD);
    const unc = /(?:^|[\s"'=,>])\\\\([\w.:-]{1,253})(?=[\\\s"']|$)/.exec(word);
    if (unc !== null && unc[1] !== ".") return unc[1]!;
    for (const { behind, within } of options) {
      const inside = within?.exec(word)?.[1];
      if (inside !== undefined) return inside;
      const next = words[i + 1] ?? "";
      if (behind?.test(word) === true && /^[\w.-]{1,253}$/.test(next)) return next;
    }
  }
  return "";
}

const MAX_WORDS = 200;
const MAX_WORD = 4_000;

function wordsOf(text: string): string[] {
  return (
    text
      .slice(0, MAX_WORD)
      .match(/"[^"]*"|\S+/g)
      ?.map((word) => word.replaceAll('"', "")) ?? []
  );
}
