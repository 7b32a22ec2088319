/**
 * Log sources of products other than Windows, as tables: how their events are recognised, and where Sigma's fields are, both in the
 * vendor's own JSON and in the ECS that Elastic's integrations make of it. Any one of the ways and places is enough.
 */
import type { Expr, Span } from "../../../eql/index.ts";
import { all, any, exists, field, isMissing, matches, textIn, wildcard } from "../../expr.ts";
import { parseText } from "../../text.ts";
import type { FieldMapping, FieldTable } from "../taxonomy.ts";

/** One way to recognise events: everything given must hold. */
export interface EventShape {
  /** Fields that hold something. */
  readonly has?: readonly string[];
  /** Fields that hold one of the texts, without regard to case; `*` stands for any text, and a backslash before it is doubled. */
  readonly is?: Readonly<Record<string, readonly string[]>>;
  /** Fields that are missing. */
  readonly lacks?: readonly string[];
}

/** Where fields are that no table lists: their names written in the place's way, after its prefix. */
export interface FieldPlace {
  /** Only names that begin with this, which the prefix replaces; every name where it is left out. */
  readonly under?: string;
  readonly prefix: string;
  /** `requestUri` is `request_uri` in snake case, `DeviceDetail` is `deviceDetail` in camel case. As written where it is left out. */
  readonly spelling?: "snake" | "camel";
}

export interface ProductLogSource {
  /** `product/category/service`, `-` for a part that the log source does not have. A rule may name fewer parts, never others. */
  readonly names: readonly string[];
  /** `event.dataset` or `data_stream.dataset` of Elastic's integrations and Filebeat's modules. */
  readonly datasets?: readonly string[];
  /** Further ways to recognise the events. */
  readonly shapes?: readonly EventShape[];
  /** Every field is also looked for under its own name: that is where the vendor's JSON has it. */
  readonly fields: FieldTable;
  readonly places?: readonly FieldPlace[];
}

export function recognition({ datasets, shapes = [] }: ProductLogSource, span: Span): Expr {
  const known = datasets === undefined ? [] : [textIn("event.dataset", datasets, span), textIn("data_stream.dataset", datasets, span)];
  return any([...known, ...shapes.map((shape) => shapeExpr(shape, span))], span);
}

function shapeExpr({ has = [], is = {}, lacks = [] }: EventShape, span: Span): Expr {
  return all(
    [
      ...Object.entries(is).map(([name, texts]) =>
        matches(
          field(name, span),
          texts.map((text) => wildcard(parseText(text), span)),
          true,
          span,
        ),
      ),
      ...has.map((name) => exists(name, span)),
      ...lacks.map((name) => isMissing(name, span)),
    ],
    span,
  );
}

/** Every place a field of the log source may be found in. */
export function placesOf({ fields, places = [] }: ProductLogSource, name: string): readonly FieldMapping[] {
  const out: FieldMapping[] = [name, ...(Object.hasOwn(fields, name) ? fields[name]! : [])];
  for (const { under = "", prefix, spelling } of places)
    if (name.startsWith(under)) out.push(prefix + respelt(name.slice(under.length), spelling));
  return out;
}

function respelt(name: string, spelling: FieldPlace["spelling"]): string {
  switch (spelling) {
    case "snake":
      return name
        .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
        .toLowerCase();
    case "camel":
      return name.replaceAll(/(^|\.)([A-Z])/g, (_, before: string, letter: string) => before + letter.toLowerCase());
    default:
      return name;
  }
}
