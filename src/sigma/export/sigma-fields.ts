/** The Sigma fields of a log source that hold what ECS has under its own names: the taxonomy read backwards. */
import { fieldsOf, serve, type ServedLogSource } from "../taxonomy/log-source.ts";
import { CATEGORIES, HEADER, SERVICES, type FieldTable } from "../taxonomy/taxonomy.ts";
import type { LogSourceShare } from "./log-source-shares.ts";

/** The last part of a path has a field of its own in ECS; Sigma has the path. */
const PATHS: Readonly<Record<string, string>> = {
  "process.name": "process.executable",
  "process.parent.name": "process.parent.executable",
  "file.name": "file.path",
  "dll.name": "dll.path",
};
/** Sigma has no single arguments. */
const COMMAND_LINES: Readonly<Record<string, string>> = {
  "process.args": "process.command_line",
  "process.parent.args": "process.parent.command_line",
};
/** The Security log's events whose `user` is the account they are about, not the one that did it. */
const TARGET_IS_USER: ReadonlySet<string> = new Set([
  "4624",
  "4625",
  "4634",
  "4647",
  "4648",
  "4768",
  "4769",
  "4770",
  "4771",
  "4776",
  "4964",
]);
/** By ECS field, the one of who did it and the one of the account it was done to. */
const USER_FIELDS: Readonly<Record<string, readonly [subject: string, target: string]>> = {
  "user.name": ["SubjectUserName", "TargetUserName"],
  "user.domain": ["SubjectDomainName", "TargetDomainName"],
  "user.id": ["SubjectUserSid", "TargetUserSid"],
  "winlog.logon.id": ["SubjectLogonId", "TargetLogonId"],
};
/** The same in every log source. */
const EVERYWHERE: Readonly<Record<string, string>> = { "host.id": "Computer", "host.hostname": "Computer" };

/** A Sigma field whose values are other words for those of the ECS field. */
export interface WordsField {
  readonly field: string;
  /** By Sigma's value those of ECS. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

export class SigmaFields {
  readonly #share: LogSourceShare;
  readonly #source: ServedLogSource;
  readonly #whole = new Map<string, string>();
  readonly #words = new Map<string, WordsField>();

  constructor(share: LogSourceShare) {
    this.#share = share;
    const { category, service } = share.logsource;
    this.#source = serve(share.logsource)!;
    const own = category === null ? (service === null ? null : SERVICES[service]!) : CATEGORIES[category]!;
    if (own !== null) this.#take(own.fields);
    this.#take(HEADER);
    if (own === null) this.#take(SERVICES["sysmon"]!.fields);
  }

  #take(table: FieldTable): void {
    for (const [field, targets] of Object.entries(table)) {
      for (const target of targets) {
        const name = typeof target === "string" ? target : "field" in target ? target.field : null;
        if (name === null || this.#whole.has(name) || this.#words.has(name)) continue;
        // Event data has its own names in Sigma, which say the same without other words.
        if (typeof target !== "string" && target.kind === "words" && name.startsWith("winlog.event_data.")) continue;
        if (typeof target !== "string" && target.kind === "words") this.#words.set(name, { field, words: target.words });
        else this.#whole.set(name, field);
      }
    }
  }

  /** The field that holds the whole value as it is; null where there is none. */
  whole(name: string): string | null {
    if (Object.hasOwn(EVERYWHERE, name)) return EVERYWHERE[name]!;
    const user = this.#userField(name);
    if (user !== null) return user;
    const known = this.#whole.get(name);
    if (known !== undefined || this.#words.has(name)) return known ?? null;
    const raw = /^winlog\.(?:event_data|user_data)\.([^|]+)$/.exec(name)?.[1];
    if (raw === undefined) return null;
    // The name in Sigma must lead back to the field.
    return this.#source.targets(raw).some((target) => fieldsOf(target).includes(name)) ? raw : null;
  }

  /** The field that says it in other words. */
  inWords(name: string): WordsField | null {
    return this.#words.get(name) ?? null;
  }

  /** The field of the path that the value is the last part of. */
  path(name: string): string | null {
    return Object.hasOwn(PATHS, name) ? this.whole(PATHS[name]!) : null;
  }

  /** The field of the command line that the value is an argument in. */
  commandLine(name: string): string | null {
    return Object.hasOwn(COMMAND_LINES, name) ? this.whole(COMMAND_LINES[name]!) : null;
  }

  /** Whether `User` holds `DOMAIN\\name`. */
  get hasAccount(): boolean {
    return this.#source.targets("User").some((target) => typeof target !== "string" && target.kind === "account");
  }

  #userField(name: string): string | null {
    const pair = Object.hasOwn(USER_FIELDS, name) ? USER_FIELDS[name]! : null;
    const { about, logsource } = this.#share;
    if (pair === null || logsource.service !== "security" || about.length === 0) return null;
    const targets = about.filter((code) => TARGET_IS_USER.has(code)).length;
    if (targets === about.length) return about.includes("4964") || about.includes("4648") ? null : pair[1];
    return targets === 0 ? pair[0] : null;
  }
}
