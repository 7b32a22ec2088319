import type { Command } from "commander";
import type { CommandContext } from "../context.ts";

/** Adds a command's arguments, options and action. */
export type AddCommand = (command: Command, context: CommandContext) => void;

/** A command as `--help` lists it. What it needs to run is loaded when it is named. */
export interface CommandEntry {
  readonly name: string;
  /** What stands behind the name: as commander derives it from the arguments and options that `load` adds. */
  readonly usage: string;
  readonly description: string;
  /** It takes rules, and so `--no-cache`. */
  readonly readsRules?: true;
  /** What it prints is about all commands, so that all of them are loaded with it. */
  readonly ofAll?: true;
  readonly load: () => Promise<AddCommand>;
}

/** In the order in which `--help` lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "hunt",
    usage: "[options] <path...>",
    description: "run detections over logs: files, folders, archives, or - for standard input",
    readsRules: true,
    load: async () => (await import("./hunt.ts")).addHunt,
  },
  {
    name: "query",
    usage: "[options] <query> <path...>",
    description: "run one query over logs and print the matching events",
    load: async () => (await import("./query.ts")).addQuery,
  },
  {
    name: "search",
    usage: "[options] <text> <path...>",
    description: "find a text or a regular expression in any field of the events",
    load: async () => (await import("./search.ts")).addSearch,
  },
  {
    name: "logons",
    usage: "[options] <path...>",
    description: "say who logged on from where, how, and how often: Windows, Kerberos, NTLM, RDP, and what else is authentication in ECS",
    load: async () => (await import("./explore/logons.ts")).addLogons,
  },
  {
    name: "shell",
    usage: "[options] <path...>",
    description: "load logs once, and answer queries from the keyboard or a pipe",
    load: async () => (await import("./explore/shell.ts")).addShell,
  },
  {
    name: "inspect",
    usage: "[options] <path...>",
    description:
      "say what is in logs: files, hosts, channels, times, gaps, event ids, cleared logs, missing audit settings, and what each rule can see of it",
    readsRules: true,
    load: async () => (await import("./inspect.ts")).addInspect,
  },
  {
    name: "new",
    usage: "[command]",
    description: "begin a detection package, or a rule in one, with every field and failing cases",
    load: async () => (await import("./new.ts")).addNew,
  },
  {
    name: "record",
    usage: "[options] <rules>",
    description: "cut a case out of a log: events with their neighbours, and what the rules find in them now, for you to confirm",
    load: async () => (await import("./record.ts")).addRecord,
  },
  {
    name: "prove",
    usage: "[options] [path...]",
    description:
      "run detection packages and rules of any kind against their own recorded cases, and hold a package's documents to what they show",
    readsRules: true,
    load: async () => (await import("./prove.ts")).addProve,
  },
  {
    name: "lint",
    usage: "[options] [path...]",
    description: "hold rules against what their data sources can produce",
    readsRules: true,
    load: async () => (await import("./lint.ts")).addLint,
  },
  {
    name: "evade",
    usage: "[options] [path...]",
    description: "rewrite each positive case as an attacker could have done it otherwise, and score what is still detected",
    readsRules: true,
    load: async () => (await import("./evade.ts")).addEvade,
  },
  {
    name: "explain",
    usage: "[options] [rule] [path...]",
    description: "say why a rule matches an event or does not: each condition true, false or not present, and the values seen",
    readsRules: true,
    load: async () => (await import("./explain.ts")).addExplain,
  },
  {
    name: "tune",
    usage: "[options] <alerts...>",
    description:
      "propose the narrowest exceptions for alerts that are false positives, each held against the rules' own cases: items of tuning.yaml, Sigma filters, Kibana exceptions, EQL clauses",
    readsRules: true,
    load: async () => (await import("./tune.ts")).addTune,
  },
  {
    name: "translate",
    usage: "[options] [rule] [folder]",
    description: "say a rule in another platform's language, and name what is lost",
    load: async () => (await import("./translate.ts")).addTranslate,
  },
  {
    name: "convert",
    usage: "[options] <path...>",
    description: "write logs as one document per line, in the order of the input",
    load: async () => (await import("./convert.ts")).addConvert,
  },
  {
    name: "fmt",
    usage: "[options] <file...>",
    description: "print EQL queries in their canonical layout; comments are kept",
    load: async () => (await import("./fmt.ts")).addFmt,
  },
  {
    name: "rules",
    usage: "[command]",
    description: "say which rules run where none are named, and change that: a checkout of SigmaHQ's or Elastic's, your own",
    load: async () => (await import("./rules.ts")).addRules,
  },
  {
    name: "serve",
    usage: "[options] [path...]",
    description: "hunt, print the alerts, and serve them with the detections' pages on this machine until interrupted",
    readsRules: true,
    load: async () => (await import("./serve.ts")).addServe,
  },
  {
    name: "site",
    usage: "[options] <folder>",
    description: "write the pages as a static site, which works from any folder and straight from a disk",
    readsRules: true,
    load: async () => (await import("./site.ts")).addSite,
  },
  {
    name: "completion",
    usage: "<shell>",
    description: "print a script that completes commands and options in a shell",
    ofAll: true,
    load: async () => (await import("./completion.ts")).addCompletion,
  },
  {
    name: "manual",
    usage: "",
    description: "print the manual page, for `man`",
    ofAll: true,
    load: async () => (await import("./manual.ts")).addManual,
  },
];
