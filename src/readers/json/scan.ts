import { WRAPPER_KEYS } from "./elastic-exports.ts";

/** What the scanner finds. Bytes are valid only during the call. */
export interface JsonScanHandler {
  /** The bytes of one document; `index` is its 1-based number in the array it stands in, 0 at top level. */
  document(bytes: Uint8Array, line: number, index: number): void;
  /** The object around the documents just given, with the array of documents emptied; `documents` is how many there were. */
  envelope(bytes: Uint8Array, documents: number, line: number): void;
  /** Text between documents that is no object, at most {@link STRAY_BYTES} of it. */
  stray(text: string, line: number): void;
  fault(code: string, message: string, line: number): void;
}

export const STRAY_BYTES = 80;

/** A place in a response on the way to its documents. */
interface PathNode {
  /** For an object: what its keys lead to. */
  readonly keys?: ReadonlyMap<string, PathNode>;
  /** For an array: what its elements are. */
  readonly element?: PathNode;
  /** For an array: its elements are the documents. */
  readonly documents?: boolean;
  /** Counts only as the first key of its object: the name alone says little. */
  readonly first?: boolean;
}

const DOCUMENTS: PathNode = { documents: true };
const HITS: PathNode = {
  keys: new Map<string, PathNode>([
    ["hits", DOCUMENTS],
    ["events", DOCUMENTS],
    ["sequences", { element: { keys: new Map([["events", DOCUMENTS]]) } }],
  ]),
};
const RESPONSE: PathNode = { keys: new Map([["hits", HITS]]) };
const ROOT: PathNode = {
  keys: new Map<string, PathNode>([
    ["hits", HITS],
    ["response", RESPONSE],
    ["rawResponse", RESPONSE],
    ["responses", { element: RESPONSE }],
    ...[...WRAPPER_KEYS].map((key): [string, PathNode] => [key, { documents: true, first: true }]),
  ]),
};
/** The deepest container on any of these ways. */
const DEEPEST_NODE = 8;
/** An envelope larger than this is not looked at: its documents are what counts. */
const MAX_ENVELOPE_BYTES = 1024 * 1024;

/** The column of what is not the first on its line. */
const NOT_FIRST = 0xffff_ffff;

const OBJECT = 1;
const ARRAY = 2;

// Modes. Between documents at top level; between documents in an array; in a document or envelope; in stray text; after a broken document.
const TOP = 0;
const ITEMS = 1;
const VALUE = 2;
const STRAY = 3;
const RESYNC = 4;

/**
 * Finds the documents in JSON that is not one per line: an array, texts one after the other or pretty-printed, a response. It follows
 * brackets and strings over bytes, holds one document at a time, and knows just enough grammar to notice a broken document and go
 * on at the next line that begins one. What lies inside a document is for the parser to judge.
 */
export class JsonScanner {
  readonly #handler: JsonScanHandler;
  readonly #maxRecordBytes: number;
  readonly #maxDepth: number;

  #mode = TOP;
  #depth = 0;
  /** Kind of the container at each depth from 1. */
  readonly #kinds: Uint8Array;
  /** Depth of the array whose elements are the documents; 0 = none. */
  #itemsDepth = 0;
  #index = 0;
  #inString = false;
  #escaped = false;
  /** The last byte that was not white space: what may follow depends on it. 0 = none, 1 = part of a scalar. */
  #previous = 0;
  #line = 1;

  // Offsets into the buffer at hand; negative when that byte is gone.
  #lineStart = 0;
  #start = -1;
  #keyStart = -1;

  #startDepth = 0;
  #startLine = 1;
  /** The column of the document's first byte. */
  #startColumn = 0;
  /** Something other than blanks stood on this line. */
  #lineUsed = false;
  #tooDeep = false;
  #discarding = false;

  /** The document may be an envelope: keys are followed down these nodes. */
  #tracking = false;
  readonly #nodes: (PathNode | null)[] = Array.from<PathNode | null>({ length: DEEPEST_NODE + 2 }).fill(null);
  #child: PathNode | null = null;
  #keyIsFirst = false;
  #envelope: Uint8Array[] | null = null;
  #envelopeBytes = 0;
  #envelopeLine = 1;
  #envelopeDocuments = 0;

  #stray = "";
  #strayLine = 1;
  #onlyBlanks = false;

  #held = new Uint8Array(0);
  #heldLength = 0;

  constructor(handler: JsonScanHandler, maxRecordBytes: number, maxDepth: number) {
    this.#handler = handler;
    this.#maxRecordBytes = maxRecordBytes;
    this.#maxDepth = maxDepth;
    this.#kinds = new Uint8Array(maxDepth + 2);
  }

