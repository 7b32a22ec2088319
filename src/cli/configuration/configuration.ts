import { dirname, resolve } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import { Failure } from "../failure.ts";
import { bundledRules } from "../packages.ts";
import { readTextFile } from "../text-file.ts";
import { CONFIGURATION_KEYS, isKeyName, type KeyName } from "./keys.ts";

export type ConfigurationValue = string | readonly string[] | boolean;

export type ConfigurationValues = ReadonlyMap<KeyName, ConfigurationValue>;

/** A `tocsin.yaml`: defaults of options for every command that has them, and for single commands. */
export interface Configuration {
  readonly file: string;
  readonly values: ConfigurationValues;
  readonly commands: ReadonlyMap<string, ConfigurationValues>;
}

/**
 * @param commands the names of commands: a map under one of them is about this command alone.
 * @throws Failure with the place of what cannot be understood: a configuration that is half understood would change what runs in silence.
 */
export function readConfiguration(file: string, commands: readonly string[]): Configuration {
  const text = readTextFile(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (offset: number, message: string, help?: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new Failure(`${file}:${line}:${col}: ${message}`, help === undefined ? {} : { help });
  };
  const [error] = document.errors;
  if (error !== undefined) fail(error.pos[0], error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, ""));

  const folder = dirname(file);
  const mapOf = (node: unknown, offset: number, what: string): readonly Pair[] => {
    if (node === null || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) return fail(offset, `${what} is not a map`, "Write `rules: [PATH]`, a key a line.");
    return node.items;
  };
  const valueOf = (name: KeyName, node: Node): ConfigurationValue => {
    const { kind } = CONFIGURATION_KEYS[name];
    const offset = node.range?.[0] ?? 0;
    if (kind === "flag") {
      if (isScalar(node) && typeof node.value === "boolean") return node.value;
      return fail(offset, `${name} is neither true nor false`);
    }
    const items = isSeq(node) ? node.items : [node];
    const texts = items.map((item): string => {
      if (isScalar(item) && (typeof item.value === "string" || typeof item.value === "number")) return String(item.value);
      return fail(offset, `${name} is not a text${kind === "path" ? "" : " or a list of texts"}`);
    });
    if (kind === "paths") return texts.map((path) => (path === bundledRules.name ? path : resolve(folder, path)));
    if (texts.length !== 1 && kind === "path") return fail(offset, `${name} is one path`);
    return kind === "path" ? resolve(folder, texts[0]!) : texts.join(",");
  };

  const values = new Map<KeyName, ConfigurationValue>();
  const byCommand = new Map<string, ConfigurationValues>();
  const readKey = (pair: Pair, into: Map<KeyName, ConfigurationValue>): void => {
    const key = pair.key as Node;
    const offset = key.range?.[0] ?? 0;
    const name = isScalar(key) ? String(key.value) : "";
    if (!isKeyName(name))
      return fail(
        offset,
        `there is no setting ${name === "" ? "of this kind" : name}`,
        `Settings are ${Object.keys(CONFIGURATION_KEYS).join(", ")}, and the names of commands with settings under them.`,
      );
    if (pair.value === null) return fail(offset, `${name} has no value`);
    into.set(name, valueOf(name, pair.value as Node));
  };
  for (const pair of mapOf(document.contents, 0, "the configuration")) {
    const name = isScalar(pair.key) ? String(pair.key.value) : "";
    if (commands.includes(name) && (isMap(pair.value) || !isKeyName(name))) {
      const ofCommand = new Map<KeyName, ConfigurationValue>();
      for (const inner of mapOf(pair.value, (pair.key as Node).range?.[0] ?? 0, name)) readKey(inner, ofCommand);
      byCommand.set(name, ofCommand);
    } else readKey(pair, values);
  }
  return { file, values, commands: byCommand };
}
