/** Cuts a case out of a log, lets the rules say what they find in it, and writes it for a person to confirm. */
import { lstatSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { caseReport, plural, ruleFailureLines } from "../../report/index.ts";
import {
  Anonymiser,
  eventsFile,
  kindQuery,
  originOf,
  recordForPackage,
  recordForRules,
  UNSTATED_LICENSE,
  visible,
  type CaseFacts,
  type CutRecord,
  type EventsFile,
  type LogRecord,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeFiles, type FileContent } from "../output/files.ts";
import { today } from "../packages.ts";
import { cutLog, type CutLog, type LogFlags } from "./log.ts";
import { recordTarget, type RecordTarget } from "./target.ts";

export interface RecordFlags extends LogFlags {
  readonly name?: string;
  readonly title?: string;
  readonly kind?: string;
  readonly about?: readonly string[];
  readonly license?: string;
  readonly anonymise?: true;
}

const KINDS = ["positive", "negative", "evasion"] as const;

/** Returns the exit code. */
export async function recordCase(context: CommandContext, path: string, flags: RecordFlags): Promise<number> {
  const { out, err } = context;
  const kind = KINDS.find((one) => one === flags.kind) ?? null;
  if (flags.kind !== undefined && kind === null) throw new Failure(`--kind ${flags.kind}: must be ${KINDS.join(", ")}`);
  if (flags.name !== undefined && !/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(flags.name))
    throw new Failure(`--name ${flags.name}: must be letters, digits, dots, dashes and underscores`, {
      help: "It names the folder or file of the events.",
    });
  const target = recordTarget(context, path, flags.about ?? []);
  if (target.kind === "rules" && kind !== null)
    throw new Failure("--kind is for cases of packages", { help: "A case beside a rule's file says how many alerts are expected." });
  const log = await cutLog(context, flags, target.kind === "rules");
  const names = flags.anonymise === true ? new Anonymiser(log.records) : null;
  const recorded = caseFacts(flags, log, kind, null);
  const shown = names === null ? recorded : caseFacts(flags, log, kind, names);

  const written = casesOf(target, shown);
  if (written.failures.length > 0) {
    for (const line of written.failures) err.write(`${visible(line)}\n`);
    throw new Failure("the case does not hold as it is, and was not written", {
      help: "Take fewer neighbours (--around), or another event.",
      exitCode: EXIT.found,
    });
  }
  await writeNew(written.files, written.replaced);
  for (const { path: file } of written.files) out.write(`${relative(process.cwd(), file) || file}\n`);
  out.write(`${summary(log, flags)}\n${written.expectation}\n`);
  let code: number = log.incomplete ? EXIT.incomplete : EXIT.done;
  if (names !== null) {
    const before = casesOf(target, recorded).verdicts;
    const changed = differences(before, written.verdicts);
    out.write(`${replacedText(names)}\n`);
    const left = names.leftIn(`${shown.events.text}\n${shown.title}`);
    if (left.length > 0)
      err.write(
        `${err.paint("yellow", "warning")}: ${plural(left.length, "name")} may still be in the events, inside longer words or encoded text: look for ${visible(left.slice(0, 10).join(", "))}\n`,
      );
    if (changed.length === 0) out.write("With the names replaced the rules find the same.\n");
    else {
      err.write(`${err.paint("yellow", "warning")}: with the names replaced the rules find something else: ${changed.join(", ")}\n`);
      code = EXIT.found;
    }
  }
  out.write(
    `Not confirmed: read the events, correct what is expected, and write \`confirmed: true\`.${flags.license === undefined ? " Write the recording's licence under `recorded.license`." : ""}\n`,
  );
  return code;
}

function caseFacts(flags: RecordFlags, log: CutLog, kind: CaseFacts["kind"], names: Anonymiser | null): Omit<CaseFacts, "about"> {
  const cover = (text: string): string => names?.text(text) ?? text;
  const anchored = log.records.filter(({ ordinal }) => log.anchors.has(ordinal));
  if (anchored.length === 0)
    throw new Failure(`${flags.from}: the event is of a kind that is not mapped to ECS, so no rule sees it in a case`, {
      help: "`tocsin inspect` lists such events.",
    });
  const source = cover(basename(flags.from));
  const which = flags.query === undefined ? `${flags.record ?? flags.line ?? flags.id}` : cover(flags.query);
  const title = flags.title ?? (flags.query === undefined ? `Event ${which} of ${source}` : `What matches in ${source}: ${which}`);
  const query = log.wanted.kind === "query" && log.wanted.query.kind === "event" ? which : kindQuery(anchored[0]!.normalised);
  return {
    name: flags.name ?? slug(`${source.replace(/(?:\.\w{1,7}){1,2}$/, "")} ${flags.query === undefined ? which : (kind ?? "")}`),
    title: title.replaceAll(/\s+/g, " "),
    kind,
    events: events(log.records, names),
    recorded: { source, sha256: log.sha256, license: flags.license ?? UNSTATED_LICENSE, anonymised: names !== null },
    signals: query === null ? [] : [{ name: "What it was cut around", query }],
    origin: originOf(log.records),
  };
}

function events(records: readonly CutRecord[], names: Anonymiser | null): EventsFile {
  const file = eventsFile(records.map(({ record }): LogRecord => names?.record(record) ?? record));
  if (file === null)
    throw new Failure("Windows' events and documents cannot lie in one case", { help: "Take the file out of the archive, or --around 0." });
  return file;
}

interface WrittenCase {
  readonly files: readonly FileContent[];
  /** Of these, the one that may exist. */
  readonly replaced: string | null;
  /** Rules that alert, or the number of alerts. */
  readonly verdicts: readonly string[];
  readonly expectation: string;
  /** Lines that say why the case does not hold. */
  readonly failures: readonly string[];
}

function casesOf(target: RecordTarget, facts: Omit<CaseFacts, "about">): WrittenCase {
  if (target.kind === "package") {
    const name = free(facts.name, (one) => [...target.texts.keys()].some((file) => file.startsWith(`cases/${one}/`)));
    const { files, result } = recordForPackage(target.texts, { ...facts, name, about: target.about }, today());
    const { fired, excepted } = result;
    const quiet = target.about.filter((rule) => !fired.includes(rule));
    return {
      files: [...files].map(([file, content]) => ({ path: join(target.folder, ...file.split("/")), content })),
      replaced: null,
      verdicts: [...fired, ...excepted.map(({ rule, by }) => `${rule} excepted by ${by}`)],
      expectation: `Alerts now: ${fired.length === 0 ? "none" : fired.join(", ")}${quiet.length === 0 ? "" : `; silent: ${quiet.join(", ")}`}.`,
      failures: caseReport(result),
    };
  }
  const { sidecar, set, rule } = target;
  const folder = basename(sidecar.path).replace(/\.ya?ml$/i, "");
  const ending = facts.events.name.slice("events".length);
  const name = free(facts.name, (one) => exists(join(dirname(sidecar.path), folder, `${one}${ending}`)));
  const log = `${folder}/${name}${ending}`;
  const made = recordForRules(set, sidecar, { name: facts.title, rule, log, events: facts.events, recorded: facts.recorded }, Date.now());
  if (made === null)
    throw new Failure(`${sidecar.path}: the case cannot be added`, {
      help: "The file is a list of cases, each beginning with `- ` at the left; --about names a rule of the file.",
    });
  const { result } = made;
  return {
    files: [
      { path: sidecar.path, content: made.sidecar.text },
      { path: join(dirname(sidecar.path), ...log.split("/")), content: facts.events.text },
    ],
    replaced: sidecar.text === null ? null : sidecar.path,
    verdicts: [plural(result.alerts, "alert")],
    expectation: `${plural(result.alerts, "alert")} now.`,
    failures: result.failures.flatMap((failure) => ruleFailureLines(failure, result.explained)),
  };
}

/** The name, or the first with a number behind it that is free. */
function free(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name;
  for (let n = 2; ; n++) if (!taken(`${name}-${n}`)) return `${name}-${n}`;
}

async function writeNew(files: readonly FileContent[], replaced: string | null): Promise<void> {
  const there = files.find(({ path }) => path !== replaced && exists(path));
  if (there !== undefined) throw new Failure(`${there.path} exists already`, { help: "Nothing was written. Choose another --name." });
  await writeFiles(files, { exclusive: replaced === null });
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function summary({ records, anchors, unmapped, dropped }: CutLog, { from, around }: RecordFlags): string {
  const asked = records.filter(({ ordinal }) => anchors.has(ordinal)).length;
  const parts = [
    `${plural(records.length, "event")} of ${basename(from)}: ${asked} asked for, ${records.length - asked} within ${around} of them`,
  ];
  if (unmapped > 0) parts.push(`${plural(unmapped, "event")} of kinds that no rule sees left out`);
  if (dropped > 0) parts.push(`${plural(dropped, "neighbour")} further away left out (--limit)`);
  return `${parts.join("; ")}.`;
}

function replacedText(names: Anonymiser): string {
  const { hosts, users, domains, addresses, sids } = names.replaced;
  const kept = names.ordinary.length === 0 ? "" : ` Names that are ordinary words stay inside longer texts: ${names.ordinary.join(", ")}.`;
  return visible(
    `Replaced: ${plural(hosts, "host")}, ${plural(users, "user")}, ${plural(domains, "domain")}, ${plural(addresses, "address", "addresses")}, ${plural(sids, "SID")}.${kept}`,
  );
}

/** `+R2`: found only after; `-R1`: only before. */
function differences(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((one) => !after.includes(one)).map((one) => `-${one}`),
    ...after.filter((one) => !before.includes(one)).map((one) => `+${one}`),
  ];
}

function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return plain === "" ? "recorded" : plain;
}
