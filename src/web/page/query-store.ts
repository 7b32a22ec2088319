import type { StoredQuery } from "../protocol.ts";

/** The name carries the version of what is stored; another one is left alone. */
const KEY = "tocsin.queries.v1";
const MAX_SAVED = 50;
const MAX_RECENT = 20;
/** A longer text is run and not remembered: the storage of a site has a few megabytes. */
const MAX_LENGTH = 20_000;

/**
 * Queries that somebody saved and those that ran last, newest first. They stay in this browser; where it keeps nothing (a private window, a
 * page from the disk, a full storage) they stay as long as the page does.
 */
export class QueryStore {
  #saved: readonly StoredQuery[] = [];
  #recent: readonly StoredQuery[] = [];
  readonly #storage: Pick<Storage, "getItem" | "setItem"> | null;
  readonly #languages: ReadonlySet<string>;

  constructor(storage: Pick<Storage, "getItem" | "setItem"> | null, languages: Iterable<string>) {
    this.#storage = storage;
    this.#languages = new Set(languages);
    this.#read();
  }

  get saved(): readonly StoredQuery[] {
    return this.#saved;
  }

  get recent(): readonly StoredQuery[] {
    return this.#recent;
  }

  isSaved(query: StoredQuery): boolean {
    return this.#saved.some((one) => isSame(one, query));
  }

  save(query: StoredQuery): void {
    this.#saved = inFront(query, this.#saved, MAX_SAVED);
    this.#write();
  }

  forget(query: StoredQuery): void {
    this.#saved = this.#saved.filter((one) => !isSame(one, query));
    this.#recent = this.#recent.filter((one) => !isSame(one, query));
    this.#write();
  }

  /** It was run. */
  ran(query: StoredQuery): void {
    this.#recent = inFront(query, this.#recent, MAX_RECENT);
    this.#write();
  }

  /** Another tab may have written meanwhile; what it wrote last holds. Whatever is not a query is left out. */
  #read(): void {
    try {
      const text = this.#storage?.getItem(KEY) ?? null;
      if (text === null) return;
      const stored: unknown = JSON.parse(text);
      this.#saved = this.#queries(stored, "saved", MAX_SAVED);
      this.#recent = this.#queries(stored, "recent", MAX_RECENT);
    } catch {
      // Nothing that can be read is nothing stored.
    }
  }

  #queries(stored: unknown, name: "saved" | "recent", max: number): StoredQuery[] {
    const list: unknown = typeof stored === "object" && stored !== null && Object.hasOwn(stored, name) ? stored[name as never] : null;
    if (!Array.isArray(list)) return [];
    return list.flatMap((one) => this.#query(one) ?? []).slice(0, max);
  }

  #query(one: unknown): StoredQuery | null {
    if (typeof one !== "object" || one === null || !("text" in one) || !("language" in one)) return null;
    const { text, language } = one;
    if (typeof text !== "string" || text.length > MAX_LENGTH || typeof language !== "string" || !this.#languages.has(language)) return null;
    return { text, language: language as StoredQuery["language"] };
  }

  #write(): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify({ saved: this.#saved, recent: this.#recent }));
    } catch {
      // The browser keeps no more: the page still does.
    }
  }
}

function inFront(query: StoredQuery, list: readonly StoredQuery[], max: number): readonly StoredQuery[] {
  if (query.text.trim() === "" || query.text.length > MAX_LENGTH) return list;
  return [query, ...list.filter((one) => !isSame(one, query))].slice(0, max);
}

function isSame(a: StoredQuery, b: StoredQuery): boolean {
  return a.language === b.language && a.text === b.text;
}

/** The browser's storage; null where it allows none, which some say by throwing. */
export function localStorageOrNull(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
