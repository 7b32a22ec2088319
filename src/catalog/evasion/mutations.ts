/**
 * What an attacker can change without changing what happens. Each mutation is a documented, behaviour-preserving rewrite of the
 * recorded events of a case: what the same attack would have left had it been typed or configured differently. They carry no
 * tooling: only the telemetry changes.
 */
import { baseName, isAddress, isLoopback, ownHost, processStart, writtenFile } from "./document.ts";
import {
  NAME_OF_SERVICE,
  NET_IN_SHELL,
  NET_USE,
  POWERSHELL,
  addresses,
  commands,
  droppedPrograms,
  everywhere,
  headOf,
  hostAs,
  inOrder,
  insteadOfCopy,
  insteadOfNetUse,
  isNet,
  isRemotelyStarted,
  isShell,
  outsideQuotes,
  peerAs,
  plain,
  processes,
  programOf,
  randomCase,
  withFileNames,
  withHost,
  withPrograms,
  type Rewrite,
} from "./rewrite.ts";

export interface Mutation {
  readonly id: string;
  readonly title: string;
  /** Why Windows behaves the same. */
  readonly why: string;
  /** What a case must have for it to be tried, after "The case has no". */
  readonly needs: string;
  readonly mutate: Rewrite;
  /** Where the telemetry itself no longer tells the attack from ordinary use. */
  readonly invisible?: readonly Invisible[];
}

export interface Invisible {
  /** The kinds of record (`recordKinds`) of which the case must have one ... */
  readonly has: readonly string[];
  /** ... and those of which it must have none. */
  readonly lacks: readonly string[];
  readonly why: string;
}

// ---------------------------------------------------------------------------------------------- the table

