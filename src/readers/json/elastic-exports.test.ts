import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { mergeFields } from "./elastic-exports.ts";

const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const hit = (n: number): unknown => ({ _index: "logs-1", _id: `id${n}`, _score: 1, _source: { n } });
const page = (n: number): string => JSON.stringify({ took: 1, hits: { hits: [hit(n)] } }, null, 1);
/** Both ways of reading a response: parsed from one line, and streamed. */
const bothWays = (response: unknown): readonly string[] => [JSON.stringify(response), JSON.stringify(response, null, 2)];

describe("pages of lists", () => {
  test.each([
    ...bothWays({ Records: [{ n: 1 }, { n: 2 }] }),
    ...bothWays({ value: [{ n: 1 }, { n: 2 }] }),
    ...bothWays({ "@odata.context": "c", value: [{ n: 1 }, { n: 2 }], "@odata.nextLink": "x" }),
    ...bothWays({ kind: "admin#reports#activities", etag: "e", items: [{ n: 1 }, { n: 2 }] }),
    ...bothWays({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {}, items: [{ n: 1 }, { n: 2 }] }),
  ])("%#", (text) => {
    expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: [] });
  });

  test.each([{ name: "x", value: [{ n: 1 }] }, { value: [1, 2] }, { kind: "x", items: "none" }, { items: [{ n: 1 }], user: "eve" }])(
    "an event that has a list is an event %#",
    (document) => {
      expect(readAll(JSON.stringify(document))).toMatchObject({ documents: [document], codes: [] });
    },
  );
});

describe("responses", () => {
  test.each(bothWays({ took: 2, timed_out: false, hits: { total: { value: 2, relation: "eq" }, hits: [hit(1), hit(2)] } }))(
    "_search %#",
    (text) => {
      const read = readAll(text);
      expect(read.records).toMatchObject([
        { kind: "document", document: { n: 1 }, id: "id1", index: "logs-1", place: { record: 1 } },
        { document: { n: 2 }, id: "id2", place: { record: 2 } },
      ]);
      expect(read.codes).toEqual([]);
    },
  );

  test.each(bothWays({ is_partial: false, took: 1, hits: { total: { value: 2 }, events: [hit(1), hit(2)] } }))(
    "_eql/search events %#",
    (text) => {
      expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: [] });
    },
  );

  test.each(
    bothWays({
      took: 1,
      hits: {
        total: { value: 1 },
        sequences: [
          { join_keys: [["x"]], events: [hit(1), { _index: "", _id: "", _source: null, missing: true }, hit(2)] },
          { join_keys: ["y"], events: [hit(3)] },
        ],
      },
    }),
  )("_eql/search sequences %#", (text) => {
    expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }, { n: 3 }], codes: [] });
  });

  test.each(bothWays({ id: "x", is_partial: false, is_running: false, response: { took: 1, hits: { hits: [hit(1)] } } }))(
    "async search %#",
    (text) => {
      expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }], codes: [] });
    },
  );

  test.each(bothWays({ took: 1, responses: [{ hits: { hits: [hit(1)] } }, { hits: { hits: [hit(2)] } }] }))("_msearch %#", (text) => {
    expect(readAll(text).documents).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test.each(
    bothWays({ took: 1, timed_out: true, _shards: { failed: 1 }, hits: { total: { value: 10_000, relation: "gte" }, hits: [hit(1)] } }),
  )("what is missing from a response is reported %#", (text) => {
    const read = readAll(text);
    expect(read.documents).toEqual([{ n: 1 }]);
    expect(read.codes).toEqual(["elastic/partial-response 1", "elastic/not-all-hits 1"]);
    expect(read.problems[1]!.message).toBe("The response holds 1 of at least 10000 hits");
  });

  test("hits without a document, and an error for an answer", () => {
    expect(readAll(lines({ hits: { hits: [{ _index: "a", _id: "1" }] } })).problems).toMatchObject([
      { code: "elastic/no-source", severity: "error" },
    ]);
    const error = { error: { type: "security_exception", reason: "missing authentication credentials" }, status: 401 };
    expect(readAll(lines(error)).problems).toMatchObject([
      { code: "elastic/error-response", message: "Elasticsearch answered with an error: 401 missing authentication credentials" },
    ]);
  });

  test("ES|QL and SQL tables", () => {
    const table = {
      columns: [
        { name: "@timestamp", type: "date" },
        { name: "user.name", type: "keyword" },
      ],
      values: [
        ["2026-01-01", "a"],
        ["2026-01-02", null],
      ],
    };
    expect(readAll(lines(table)).documents).toEqual([{ "@timestamp": "2026-01-01", "user.name": "a" }, { "@timestamp": "2026-01-02" }]);
  });

  test("a broken hit costs itself, and a response cut off says so once", () => {
    const text = JSON.stringify({ took: 1, hits: { total: { value: 3 }, hits: [hit(1), hit(2), hit(3)] } }, null, 2);
    const broken = readAll(text.replace('"n": 2', '"n": "2'));
    expect(broken).toMatchObject({ documents: [{ n: 1 }, { n: 3 }], codes: ["json/bad-document 16"] });
    expect(broken.records[1]!.place.record).toBe(3);
    expect(readAll(text.slice(0, -20))).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: ["json/truncated 1"] });
  });

  test("two responses one after the other", () => {
    expect(readAll(`${page(1)}\n${page(2)}\n`).documents).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("an event with a field called hits is an event", () => {
    const doc = { "@timestamp": "t", hits: { count: 3 } };
    expect(readAll(lines(doc)).documents).toEqual([doc]);
    expect(readAll(JSON.stringify(doc, null, 2)).documents).toEqual([doc]);
  });
});