  push(bytes: Uint8Array): void {
    let buffer = bytes;
    let from = 0;
    let to = bytes.length;
    if (this.#heldLength > 0) {
      from = this.#heldLength;
      to = from + bytes.length;
      this.#reserve(to);
      this.#held.set(bytes, from);
      buffer = this.#held;
    }
    this.#scan(buffer, from, to);
    let keep = this.#start >= 0 ? this.#start : to;
    if (to - keep > this.#maxRecordBytes) {
      this.#tooLong();
      keep = to;
    }
    const rest = to - keep;
    if (rest > 0) {
      if (buffer === this.#held) {
        if (keep > 0) this.#held.copyWithin(0, keep, to);
      } else {
        this.#reserve(rest);
        this.#held.set(bytes.subarray(keep, to), 0);
      }
    } else if (this.#held.length > 1024 * 1024) this.#held = new Uint8Array(0);
    this.#heldLength = rest;
    this.#lineStart -= keep;
    if (this.#start >= 0) this.#start -= keep;
    this.#keyStart -= keep;
  }

  end(): void {
    const handler = this.#handler;
    if (this.#mode === STRAY) this.#endStray();
    if (this.#mode === VALUE) {
      if (!this.#discarding) {
        const what = this.#envelope === null ? "document" : "response";
        handler.fault(
          "json/truncated",
          `The input ends inside this ${what}`,
          this.#envelope === null ? this.#startLine : this.#envelopeLine,
        );
      }
    } else if (this.#itemsDepth > 0) {
      handler.fault("json/truncated", "The input ends before the array of documents does", this.#line);
    }
    this.#mode = TOP;
    this.#heldLength = 0;
    this.#start = -1;
  }

  #reserve(size: number): void {
    if (this.#held.length >= size) return;
    const larger = new Uint8Array(Math.max(size, this.#held.length * 2, 64 * 1024));
    larger.set(this.#held.subarray(0, this.#heldLength));
    this.#held = larger;
  }

  #scan(b: Uint8Array, from: number, to: number): void {
    let i = from;
    while (i < to) {
      if (this.#mode === VALUE) i = this.#value(b, i, to);
      else if (this.#mode === STRAY) i = this.#strayText(b, i, to);
      else if (this.#mode === RESYNC) i = this.#resync(b, i, to);
      else i = this.#between(b, i, to);
    }
  }

  /** Between documents, at top level or in an array of them. */
  #between(b: Uint8Array, from: number, to: number): number {
    const items = this.#mode === ITEMS;
    for (let i = from; i < to; i++) {
      const c = b[i]!;
      switch (c) {
        case 0x0a:
          this.#line++;
          this.#lineStart = i + 1;
          this.#lineUsed = false;
          break;
        case 0x20:
        case 0x0d:
        case 0x09:
        case 0x1e: // the record separator of JSON text sequences
        case 0x2c:
          break;
        case 0x5b:
          if (!items) {
            this.#depth = 1;
            this.#kinds[1] = ARRAY;
            this.#itemsDepth = 1;
            this.#index = 0;
            this.#mode = ITEMS;
            return i + 1;
          }
          this.#begin(i);
          return i;
        case 0x7b:
        case 0x22:
          this.#begin(i);
          return i;
        case 0x5d:
          if (items) {
            this.#closeItems(i);
            return i + 1;
          }
          this.#beginStray();
          return i;
        default:
          this.#beginStray();
          return i;
      }
    }
    return to;
  }

  #begin(at: number): void {
    this.#mode = VALUE;
    this.#start = at;
    this.#startDepth = this.#depth;
    this.#startLine = this.#line;
    this.#startColumn = this.#lineUsed ? NOT_FIRST : at - this.#lineStart;
    this.#lineUsed = true;
    this.#previous = 0;
    this.#inString = false;
    this.#tooDeep = false;
    this.#discarding = false;
    this.#keyStart = -1;
    this.#child = null;
    if (this.#itemsDepth > 0) this.#index++;
    else {
      this.#tracking = true;
      this.#envelope = null;
      this.#envelopeBytes = 0;
      this.#envelopeDocuments = 0;
      this.#envelopeLine = this.#line;
    }
  }

  /** Inside a document: the column of `at` where nothing but blanks stands before it on its line. */
  #columnIfFirst(b: Uint8Array, at: number): number {
    if (this.#lineStart < Math.max(0, this.#start)) return NOT_FIRST;
    for (let i = this.#lineStart; i < at; i++) {
      const c = b[i];
      if (c !== 0x20 && c !== 0x09) return NOT_FIRST;
    }
    return at - this.#lineStart;
  }

  #closeItems(at: number): void {
    this.#depth = this.#itemsDepth - 1;
    this.#itemsDepth = 0;
    if (this.#envelope === null) {
      this.#mode = TOP;
      return;
    }
    // Back in the response: the bracket is the first byte kept of it.
    this.#mode = VALUE;
    this.#start = this.#discarding ? -1 : at;
    this.#startDepth = 0;
    this.#startLine = this.#envelopeLine;
    this.#tracking = true;
    this.#previous = 0x5d;
    this.#keyStart = -1;
    this.#child = null;
  }

  /** Inside a document or an envelope. Returns where it stopped: at `to`, or after the document's end, or where it broke. */
  #value(b: Uint8Array, from: number, to: number): number {
    let i = from;
    let previous = this.#previous;
    while (i < to) {
      if (this.#inString) {
        if (this.#escaped) {
          this.#escaped = false;
          if (b[i] !== 0x0a) i++;
          continue;
        }
        let c = 0;
        while (i < to) {
          c = b[i]!;
          if (c === 0x22 || c === 0x5c || c === 0x0a) break;
          i++;
        }
        if (i >= to) break;
        if (c === 0x5c) {
          this.#escaped = true;
          i++;
          continue;
        }
        if (c === 0x0a) {
          this.#inString = false;
          this.#broken("a string is not closed at the end of its line");
          return i;
        }
        this.#inString = false;
        if (this.#keyStart >= 0) {
          this.#endKey(b, i);
          this.#keyStart = -1;
        }
        previous = 0x22;
        i++;
        if (this.#depth === this.#startDepth) {
          this.#previous = previous;
          this.#emit(b, i);
          return i;
        }
        continue;
      }
      const c = b[i]!;
      switch (c) {
        case 0x20:
        case 0x09:
        case 0x0d:
          break;
        case 0x0a:
          this.#line++;
          this.#lineStart = i + 1;
          break;
        case 0x22:
          this.#inString = true;
          if (
            this.#tracking &&
            this.#depth <= DEEPEST_NODE &&
            this.#kinds[this.#depth] === OBJECT &&
            (previous === 0x7b || previous === 0x2c)
          ) {
            if ((this.#nodes[this.#depth] ?? null) !== null) {
              this.#keyStart = this.#discarding ? -1 : i + 1;
              this.#keyIsFirst = previous === 0x7b;
            }
            this.#child = null;
          }
          break;
        case 0x7b:
        case 0x5b:
          if (!this.#mayOpen(previous)) {
            // The document before lacks its end when this one begins a line no deeper than it did.
            if (c === 0x7b && this.#columnIfFirst(b, i) <= Math.min(this.#startColumn, NOT_FIRST - 1)) {
              this.#broken("it has no end before the next document begins");
              this.#mode = this.#itemsDepth > 0 ? ITEMS : TOP;
              this.#lineUsed = false;
              return i;
            }
          }
          this.#depth++;
          if (this.#depth <= this.#maxDepth) this.#kinds[this.#depth] = c === 0x7b ? OBJECT : ARRAY;
          else this.#tooDeep = true;
          previous = c;
          if (this.#tracking && this.#depth <= DEEPEST_NODE && this.#enter(b, i)) {
            this.#previous = previous;
            return i + 1;
          }
          break;
        case 0x7d:
        case 0x5d:
          if (this.#depth <= this.#maxDepth && this.#kinds[this.#depth] !== (c === 0x7d ? OBJECT : ARRAY)) {
            this.#broken(`${c === 0x7d ? "}" : "]"} where the other bracket is open`);
            return i;
          }
          this.#depth--;
          previous = c;
          if (this.#depth === this.#startDepth) {
            this.#previous = previous;
            this.#emit(b, i + 1);
            return i + 1;
          }
          break;
        case 0x2c:
        case 0x3a:
          previous = c;
          break;
        default:
          previous = 1;
      }
      i++;
    }
    this.#previous = previous;
    return to;
  }

  #mayOpen(previous: number): boolean {
    if (previous === 0 || previous === 0x3a || previous === 0x5b) return true;
    return previous === 0x2c && (this.#depth > this.#maxDepth || this.#kinds[this.#depth] === ARRAY);
  }

  #endKey(b: Uint8Array, end: number): void {
    this.#child = null;
    const keys = this.#nodes[this.#depth]?.keys;
    if (keys === undefined || end - this.#keyStart > 16) return;
    let key = "";
    for (let k = this.#keyStart; k < end; k++) key += String.fromCharCode(b[k]!);
    const child = keys.get(key);
    if (child !== undefined && (child.first !== true || this.#keyIsFirst)) this.#child = child;
  }

  /** A bracket was opened where nodes are followed. True when it opened an array of documents. */
  #enter(b: Uint8Array, at: number): boolean {
    const outer = this.#depth - 1;
    let node: PathNode | null;
    if (outer === 0) node = ROOT;
    else if (this.#kinds[outer] === OBJECT) node = this.#child;
    else node = this.#nodes[outer]?.element ?? null;
    this.#child = null;
    const isArray = b[at] === 0x5b;
    if (node !== null && isArray !== (node.documents === true || node.element !== undefined)) node = null;
    this.#nodes[this.#depth] = node;
    if (node?.documents !== true) return false;
    this.#envelope ??= [];
    this.#keepEnvelope(b, at + 1);
    this.#start = -1;
    this.#itemsDepth = this.#depth;
    this.#index = this.#envelopeDocuments;
    this.#tracking = false;
    this.#mode = ITEMS;
    return true;
  }

  #keepEnvelope(b: Uint8Array, end: number): void {
    if (this.#start < 0) return;
    this.#envelopeBytes += end - this.#start;
    if (this.#envelopeBytes <= MAX_ENVELOPE_BYTES) this.#envelope!.push(b.slice(this.#start, end));
  }

  #emit(b: Uint8Array, end: number): void {
    const start = this.#start;
    this.#mode = this.#itemsDepth > 0 ? ITEMS : TOP;
    if (this.#envelope !== null && this.#itemsDepth === 0) {
      this.#keepEnvelope(b, end);
      if (this.#envelopeBytes <= MAX_ENVELOPE_BYTES && !this.#discarding) {
        this.#handler.envelope(join(this.#envelope, this.#envelopeBytes), this.#envelopeDocuments, this.#envelopeLine);
      }
      this.#envelope = null;
      this.#start = -1;
      return;
    }
    if (this.#envelope !== null) this.#envelopeDocuments++;
    if (this.#discarding) this.#discarding = false;
    else if (end - start > this.#maxRecordBytes) this.#tooLong();
    else if (this.#tooDeep) this.#handler.fault("json/too-deep", `Skipped: nesting deeper than ${this.#maxDepth} levels`, this.#startLine);
    else this.#handler.document(b.subarray(start, end), this.#startLine, this.#index);
    this.#discarding = false;
    this.#start = -1;
  }

  #tooLong(): void {
    this.#handler.fault("json/record-too-long", `A document longer than ${this.#maxRecordBytes} bytes was skipped`, this.#startLine);
    this.#discarding = true;
    this.#start = -1;
    this.#keyStart = -1;
  }

  /** The document cannot be followed to its end. */
  #broken(reason: string): void {
    if (!this.#discarding) {
      const what = this.#envelope !== null && this.#itemsDepth === 0 ? "response" : "document";
      this.#handler.fault(
        "json/bad-document",
        `A broken ${what}: ${reason}; reading goes on at the next line that begins a document`,
        this.#startLine,
      );
    }
    this.#depth = this.#itemsDepth;
    this.#start = -1;
    this.#discarding = false;
    this.#inString = false;
    this.#escaped = false;
    if (this.#itemsDepth === 0) this.#envelope = null;
    else if (this.#envelope !== null) this.#envelopeDocuments++;
    this.#mode = RESYNC;
    this.#onlyBlanks = false;
  }

  #resync(b: Uint8Array, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const c = b[i]!;
      if (c === 0x0a) {
        this.#line++;
        this.#lineStart = i + 1;
        this.#onlyBlanks = true;
      } else if (this.#onlyBlanks && c !== 0x20 && c !== 0x09 && c !== 0x0d && c !== 0x2c) {
        if (i - this.#lineStart <= this.#startColumn && (c === 0x7b || (c === 0x5d && this.#itemsDepth > 0))) {
          this.#mode = this.#itemsDepth > 0 ? ITEMS : TOP;
          this.#lineUsed = false;
          return i;
        }
        this.#onlyBlanks = false;
      } else if (!this.#onlyBlanks) {
        const next = b.indexOf(0x0a, i);
        if (next < 0 || next >= to) return to;
        i = next - 1;
      }
    }
    return to;
  }

  #beginStray(): void {
    this.#mode = STRAY;
    this.#lineUsed = true;
    this.#stray = "";
    this.#strayLine = this.#line;
  }

  /** Text up to the end of the line, the next object, or (in an array) the next comma or bracket. */
  #strayText(b: Uint8Array, from: number, to: number): number {
    const items = this.#itemsDepth > 0;
    for (let i = from; i < to; i++) {
      const c = b[i]!;
      const first = this.#stray === "";
      if (c === 0x0a || c === 0x7b || (items && (c === 0x2c || (c === 0x5d && !first)))) {
        this.#endStray();
        return i;
      }
      if (this.#stray.length < STRAY_BYTES) this.#stray += String.fromCharCode(c);
    }
    return to;
  }

  #endStray(): void {
    if (this.#itemsDepth > 0) this.#index++;
    this.#mode = this.#itemsDepth > 0 ? ITEMS : TOP;
    this.#handler.stray(this.#stray.trim(), this.#strayLine);
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