export const MUTATIONS: readonly Mutation[] = [
  {
    id: "letter-case",
    title: "Letters in random case",
    why: "Windows finds programs, shares, switches and hosts without regard to case.",
    needs: "process start with a command line",
    mutate: processes((start, random) => ({
      ...start,
      image: start.image.slice(0, start.image.length - programOf(start).length) + randomCase(programOf(start), random),
      commandLine: randomCase(start.commandLine, random),
    })),
  },
  {
    id: "target-letter-case",
    title: "Share, file and pipe names in random case",
    why: "SMB names compare without case; the audit record shows what the client sent.",
    needs: "access to a share that Windows audited",
    mutate: (events, random, rules) => {
      // One spelling for one name, or the file that was written would not be the file that was run.
      const spelt = new Map<string, string>();
      const spell = (value: string): string => {
        if (!spelt.has(value)) spelt.set(value, randomCase(value, random));
        return spelt.get(value)!;
      };
      const names = new Set(["ShareName", "RelativeTargetName"]);
      return everywhere((value, key) => (names.has(key) ? spell(value) : value))(events, random, rules);
    },
  },
  {
    id: "renamed-binary",
    title: "The program copied under another name",
    why: "A program's file name is free; the name it was built with stays in its version resource.",
    needs: "start of a program that its rules name",
    mutate: (events, random, rules) => {
      const started = events.flatMap((event) => processStart(event) ?? []).map(programOf);
      const named = new Set(started.filter(rules.nameProgram).map((program) => program.toLowerCase()));
      return processes((start) => {
        const shell = isShell(start);
        if (shell && isRemotelyStarted(start)) return null;
        const line = shell ? withPrograms(start.commandLine, named, String.raw`C:\Users\Public\svcupd.exe`) : start.commandLine;
        if (!named.has(programOf(start).toLowerCase())) return line === start.commandLine ? null : { ...start, commandLine: line };
        const image = "C:\\Users\\Public\\" + (shell ? "hostapp.exe" : "svcupd.exe");
        return { ...start, image, commandLine: `"${image}"${line.slice(headOf(line).length)}` };
      })(events, random, rules);
    },
    invisible: [
      {
        has: ["windows 4688"],
        lacks: ["sysmon 1", "defend"],
        why: "Security 4688 records no original file name: nothing in it says which program the renamed file is, and a command line alone is what scripts and installers have too.",
      },
    ],
  },
  {
    id: "net1",
    title: "net1 instead of net",
    why: "net1.exe takes the same commands as net.exe and can be called itself.",
    needs: "start of net.exe, by itself or in a shell",
    mutate: processes((start) => {
      if (isShell(start)) {
        const commandLine = start.commandLine.replaceAll(NET_IN_SHELL, "$1net1");
        return commandLine === start.commandLine ? null : { ...start, commandLine };
      }
      if (!/^net\.exe$/i.test(programOf(start))) return null;
      return {
        ...start,
        image: start.image.replace(/net\.exe$/i, "net1.exe"),
        commandLine: start.commandLine.replace(/^("?(?:[^"\s]*\\)?)net(?=[\s".])/i, "$1net1"),
        originalName: start.originalName === undefined ? undefined : "net1.exe",
      };
    }),
  },
  {
    id: "user-switch",
    title: "/user: for /u: and the reverse",
    why: "net accepts any unambiguous beginning of a switch.",
    needs: "command line with /user: or /u:",
    mutate: commands((line) => (/\/user:/i.test(line) ? line.replaceAll(/\/user:/gi, "/u:") : line.replaceAll(/\/u:/gi, "/USER:"))),
  },
  {
    id: "blanks",
    title: "Extra blanks and a tab",
    why: "Any run of blanks separates arguments.",
    needs: "command line with several arguments",
    mutate: commands((line) => {
      const head = headOf(line);
      return head + outsideQuotes(line.slice(head.length), (piece) => piece.replaceAll(/ +(?=\S|$)/g, " \t  "));
    }),
  },
  {
    id: "quotes",
    title: "Quotes around the path",
    why: "Quotes are removed before a program sees its arguments.",
    needs: "command line with a bare UNC path outside of a shell",
    mutate: commands((line, start) =>
      isShell(start) ? line : outsideQuotes(line, (piece) => piece.replaceAll(/(?<!\S)\\\\\S*[^\s\\](?!\S)/g, (path) => `"${path}"`)),
    ),
  },
  {
    id: "quoted-part",
    title: "Quotes inside the path",
    why: 'A quote may open and close anywhere: `\\\\host\\"C$"` is one argument.',
    needs: "command line with a bare administrative share outside of a shell",
    mutate: commands((line, start) =>
      isShell(start) ? line : outsideQuotes(line, (piece) => piece.replaceAll(/(?<=\s\\\\[^\s\\]{1,255}\\)([A-Za-z]+\$)(?=\s|$)/g, '"$1"')),
    ),
  },
  {
    id: "host-fqdn",
    title: "The host by its full name",
    why: "The same host, another name of it.",
    needs: "command line that names another host",
    mutate: hostAs((host) => (isLoopback(host) ? null : "srv01.corp.example")),
  },
  {
    id: "host-netbios",
    title: "The host by its short name",
    why: "The same host, another name of it.",
    needs: "command line that names another host",
    mutate: hostAs((host) => (isLoopback(host) ? null : "SRV01")),
  },
  {
    id: "host-ip",
    title: "The host by its address",
    why: "The same host; with an address Windows logs on by NTLM, which these rules do not ask about.",
    needs: "command line that names another host by a name",
    mutate: hostAs((host) => (isLoopback(host) || isAddress(host) ? null : "10.10.30.12")),
  },
  {
    id: "host-unc-long",
    title: String.raw`\\?\UNC\host\share`,
    why: "The long form of a UNC path (Microsoft, Naming Files, Paths, and Namespaces). cmd.exe, xcopy and robocopy open it; net does not.",
    needs: "command line with a UNC path that another program than net opens",
    mutate: commands((line, start) =>
      isNet(start) || NET_USE.test(line) || /smbmapping|psdrive/i.test(line)
        ? line
        : line.replaceAll(/(?<![\w:\\])\\\\(?=[^\\\s"'?*.][^\\\s"'?*]*\\)/g, () => String.raw`\\?\UNC` + "\\"),
    ),
  },
  {
    id: "host-ipv6-literal",
    title: "The host as an IPv6 literal name",
    why: "Windows resolves ADDRESS.ipv6-literal.net itself, without DNS.",
    needs: "command line that names a host",
    mutate: (events, random, rules) => {
      const named = hostAs((host) => (isLoopback(host) ? "0--1.ipv6-literal.net" : "fd00--a0a-1e0c.ipv6-literal.net"))(
        events,
        random,
        rules,
      );
      if (named === null) return null;
      const seen = addresses(["source", "destination"], (ip) => (isLoopback(ip) ? "::1" : ip))(named, random, rules) ?? named;
      return addresses(["destination"], (ip) => (ip === "10.10.30.12" ? "fd00::a0a:1e0c" : ip))(seen, random, rules) ?? seen;
    },
  },
  {
    id: "host-loopback-2",
    title: "127.0.0.2 for 127.0.0.1",
    why: "All of 127.0.0.0/8 is this host.",
    needs: "127.0.0.1 or localhost in it",
    mutate: inOrder(
      everywhere((value) =>
        value.replaceAll(/(?<![\w.])127\.0\.0\.1(?![\w.])/g, "127.0.0.2").replaceAll(/\\\\localhost(?=[\\\s"]|$)/gi, "\\\\127.0.0.2"),
      ),
    ),
  },
  {
    id: "loopback-name",
    title: "Loopback by the host's own name",
    why: "The host's own name leads to itself; the records then show the host's address, not 127.0.0.1.",
    needs: "command line with a share of the host itself",
    mutate: (events, random, rules) => {
      const { name, address } = ownHost(events[0] ?? {});
      const named = everywhere((value, key) =>
        /^(CommandLine|ParentCommandLine|command_line|args|ImagePath|ServiceFileName)$/.test(key)
          ? withHost(value, (host) => (isLoopback(host) ? name : null))
          : value,
      )(events, random, rules);
      if (named === null) return null;
      return addresses(["source", "destination"], (ip) => (isLoopback(ip) ? address : ip))(named, random, rules) ?? named;
    },
  },
  {
    id: "drive-share",
    title: "D$ for C$",
    why: "Every local disk has an administrative share.",
    needs: "C$ in it, or it has ADMIN$ as well",
    mutate: (events, random, rules) => {
      // Where ADMIN$ is used as well, the disk is Windows' own.
      if (/ADMIN\$/i.test(JSON.stringify(events, plain))) return null;
      const files = new Set(events.flatMap((event) => writtenFile(event) ?? []).filter((path) => /^C:\\/i.test(path)));
      return everywhere((value, key) => {
        if (key === "ShareName") return value.replace(/\\C\$$/i, "\\D$");
        if (key === "ShareLocalPath") return value.replace(/^(\\\?\?\\)C:/i, "$1D:");
        if (files.has(value)) return `D${value.slice(1)}`;
        return value.replaceAll(/((?<![\w:\\])\\\\[^\s"\\]+\\)C\$/gi, "$1D$");
      })(events, random, rules);
    },
  },
  {
    id: "powershell-mapping",
    title: "New-SmbMapping instead of net use",
    why: "Both call the same redirector.",
    needs: "net use of a share",
    mutate: insteadOfNetUse((share) => `New-SmbMapping -RemotePath ${share}`),
  },
  {
    id: "powershell-drive",
    title: "New-PSDrive instead of net use",
    why: "A FileSystem drive on a UNC root is the same connection.",
    needs: "net use of a share",
    mutate: insteadOfNetUse((share) => `New-PSDrive -Name g -PSProvider FileSystem -Root ${share}`),
  },
  {
    id: "powershell-copy",
    title: "Copy-Item instead of copy",
    why: "Both open the target by its UNC path.",
    needs: "copy to a share in cmd.exe",
    mutate: insteadOfCopy(POWERSHELL, "PowerShell.EXE", (from, to) => `powershell.exe -c Copy-Item ${from} ${to}`),
  },
  {
    id: "xcopy",
    title: "xcopy instead of copy",
    why: "Both write the same file to the same share.",
    needs: "copy to a share in cmd.exe",
    mutate: insteadOfCopy(String.raw`C:\Windows\System32\xcopy.exe`, "XCOPY.EXE", (from, to) => `xcopy  ${from} ${to} /Y`),
  },
  {
    id: "robocopy",
    title: "robocopy instead of copy",
    why: "Both write the same file to the same share.",
    needs: "copy to a share in cmd.exe",
    mutate: insteadOfCopy(String.raw`C:\Windows\System32\Robocopy.exe`, "robocopy.exe", (from, to) => {
      const at = (path: string): string => path.slice(0, path.lastIndexOf("\\"));
      return `robocopy  ${at(from)} ${at(to)} ${baseName(from)}`;
    }),
  },
  {
    id: "accept-eula",
    title: "/accepteula, or none",
    why: "PsExec takes a slash for a dash; once the licence was accepted the switch is not needed.",
    needs: "command line with -accepteula",
    mutate: (events, random, rules) =>
      commands((line) => line.replaceAll(/\s[-/]accepteula\b/gi, random() < 0.5 ? " /AcceptEula" : ""))(events, random, rules),
  },
  {
    id: "renamed-service",
    title: "The remote service, its file and its pipes renamed",
    why: "PsExec takes the service name with -r; the others are one constant away from it.",
    needs: "PSEXESVC, PAExec or RemComSvc in it",
    mutate: everywhere((value) =>
      value
        .replaceAll(/PSEXESVC/gi, NAME_OF_SERVICE)
        .replaceAll(/PAExec(?=-)/gi, NAME_OF_SERVICE)
        .replaceAll(/RemComSvc/gi, NAME_OF_SERVICE),
    ),
    invisible: [
      {
        has: ["windows 7045"],
        lacks: ["windows 4697", "windows 5145", "windows 4688", "sysmon 1", "sysmon 11", "sysmon 18", "defend"],
        why: "System 7045 with an ordinary name and path is what every installer leaves: nothing in that log says that the file came over SMB, or from where the service was made.",
      },
    ],
  },
  {
    id: "payload-name",
    title: "Another name for the file that is dropped",
    why: "A file's name is free; its kind is not.",
    needs: "program that was dropped over SMB",
    mutate: (events, random, rules) => {
      const names = droppedPrograms(events);
      return everywhere((value) => withFileNames(value, names, (name) => `kb5034441${name.slice(name.lastIndexOf("."))}`))(
        events,
        random,
        rules,
      );
    },
  },
  {
    id: "payload-kind",
    title: "A DLL or screen saver instead of an .exe",
    why: "rundll32 runs a DLL, and .scr is an executable by another name.",
    needs: ".exe that was dropped over SMB and is not run in it",
    mutate: (events, random, rules) => {
      const kind = random() < 0.5 ? "dll" : "scr";
      const names = new Set([...droppedPrograms(events)].filter((name) => name.endsWith(".exe")));
      // What a service or a process start of the case runs has to stay what it is.
      const run = new Set(events.flatMap((event) => processStart(event)?.image ?? []).map((image) => baseName(image).toLowerCase()));
      for (const name of run) names.delete(name);
      return everywhere((value, key) => {
        if (key === "extension") return names.size > 0 && value === "exe" ? kind : value;
        return withFileNames(value, names, (name) => `${name.slice(0, -4)}.${kind}`);
      })(events, random, rules);
    },
  },
  {
    id: "source-ipv6",
    title: "The source over IPv6",
    why: "SMB runs over IPv6 where both ends have it; the record then shows that address.",
    needs: "address of another machine that connects",
    mutate: peerAs(() => "fd00::a0a:141f"),
  },
  {
    id: "source-link-local",
    title: "The source over a link-local address",
    why: "Two hosts of one segment may meet on fe80::/10, which SMB prefers where names resolve by LLMNR.",
    needs: "address of another machine that connects",
    mutate: peerAs(() => "fe80::a0a:141f"),
  },
  {
    id: "source-mapped",
    title: "The source as an IPv4-mapped address",
    why: "A dual-stack socket shows an IPv4 peer as ::ffff:a.b.c.d.",
    needs: "address of another machine that connects",
    mutate: peerAs((ip) => `::ffff:${ip}`),
  },
];
