import type { Child } from "hono/jsx";
import type { PageContext } from "./parts/frame.tsx";

/** A page of the site, or a file beside the pages. Made when asked for: a list of pages costs nothing. */
export type Page = HtmlPage | FilePage | StreamPage;

export interface HtmlPage {
  readonly kind: "html";
  /** From the root; "" or ends in `/`. */
  readonly path: string;
  /** The part of the site it belongs to, as `Place.parts` names it. */
  readonly part: string | null;
  readonly render: (place: PageContext) => Child;
}

export interface FilePage {
  readonly kind: "file";
  readonly path: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: () => Uint8Array;
}

/** A file that may be too large to be held. */
export interface StreamPage {
  readonly kind: "stream";
  readonly path: string;
  /** Media type. */
  readonly type: string;
  readonly pieces: () => Iterable<Uint8Array>;
}

const encoder = new TextEncoder();

export function textFile(path: string, type: string, text: () => string): FilePage {
  return { kind: "file", path, type: `${type}; charset=utf-8`, bytes: () => encoder.encode(text()) };
}
