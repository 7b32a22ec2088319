/** The keys of an item of a pipeline, read by name: a key that nobody reads is a mistake, as it is in pySigma. */
import { SigmaError } from "../problem.ts";
import { entry, textOf, type MapNode, type ScalarNode, type YamlNode } from "../load/yaml-node.ts";

export type ScalarValue = ScalarNode["value"];

export class Parameters {
  readonly node: MapNode;
  /** What the item is called in messages. */
  readonly type: string;
  readonly #read = new Set<string>();

  constructor(node: MapNode, type: string) {
    this.node = node;
    this.type = type;
  }

  get(key: string): YamlNode | undefined {
    this.#read.add(key);
    return entry(this.node, key)?.value;
  }

  has(key: string): boolean {
    return entry(this.node, key) !== undefined;
  }

  text(key: string): string {
    return this.optionalText(key) ?? this.#fail(`\`${this.type}\` needs \`${key}\``, this.node);
  }

  optionalText(key: string): string | null {
    const node = this.get(key);
    if (node === undefined || (node.kind === "scalar" && node.value === null)) return null;
    return textOf(node) ?? this.#fail(`\`${key}\` is a text`, node);
  }

  /** One of the texts; the first where the key is left out. */
  choice<const T extends string>(key: string, choices: readonly [T, ...T[]]): T {
    const text = this.optionalText(key);
    if (text === null) return choices[0];
    return choices.find((one) => one === text) ?? this.#fail(`\`${key}\` is ${choices.join(", ")}, not \`${text}\``, this.get(key)!);
  }

  flag(key: string): boolean {
    const node = this.get(key);
    if (node === undefined) return false;
    if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
    return this.#fail(`\`${key}\` is true or false`, node);
  }

  scalar(key: string): ScalarValue {
    const node = this.get(key);
    if (node === undefined) return this.#fail(`\`${this.type}\` needs \`${key}\``, this.node);
    if (node.kind !== "scalar") return this.#fail(`\`${key}\` is a single value`, node);
    return node.value;
  }

  /** A text or a list of texts. */
  texts(key: string): readonly string[] {
    return this.optionalTexts(key) ?? this.#fail(`\`${this.type}\` needs \`${key}\``, this.node);
  }

  optionalTexts(key: string): readonly string[] | null {
    const node = this.get(key);
    return node === undefined || (node.kind === "scalar" && node.value === null) ? null : this.textsIn(key, node);
  }

  textsIn(key: string, node: YamlNode): readonly string[] {
    if (node.kind === "map") return this.#fail(`\`${key}\` is a text or a list of texts`, node);
    const nodes = node.kind === "list" ? node.items : [node];
    if (nodes.length === 0) return this.#fail(`\`${key}\` is an empty list`, node);
    return nodes.map((one) => textOf(one) ?? this.#fail(`\`${key}\` is a text or a list of texts`, one));
  }

  map(key: string): MapNode {
    const node = this.get(key);
    if (node?.kind === "map") return node;
    return this.#fail(node === undefined ? `\`${this.type}\` needs \`${key}\`` : `\`${key}\` is a map`, node ?? this.node);
  }

  /** `name: text` or `name: [text, ..]`. */
  table(key: string): ReadonlyMap<string, readonly string[]> {
    return new Map(this.map(key).entries.map((one) => [one.key, this.textsIn(one.key, one.value)]));
  }

  list(key: string): readonly YamlNode[] {
    const node = this.get(key);
    if (node?.kind === "list") return node.items;
    return this.#fail(node === undefined ? `\`${this.type}\` needs \`${key}\`` : `\`${key}\` is a list`, node ?? this.node);
  }

  /** After everything has been read. */
  finish(): void {
    const unknown = this.node.entries.find(({ key }) => !this.#read.has(key));
    if (unknown !== undefined)
      throw new SigmaError("sigma/bad-pipeline", `\`${this.type}\` has no parameter \`${unknown.key}\``, unknown.keySpan.from);
  }

  #fail(message: string, { span }: YamlNode): never {
    throw new SigmaError("sigma/bad-pipeline", message, span.from);
  }
}
