import { describe, expect, test } from "vitest";
import { QueryStore } from "./query-store.ts";

const LANGUAGES = ["eql", "kql", "lucene", "esql"];

function memory(initial: Record<string, string> = {}): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const items = new Map(Object.entries(initial));
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}
const eql = (text: string): { language: "eql"; text: string } => ({ language: "eql", text });

describe("saved and recent queries", () => {
  test("are there again in the next page, newest first, each once", () => {
    const storage = memory();
    const store = new QueryStore(storage, LANGUAGES);
    for (const text of ["a", "b", "a"]) store.ran(eql(text));
    store.save(eql("b"));
    store.save({ language: "kql", text: "b" });
    const again = new QueryStore(storage, LANGUAGES);
    expect(again.recent).toEqual([eql("a"), eql("b")]);
    expect(again.saved).toEqual([{ language: "kql", text: "b" }, eql("b")]);
    expect([again.isSaved(eql("b")), again.isSaved(eql("a"))]).toEqual([true, false]);
    again.forget(eql("b"));
    expect(new QueryStore(storage, LANGUAGES).saved).toEqual([{ language: "kql", text: "b" }]);
  });

  test("are bounded in number and length; nothing is not a query", () => {
    const store = new QueryStore(memory(), LANGUAGES);
    for (let n = 0; n < 100; n++) {
      store.ran(eql(String(n)));
      store.save(eql(String(n)));
    }
    store.ran(eql("x".repeat(20_001)));
    store.save(eql("  \n"));
    expect([store.recent.length, store.saved.length, store.recent[0], store.saved[0]]).toEqual([20, 50, eql("99"), eql("99")]);
  });

  test.each([
    "not JSON",
    "null",
    "7",
    '{"saved":7}',
    '{"saved":[null,7,{"text":1,"language":"eql"},{"text":"a","language":"cobol"},{"language":"eql"}]}',
    `{"saved":[{"language":"eql","text":"${"x".repeat(20_001)}"}]}`,
  ])("what is stored and is no query is left out: %s", (text) => {
    expect(new QueryStore(memory({ "tocsin.queries.v1": text }), LANGUAGES).saved).toEqual([]);
  });

  test("without a storage, or with one that is full, they stay as long as the page", () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error("QuotaExceededError");
      },
    };
    for (const storage of [null, full]) {
      const store = new QueryStore(storage, LANGUAGES);
      store.save(eql("a"));
      expect(store.saved).toEqual([eql("a")]);
    }
  });
});
