/** What mutations are made of: rewrites of process starts, command lines, texts and addresses. */
import {
  baseName,
  isAddress,
  isLoopback,
  mapAddresses,
  mapProcesses,
  mapTexts,
  ownHost,
  writtenFile,
  type ProcessStart,
  type RawDocument,
} from "./document.ts";
import type { RuleNames } from "./rule-names.ts";

/** The mutated events, or null where the case offers nothing to mutate. `random` is seeded: 0 <= n < 1. */
export type Rewrite = (events: readonly RawDocument[], random: () => number, rules: RuleNames) => readonly RawDocument[] | null;

/** The events, or null where nothing changed. */
export function changedOnly(before: readonly RawDocument[], after: readonly RawDocument[]): readonly RawDocument[] | null {
  return JSON.stringify(before, plain) === JSON.stringify(after, plain) ? null : after;
}

export const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** Rewrites process starts. */
export function processes(change: (start: ProcessStart, random: () => number) => ProcessStart | null): Rewrite {
  return (events, random) =>
    changedOnly(
      events,
      mapProcesses(events, (start) => change(start, random)),
    );
}

/** Rewrites command lines alone. */
export function commands(change: (commandLine: string, start: ProcessStart) => string): Rewrite {
  return processes((start) => {
    const commandLine = change(start.commandLine, start);
    return commandLine === start.commandLine ? null : { ...start, commandLine };
  });
}

export function everywhere(change: (value: string, key: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => mapTexts(event, change)),
    );
}

export function addresses(ends: readonly ("source" | "destination")[], change: (ip: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => mapAddresses(event, ends, change)),
    );
}

// ------------------------------------------------------------------------------------------------- pieces

export const programOf = (start: ProcessStart): string => baseName(start.image);
export const isNet = (start: ProcessStart): boolean => /^net1?\.exe$/i.test(programOf(start));
export const isShell = (start: ProcessStart): boolean => /^(cmd|powershell|pwsh)\.exe$/i.test(programOf(start));
/** Started by the machinery of the target, where the program's name is not the attacker's to choose by copying a file. */
export const isRemotelyStarted = (start: ProcessStart): boolean =>
  /\\(services|WmiPrvSE|svchost|PSEXESVC|PAExec[^\\]*|RemComSvc)\.exe$/i.test(start.parentImage ?? "");

export function randomCase(value: string, random: () => number): string {
  return [...value].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join("");
}

/** The host of `\\HOST\SHARE` or of `\\HOST` alone. A host has no blank, backslash or quote; `\\.\` and `\\?\` are no hosts. */
export const HOST = /(?<![\w:\\])\\\\([^\\\s"'?*.][^\\\s"'?*,]*)(?=[\\\s"',]|$)/g;

export function withHost(commandLine: string, host: (old: string) => string | null): string {
  return commandLine.replaceAll(HOST, (whole, old: string) => {
    const next = host(old);
    return next === null ? whole : `\\\\${next}`;
  });
}

/** Applies a change to what stands outside double quotes. */
export function outsideQuotes(commandLine: string, change: (piece: string) => string): string {
  return commandLine
    .split('"')
    .map((piece, i) => (i % 2 === 0 ? change(piece) : piece))
    .join('"');
}

/** The program's own word at the head of a command line, quotes and all. */
export function headOf(commandLine: string): string {
  return /^(?:"[^"]*"|[^\s"]*)/.exec(commandLine)![0];
}

/** The command that a shell was given: `net use` in `cmd.exe /c "net use ..."`. */
export const NET_IN_SHELL = /(^|[\s"&|])net1?(?:\.exe)?(?=\s+(?:use|view)\b)/gi;

/** `net use \\host\share` with all its arguments, as a program's own command line or inside a shell's. */
export const NET_USE = /\bnet1?(?:\.exe)?"?\s+use\s+(?:\w:\s+)?"?(\\\\[^\s"]+)[^"&|]*/i;

/** Does the case map a share with net, so that another program can do it? */
export const POWERSHELL = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;

export function insteadOfNetUse(command: (share: string) => string): Rewrite {
  return processes((start) => {
    const found = NET_USE.exec(start.commandLine);
    if (found === null || /\/d(?:el|elete)?\b/i.test(found[0])) return null;
    const text = `powershell.exe -NoProfile -Command ${command(found[1]!)}`;
    if (isShell(start)) return { ...start, commandLine: start.commandLine.replace(NET_USE, () => text) };
    if (!isNet(start)) return null;
    const originalName = start.originalName === undefined ? undefined : "PowerShell.EXE";
    return { ...start, image: POWERSHELL, commandLine: text, originalName };
  });
}

/** `copy FROM \\host\share\TO`, as cmd.exe has it built in. */
export const COPY = /\bcopy\s+(?:\/\w\s+)*"?([^\s"]+)"?\s+"?(\\\\[^\s"]+)"?/i;

export function insteadOfCopy(image: string, originalName: string, command: (from: string, to: string) => string): Rewrite {
  return processes((start) => {
    const found = COPY.exec(start.commandLine);
    if (found === null || !/^cmd\.exe$/i.test(programOf(start))) return null;
    const commandLine = command(found[1]!, found[2]!);
    return { ...start, image, commandLine, originalName: start.originalName === undefined ? undefined : originalName };
  });
}

/** Files that the tools themselves drop; their names are another mutation's. */
export const TOOL_FILE = /^(PSEXESVC|PSEXEC-|PAExec|RemComSvc|__)/i;

/** The names of the programs that a case drops over SMB, in lower case. */
export function droppedPrograms(events: readonly RawDocument[]): Set<string> {
  const names = events.flatMap((event) => writtenFile(event) ?? []).map(baseName);
  return new Set(names.filter((name) => /\.(exe|dll|bat|cmd|ps1)$/i.test(name) && !TOOL_FILE.test(name)).map((name) => name.toLowerCase()));
}

/** Replaces whole file names wherever they stand. */
export function withFileNames(value: string, names: ReadonlySet<string>, change: (name: string) => string): string {
  return value
    .split(/([\\\s"]+)/)
    .map((piece) => (names.has(piece.toLowerCase()) ? change(piece) : piece))
    .join("");
}

export function inOrder(...rewrites: readonly Rewrite[]): Rewrite {
  return (events, random, rules) => {
    let now: readonly RawDocument[] | null = null;
    for (const rewrite of rewrites) now = rewrite(now ?? events, random, rules) ?? now;
    return now;
  };
}

export const NAME_OF_SERVICE = "WinUpdSvc";

/** The host by another name; what the source machine sees of the connection is the same. */
export function hostAs(next: (old: string) => string | null): Rewrite {
  return commands((line) => withHost(line, next));
}

/** The machine at the other end by another address; a machine's own records of its own address are no such thing. */
export function peerAs(next: (ip: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => {
        const own = ownHost(event).address;
        return mapAddresses(event, ["source"], (ip) => (isAddress(ip) && !isLoopback(ip) && ip !== own ? next(ip) : ip));
      }),
    );
}

/** A command line in which programs, by their file names in lower case, are called by another path. */
export function withPrograms(commandLine: string, programs: ReadonlySet<string>, path: string): string {
  const head = headOf(commandLine);
  let rest = commandLine.slice(head.length);
  for (const program of programs) {
    const stem = program.replace(/\.exe$/, "").replaceAll(/[^\w]/g, String.raw`\$&`);
    rest = rest.replaceAll(new RegExp(String.raw`(^|[\s"&|])${stem}(?:\.exe)?(?=[\s"]|$)`, "gi"), (_, before: string) => before + path);
  }
  return head + rest;
}
