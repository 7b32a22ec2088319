/** Templates, made once for all chunks that hold the same one. */
import type { DataPlan, EventPlan } from "./plan.ts";
import { type Tokens, Vocabulary } from "./tokens.ts";
import { type TemplateElement, type Tree, treeOf } from "./tree.ts";

/** What is made out of a record: elements and attributes, and characters where slots repeat. */
export interface Size {
  readonly nodes: number;
  readonly chars: number;
}

/** One template, whatever chunks it was found in. */
export class Template {
  readonly elements: readonly TemplateElement[];
  /** How many elements and attributes an instance has, apart from what its values bring. */
  readonly nodes: number;
  /** What an instance comes to whose values are all scalars, each used once. */
  readonly size: Size;
  /** How often each slot is used. */
  readonly uses: readonly number[];
  /** Some slot is used more than once. */
  readonly repeats: boolean;
  /** How an instance becomes an event: made when it is first needed; null when this is no `<Event>`. */
  event: EventPlan | null | undefined;
  /** How an instance becomes event data: made when it is first needed; null when this is no plain `<EventData>`. */
  data: DataPlan | null | undefined;

  constructor(tree: Tree) {
    this.elements = tree.elements;
    this.nodes = tree.nodes;
    this.size = { nodes: tree.nodes, chars: 0 };
    this.uses = tree.uses;
    this.repeats = tree.uses.some((uses) => uses > 1);
  }
}

/** All trees of the cache together may have this many tokens; only hostile files get there. */
const MAX_TOKENS = 2_000_000;

/** Templates by their tokens. One cache serves any number of files. */
export class TemplateCache {
  vocabulary = new Vocabulary();
  #templates = new Map<number, { readonly tokens: Int32Array; readonly template: Template }[]>();
  #tokens = 0;

  /** To be called between chunks: tokens of a chunk are of one vocabulary. */
  makeRoom(): void {
    if (this.#tokens <= MAX_TOKENS && !this.vocabulary.full) return;
    this.vocabulary = new Vocabulary();
    this.#templates = new Map();
    this.#tokens = 0;
  }

  template(tokens: Tokens): Template {
    const { list, length, hash } = tokens;
    let same = this.#templates.get(hash);
    if (same === undefined) this.#templates.set(hash, (same = []));
    next: for (const known of same) {
      if (known.tokens.length !== length) continue;
      for (let i = 0; i < length; i++) if (known.tokens[i] !== list[i]) continue next;
      return known.template;
    }
    const template = new Template(treeOf(tokens, this.vocabulary));
    // Chains of equal hashes are made on purpose.
    if (same.length < 8) {
      same.push({ tokens: list.slice(0, length), template });
      this.#tokens += length;
    }
    return template;
  }
}