describe("dumps", () => {
  test("elasticdump lines", () => {
    expect(readAll(lines(hit(1), hit(2))).records).toMatchObject([{ id: "id1", index: "logs-1", document: { n: 1 } }, { id: "id2" }]);
  });

  test("a document's own _id beside its fields stays a document", () => {
    expect(readAll(lines({ _id: "x", event: { code: "1" } })).documents).toEqual([{ _id: "x", event: { code: "1" } }]);
  });

  test("bulk requests", () => {
    const read = readAll(
      lines(
        { index: { _index: "a", _id: "1" } },
        { n: 1 },
        { create: {} },
        { n: 2 },
        { delete: { _index: "a", _id: "1" } },
        { update: { _id: "3" } },
        { doc: { n: 3 }, doc_as_upsert: true },
        { update: { _id: "4" } },
        { script: { source: "x" } },
        { index: { _index: "b" } },
      ),
    );
    expect(read.documents).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(read.records).toMatchObject([{ id: "1", index: "a" }, {}, { id: "3" }]);
    expect(read.codes).toEqual(["bulk/no-document 9", "bulk/missing-source 10"]);
  });

  test("an unreadable source does not shift the pairs", () => {
    const read = readAll(`${lines({ index: { _id: "1" } })}{broken\n${lines({ index: { _id: "2" } }, { n: 2 })}`);
    expect(read.records).toMatchObject([{ id: "2", document: { n: 2 } }]);
    expect(read.codes).toEqual(["json/bad-line 2"]);
  });

  test("alerts stay documents", () => {
    const alert = {
      _index: ".internal.alerts-security.alerts-default-000001",
      _id: "a",
      _source: { "kibana.alert.rule.name": "r", event: { kind: "signal" } },
    };
    expect(readAll(lines(alert)).records).toMatchObject([{ index: alert._index, id: "a", document: { "kibana.alert.rule.name": "r" } }]);
  });

  test("lists under a well-known key, and what stands beside them", () => {
    const wrapped = { events: [{ n: 1 }, { n: 2 }] };
    for (const text of bothWays(wrapped)) expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: [] });
    const simulated = {
      docs: [{ doc: { _index: "i", _id: "1", _source: { n: 1 } } }, { _index: "i", _id: "2", found: true, _source: { n: 2 } }],
    };
    for (const text of bothWays(simulated)) expect(readAll(text)).toMatchObject({ documents: [{ n: 1 }, { n: 2 }], codes: [] });
    expect(readAll(JSON.stringify({ ...wrapped, note: "x" }, null, 2)).codes).toEqual(["json/beside-documents 1"]);
  });

  test("Kibana exports without events say so, once, with counts", () => {
    const rule = { rule_id: "r", type: "eql", language: "eql", query: "any where true", risk_score: 47, name: "n" };
    const read = readAll(lines(rule, { ...rule, rule_id: "s" }, { exported_count: 2, exported_rules_count: 2 }));
    expect(read.documents).toEqual([]);
    expect(read.problems).toMatchObject([
      {
        code: "elastic/no-events",
        severity: "warning",
        message: "A Kibana export without events: 2 detection rules, 1 export summary line",
      },
    ]);
    expect(readAll(lines({ savedObjectId: "t", dataProviders: [], kqlQuery: {} })).problems[0]!.message).toContain("1 timeline");
  });
});

describe("fields", () => {
  test("are laid under the source", () => {
    const source = { process: { name: "a.exe" }, "host.name": "h", user: "u" };
    const fields = {
      "process.name": ["A.EXE"],
      "process.name.text": ["a.exe"],
      "process.pid": [4],
      "host.name": ["other"],
      "user.name": ["n"],
      "event.category": ["process", "file"],
      "event.module": ["windows"],
      "event.module.text": ["windows"],
    };
    expect(mergeFields(source, fields)).toEqual({
      ...source,
      "process.pid": 4,
      "event.category": ["process", "file"],
      "event.module": "windows",
    });
  });

  test("alone make the document, with ignored values", () => {
    const found = { _index: "i", _id: "1", _ignored: ["a.b"], fields: { "a.c": [1] }, ignored_field_values: { "a.b": ["long"] } };
    expect(readAll(lines(found)).documents).toEqual([{ "a.c": 1, "a.b": "long" }]);
  });

  test("named __proto__ do no harm", () => {
    const read = readAll('{"_id":"1","fields":{"__proto__":[{"polluted":1}],"a":[1]}}\n');
    expect(Object.getPrototypeOf(read.documents[0])).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("with absurd names take linear time", () => {
    const before = performance.now();
    readAll(`{"_id":"1","fields":{"${"a.".repeat(500_000)}b":[1]},"_source":{"a":{}}}\n`);
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});

describe("rows of Splunk with the event's XML", () => {
  const xml =
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="P"/><EventID>7</EventID><EventRecordID>5</EventRecordID></System><EventData><Data Name="A">b</Data></EventData></Event>';

  test("_raw is read, wrapped in a result or not", () => {
    const read = readAll(lines({ preview: false, result: { _raw: xml, _time: "1" } }, { _raw: xml, A: "cut of" }));
    expect(read.records).toMatchObject([
      { kind: "windows", event: { system: { eventId: 7 } }, place: { line: 1 } },
      { kind: "windows", place: { line: 2 } },
    ]);
    expect(read.codes).toEqual([]);
  });

  test("where it cannot be read the row stays a document, and that is reported", () => {
    const read = readAll(lines({ result: { _raw: xml.slice(0, 60), a: 1 } }, { _raw: "key=value" }));
    expect(read.records).toMatchObject([{ kind: "document" }, { kind: "document" }]);
    expect(read.codes).toEqual(["xml/bad-event 1"]);
  });
});
