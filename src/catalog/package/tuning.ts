/** `tuning.yaml`: exceptions as code. An exception is a source AND an account AND an artefact, or it is not one. */
import { z } from "zod";
import { DAY, FIELD, RULE_ID, SLUG, TEXT } from "./schema.ts";

/** Field -> values. All fields must match, any value of each; `*` and `?` are wildcards, case is ignored, `@name` is a list. */
const MATCH = z.record(FIELD, z.array(TEXT).min(1)).refine((match) => Object.keys(match).length > 0, "must name at least one field");

const LIST = z.record(SLUG, z.strictObject({ why: TEXT, owner: TEXT, entries: z.array(z.strictObject({ value: TEXT, note: TEXT })) }));

export const EXCEPTION = z.strictObject({
  id: SLUG,
  title: TEXT,
  rules: z.array(RULE_ID).min(1),
  source: MATCH,
  account: MATCH,
  artefact: MATCH,
  owner: TEXT,
  reason: TEXT,
  created: DAY,
  expires: DAY,
});

export const TUNING = z.strictObject({
  lab_loopback: z.boolean().default(false).describe("true lets target-side rules fire on 127.0.0.1 and ::1: for validation in a lab only"),
  management_hosts: LIST.default({}).describe("Addresses that manage others, by product"),
  service_accounts: LIST.default({}).describe("Accounts they use, by product"),
  exceptions: z.array(EXCEPTION).default([]),
  recipes: z
    .array(z.strictObject({ system: TEXT, rule_of_thumb: TEXT, combine: z.array(TEXT).min(1), never: TEXT.optional() }))
    .default([]),
});
export type TuningText = z.infer<typeof TUNING>;
export type ExceptionText = TuningText["exceptions"][number];

/** An exception ready to be applied: lists are spelt out. */
export interface Exception {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly parts: { readonly source: ExceptionPart; readonly account: ExceptionPart; readonly artefact: ExceptionPart };
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

export type ExceptionPart = readonly { readonly field: string; readonly values: readonly string[] }[];

export const EXCEPTION_PARTS = ["source", "account", "artefact"] as const;

/** Whether a value stands for a block of addresses, such as `10.10.40.0/24`; else it is a text with wildcards. */
export function isBlock(value: string): boolean {
  return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(value);
}

/** Why a value would except too much; null when it is specific enough: a name, a path or an address has some letters of its own. */
export function tooBroad(value: string): string | null {
  const plain = value.replaceAll(/[*?\\./:]/g, "");
  if (plain.length === 0) return "matches anything";
  // A share such as C$ is short and still one thing.
  if (plain.length < 3 && !/^[A-Za-z]\$$/.test(plain)) return "says too little";
  return null;
}

/** The entries a `@list` stands for; undefined when there is no such list. `@management_hosts.sccm` */
export function listEntries(tuning: TuningText, reference: string): readonly string[] | undefined {
  const match = /^@(management_hosts|service_accounts)\.([a-z0-9-]+)$/.exec(reference);
  if (match === null) return undefined;
  const lists = tuning[match[1] as "management_hosts" | "service_accounts"];
  const name = match[2]!;
  return Object.hasOwn(lists, name) ? lists[name]!.entries.map((entry) => entry.value) : undefined;
}

/** The exceptions that are in force on `today` (`2026-11-24`), with lists spelt out. An expired one is not applied. */
export function exceptionsOf(tuning: TuningText, today: string): Exception[] {
  return tuning.exceptions
    .filter((e) => e.expires >= today)
    .map(({ id, title, rules, owner, reason, expires, source, account, artefact }) => {
      const parts = { source: spellOut(tuning, source), account: spellOut(tuning, account), artefact: spellOut(tuning, artefact) };
      return { id, title, rules, parts, owner, reason, expires };
    });
}

function spellOut(tuning: TuningText, match: { readonly [field: string]: readonly string[] }): ExceptionPart {
  return Object.entries(match).map(([field, values]) => ({
    field,
    values: values.flatMap((value) => (value.startsWith("@") ? (listEntries(tuning, value) ?? []) : [value])),
  }));
}
