import { windowsEventFromDump } from "../windows/evtx-dump.ts";
import { windowsEventOf } from "../windows/event-element.ts";
import { setOwn } from "./parse.ts";
import { parseXml, XmlError } from "../windows/xml.ts";
import { isObject, type DocumentRecord, type Json, type JsonObject, type LogLocation, type Problem, type Sink } from "../record.ts";

const MAX_XML_DEPTH = 256;

/** `_raw` of a row of Splunk's JSON export, wrapped in `result` or not, where it is a Windows event's XML (XmlWinEventLog). */
function splunkXml(doc: JsonObject): string | null {
  const row = isObject(doc["result"]) ? doc["result"] : doc;
  const raw = Object.hasOwn(row, "_raw") ? row["_raw"] : undefined;
  return typeof raw === "string" && raw.startsWith("<Event") ? raw : null;
}

/**
 * The shapes that documents travel in: Elasticsearch responses (`_search`, `_eql/search`, async search, `_msearch`, ES|QL), hits (elasticdump,
 * scroll dumps, Kibana's "copy as JSON"), bulk action and source pairs, and saved objects that hold no events. Everything else is a document as it stands.
 *
 * One object reads one file: bulk pairs and the counts of things that are no events need memory between documents.
 */
export class DocumentShapes {
  readonly #file: string;
  /** A bulk action whose source comes next. */
  #action: BulkAction | null = null;
  #isBulk = false;
  #savedObjects = new Map<string, number>();
  #savedObjectLine = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes one JSON value. `record` is its 1-based index where it stands in an array, 0 where it does not. */
  take(value: Json, line: number, record: number, sink: Sink): void {
    if (typeof value !== "object" || value === null) {
      this.#problem(
        sink,
        "json/not-an-object",
        "error",
        `A ${value === null ? "null" : typeof value} where an object is expected`,
        line,
        record,
      );
    } else if (Array.isArray(value)) {
      this.#takeAll(value, line, 0, sink);
    } else if (this.#action !== null) {
      this.#source(value, this.#action, line, record, sink);
    } else this.#document(value, line, record, sink);
  }

  /** Whether the next document belongs to the action of a bulk request. */
  get awaitsSource(): boolean {
    return this.#action !== null;
  }

  /** Nothing of the documents so far bears on those to come; false for good once there was a bulk action, which says what a file is. */
  get isFresh(): boolean {
    return !this.#isBulk && this.#savedObjects.size === 0;
  }

  /** Something unreadable stood where a document was due: if it was the source of a bulk action, that action is done with. */
  skip(): void {
    this.#action = null;
  }

  /** What surrounded documents that were streamed out of a response: the response with its arrays emptied. */
  envelope(response: Json, documents: number, line: number, sink: Sink): void {
    if (!isObject(response)) return;
    this.#checkResponse(response, documents, line, sink);
    const [wrapper, ...others] = Object.keys(response);
    if (wrapper !== undefined && WRAPPER_KEYS.has(wrapper) && others.length > 0) {
      const names = others.slice(0, 5).map((key) => `"${key.slice(0, 40)}"`);
      const message = `Read as a list of documents under "${wrapper}"; what stands beside it was not read: ${names.join(", ")}`;
      this.#problem(sink, "json/beside-documents", "warning", message, line, 0);
    }
  }

  end(sink: Sink): void {
    if (this.#action !== null) {
      this.#problem(
        sink,
        "bulk/missing-source",
        "error",
        "The file ends after a bulk action: its source line is missing",
        this.#action.line,
        0,
      );
      this.#action = null;
    }
    if (this.#savedObjects.size > 0) {
      const counts = [...this.#savedObjects].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ");
      this.#problem(
        sink,
        "elastic/no-events",
        "warning",
        `A Kibana export without events: ${counts}`,
        this.#savedObjectLine,
        0,
        "Export the events themselves: from Discover, with elasticdump, or as the response of a _search",
      );
    }
  }

  /** A row of Splunk whose raw text is the event's XML, which says more than the fields taken from it. */
  #splunkRow(xml: string, line: number, record: number, sink: Sink): boolean {
    try {
      const event = windowsEventOf(parseXml(xml, MAX_XML_DEPTH));
      if (event === null) return false;
      sink.record({ kind: "windows", place: this.#place(line, record), event });
      return true;
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#problem(sink, "xml/bad-event", "warning", `The XML in _raw could not be read: ${error.message}`, line, record);
      return false;
    }
  }

  #takeAll(values: readonly Json[], line: number, depth: number, sink: Sink): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Array.isArray(value) && depth < 1) this.#takeAll(value, line, depth + 1, sink);
      else if (typeof value !== "object" || value === null || Array.isArray(value)) {
        this.#problem(sink, "json/not-an-object", "error", "An array element that is no object", line, i + 1);
      } else if (this.#action !== null) this.#source(value, this.#action, line, i + 1, sink);
      else this.#document(value, line, i + 1, sink);
    }
  }

  #document(doc: JsonObject, line: number, record: number, sink: Sink): void {
    if (doc["_index"] !== undefined || doc["_id"] !== undefined) {
      if (isObject(doc["_source"]) || isObject(doc["fields"])) return this.#hit(doc, line, record, sink);
      // `_eql/search` fills the gaps of a sequence with missing events; they stand for nothing.
      if (doc["missing"] === true) return;
      if (onlyHitKeys(doc)) {
        return this.#problem(
          sink,
          "elastic/no-source",
          "error",
          "A hit without _source and without fields",
          line,
          record,
          'Repeat the search without "_source": false',
        );
      }
    } else if (isObject(doc["_source"]) && onlyHitKeys(doc)) return this.#hit(doc, line, record, sink);
    // The documents of an ingest simulation lie one level deeper.
    const inner = doc["doc"];
    if (isObject(inner) && isObject(inner["_source"]) && onlyHitKeys(inner)) return this.#hit(inner, line, record, sink);
    if (isObject(doc["Event"])) {
      const event = windowsEventFromDump(doc);
      if (event !== null) {
        sink.record({ kind: "windows", place: this.#place(line, record), event });
        return;
      }
    }
    const xml = splunkXml(doc);
    if (xml !== null && this.#splunkRow(xml, line, record, sink)) return;
    const action = bulkAction(doc, line);
    if (action !== null) {
      this.#isBulk = true;
      if (action.operation !== "delete") this.#action = action;
      return;
    }
    if (isObject(doc["hits"]) || doc["response"] !== undefined || doc["rawResponse"] !== undefined || doc["responses"] !== undefined) {
      if (this.#response(doc, line, sink)) return;
    }
    if (Array.isArray(doc["columns"]) && this.#table(doc, line, sink)) return;
    if (doc["error"] !== undefined && typeof doc["status"] === "number" && isErrorResponse(doc)) {
      return this.#problem(
        sink,
        "elastic/error-response",
        "error",
        `Elasticsearch answered with an error: ${errorReason(doc)}`,
        line,
        record,
      );
    }
    const wrapped = wrapperKey(doc);
    if (wrapped !== null) {
      this.#takeAll(doc[wrapped] as Json[], line, 1, sink);
      return this.#checkResponse(doc, 0, line, sink);
    }
    const kind = savedObjectKind(doc);
    if (kind !== null) {
      if (this.#savedObjects.size === 0) this.#savedObjectLine = line;
      this.#savedObjects.set(kind, (this.#savedObjects.get(kind) ?? 0) + 1);
      return;
    }
    this.#emit(doc, line, record, undefined, undefined, sink);
  }

  #hit(hit: JsonObject, line: number, record: number, sink: Sink): void {
    const source = hit["_source"];
    let document = isObject(source) ? source : {};
    if (isObject(hit["fields"])) document = mergeFields(document, hit["fields"]);
    if (isObject(hit["ignored_field_values"])) document = mergeFields(document, hit["ignored_field_values"]);
    this.#emit(document, line, record, asText(hit["_id"]), asText(hit["_index"]), sink);
  }

  /** The source line of a bulk action. An update carries its document in `doc` (or `upsert`). */
  #source(doc: JsonObject, action: BulkAction, line: number, record: number, sink: Sink): void {
    this.#action = null;
    let document = doc;
    if (action.operation === "update") {
      const body = isObject(doc["doc"]) ? doc["doc"] : doc["upsert"];
      if (!isObject(body)) {
        return this.#problem(sink, "bulk/no-document", "warning", "A bulk update by script holds no document", line, record);
      }
      document = body;
    }
    this.#emit(document, line, record, action.id, action.index, sink);
  }

  /** A whole response that was parsed in one piece. False where the object only looks like one. */
  #response(doc: JsonObject, line: number, sink: Sink): boolean {
    const responses = doc["responses"];
    if (Array.isArray(responses)) {
      if (!responses.every((r) => isObject(r) && (isObject(r["hits"]) || r["error"] !== undefined))) return false;
      for (const response of responses as JsonObject[]) this.#document(response, line, 0, sink);
      return true;
    }
    const inner = doc["response"] ?? doc["rawResponse"];
    if (isObject(inner) && isObject(inner["hits"])) {
      if (!this.#response(inner, line, sink)) return false;
      this.#checkPartial(doc, line, sink);
      return true;
    }
    const hits = doc["hits"];
    if (!isObject(hits)) return false;
    let count = 0;
    if (Array.isArray(hits["sequences"])) {
      for (const sequence of hits["sequences"]) {
        if (!isObject(sequence) || !Array.isArray(sequence["events"])) continue;
        for (const event of sequence["events"]) if (isObject(event)) this.#document(event, line, ++count, sink);
      }
    } else {
      const list = hits["hits"] ?? hits["events"];
      if (!Array.isArray(list)) return false;
      for (const hit of list) {
        count++;
        if (isObject(hit)) this.#document(hit, line, count, sink);
        else this.#problem(sink, "json/not-an-object", "error", "A hit that is no object", line, count);
      }
    }
    this.#checkResponse(doc, count, line, sink);
    return true;
  }

  /** Says when a response is not the whole answer, which nobody sees in the hits themselves. */
  #checkResponse(response: JsonObject, documents: number, line: number, sink: Sink): void {
    this.#checkPartial(response, line, sink);
    const inner = response["response"] ?? response["rawResponse"];
    if (isObject(inner)) return this.#checkResponse(inner, documents, line, sink);
    const shards = response["_shards"];
    if (response["timed_out"] === true || (isObject(shards) && typeof shards["failed"] === "number" && shards["failed"] > 0)) {
      this.#problem(
        sink,
        "elastic/partial-response",
        "warning",
        "The search timed out or failed on some shards: hits are missing",
        line,
        0,
      );
    }
    const hits = response["hits"];
    if (!isObject(hits) || Array.isArray(hits["sequences"])) return;
    const total = isObject(hits["total"]) ? hits["total"]["value"] : hits["total"];
    if (typeof total === "number" && total > documents) {
      const atLeast = isObject(hits["total"]) && hits["total"]["relation"] === "gte" ? "at least " : "";
      this.#problem(
        sink,
        "elastic/not-all-hits",
        "warning",
        `The response holds ${documents} of ${atLeast}${total} hits`,
        line,
        0,
        'Search with a larger "size", or page through all hits (search_after, scroll, elasticdump)',
      );
    }
  }

  #checkPartial(response: JsonObject, line: number, sink: Sink): void {
    if (response["is_partial"] === true || response["is_running"] === true) {
      this.#problem(sink, "elastic/partial-response", "warning", "The response is partial: the search was still running", line, 0);
    }
  }

  /** ES|QL and SQL answers: `columns` and rows of `values`. Nulls are missing fields. */
  #table(doc: JsonObject, line: number, sink: Sink): boolean {
    const columns = doc["columns"] as Json[];
    const rows = doc["values"] ?? doc["rows"];
    if (!Array.isArray(rows) || columns.length === 0 || !columns.every((c) => isObject(c) && typeof c["name"] === "string")) return false;
    const names = columns.map((c) => (c as JsonObject)["name"] as string);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (!Array.isArray(row)) {
        this.#problem(sink, "json/not-an-object", "error", "A row that is no array", line, i + 1);
        continue;
      }
      const document: JsonObject = {};
      for (let c = 0; c < names.length; c++) {
        const cell = row[c];
        if (cell !== null && cell !== undefined) setOwn(document, names[c]!, cell);
      }
      this.#emit(document, line, i + 1, asText(document["_id"]), asText(document["_index"]), sink);
    }
    return true;
  }

  #emit(document: JsonObject, line: number, record: number, id: string | undefined, index: string | undefined, sink: Sink): void {
    const found: { -readonly [K in keyof DocumentRecord]: DocumentRecord[K] } = {
      kind: "document",
      place: this.#place(line, record),
      document,
    };
    if (id !== undefined) found.id = id;
    if (index !== undefined) found.index = index;
    sink.record(found);
  }

  #place(line: number, record: number): LogLocation {
    return record > 0 ? { file: this.#file, line, record } : { file: this.#file, line };
  }

  #problem(sink: Sink, code: string, severity: Problem["severity"], message: string, line: number, record: number, help?: string): void {
    const place = this.#place(line, record);
    sink.problem(help === undefined ? { code, severity, message, place } : { code, severity, message, place, help });
  }
}

const asText = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** What a hit may hold beside its document. */
const HIT_KEYS = new Set(
  "_index _id _type _score _source _version _seq_no _primary_term _routing _ignored fields ignored_field_values sort highlight inner_hits matched_queries missing found".split(
    " ",
  ),
);

function onlyHitKeys(doc: JsonObject): boolean {
  for (const key in doc) if (!HIT_KEYS.has(key)) return false;
  return true;
}

interface BulkAction {
  readonly operation: string;
  readonly line: number;
  readonly id?: string;
  readonly index?: string;
}

const BULK_META = new Set(
  "_index _id _type routing _routing pipeline version version_type op_type require_alias require_data_stream dynamic_templates if_seq_no if_primary_term retry_on_conflict list_executed_pipelines _source _parent parent".split(
    " ",
  ),
);

/** A bulk action line: one key, one of four words, over an object of metadata alone. An event that looks like this does not exist. */
function bulkAction(doc: JsonObject, line: number): BulkAction | null {
  const meta = doc["create"] ?? doc["index"] ?? doc["update"] ?? doc["delete"];
  if (!isObject(meta)) return null;
  let operation = "";
  for (const key in doc) {
    if (operation !== "") return null;
    operation = key;
  }
  for (const key in meta) if (!BULK_META.has(key)) return null;
  const id = asText(meta["_id"]);
  const index = asText(meta["_index"]);
  return { operation, line, ...(id === undefined ? {} : { id }), ...(index === undefined ? {} : { index }) };
}

/** A document with none of these keys is one as it stands, unless the action of a bulk request came before it. */
export const FORM_KEYS: readonly string[] = (
  "_index _id _source doc Event result _raw create index update delete hits response rawResponse responses columns status events expected Records " +
  "docs value items rule_id savedObjectId exported_count exportedCount exported_rules_count attributes list_id"
).split(" ");

/** Objects around an array of documents, by their first key: pipeline tests, cloud exports, ingest simulations. */
export const WRAPPER_KEYS: ReadonlySet<string> = new Set(["events", "expected", "Records", "docs"]);

/** What may stand beside the documents in a page of an API's list, by the key of the list: Azure and Microsoft Graph; Google and Kubernetes. */
const BESIDE_A_LIST: Readonly<Record<string, ReadonlySet<string>>> = {
  value: new Set(["@odata.context", "@odata.count", "@odata.nextLink", "nextLink"]),
  items: new Set(["kind", "apiVersion", "metadata", "etag", "nextPageToken"]),
};

function wrapperKey(doc: JsonObject): string | null {
  for (const key in doc) {
    if (WRAPPER_KEYS.has(key)) return isListOfObjects(doc[key]) ? key : null;
    break;
  }
  for (const list in BESIDE_A_LIST)
    if (isListOfObjects(doc[list]) && Object.keys(doc).every((key) => key === list || BESIDE_A_LIST[list]!.has(key))) return list;
  return null;
}

function isListOfObjects(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((element) => isObject(element));
}

function isErrorResponse(doc: JsonObject): boolean {
  for (const key in doc) if (key !== "error" && key !== "status") return false;
  return true;
}

function errorReason(doc: JsonObject): string {
  const error = doc["error"];
  const reason = isObject(error) ? (asText(error["reason"]) ?? asText(error["type"])) : asText(error);
  return `${doc["status"] as number}${reason === undefined ? "" : ` ${reason.slice(0, 200)}`}`;
}

/** What a saved object or export line of Kibana is, for people; null where the document is no such thing. */
function savedObjectKind(doc: JsonObject): string | null {
  if (
    typeof doc["rule_id"] === "string" &&
    typeof doc["type"] === "string" &&
    doc["risk_score"] !== undefined &&
    doc["@timestamp"] === undefined
  ) {
    return "detection rule";
  }
  if (typeof doc["savedObjectId"] === "string" && (doc["dataProviders"] !== undefined || doc["kqlQuery"] !== undefined)) return "timeline";
  if (typeof doc["exported_count"] === "number" || typeof doc["exportedCount"] === "number") return "export summary line";
  if (typeof doc["exported_rules_count"] === "number") return "export summary line";
  if (isObject(doc["attributes"]) && Array.isArray(doc["references"]) && typeof doc["type"] === "string" && typeof doc["id"] === "string") {
    return `saved object (${doc["type"].slice(0, 40)})`;
  }
  if (typeof doc["list_id"] === "string" && typeof doc["namespace_type"] === "string") return "exception list entry";
  return null;
}

/**
 * The `fields` of a hit laid under its `_source`: every value there is an array and every name dotted. What `_source` has wins; arrays
 * of one element become the element; a multi-field (`process.name.text` beside `process.name`) is dropped.
 */
export function mergeFields(source: JsonObject, fields: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const key of Object.keys(source)) setOwn(merged, key, source[key]!);
  for (const name of Object.keys(fields)) {
    if (name.length <= MAX_NAME && (has(source, name) || isMultiField(name, fields))) continue;
    const value = fields[name]!;
    setOwn(merged, name, Array.isArray(value) && value.length === 1 ? value[0]! : value);
  }
  return merged;
}

/** Field names are short; looking for the parents of a longer one would take time beyond linear. */
const MAX_NAME = 512;

/** Whether the object has a value under the dotted name, or a scalar on the way there; keys may be dotted, nested or mixed. */
function has(object: JsonObject, name: string): boolean {
  if (Object.hasOwn(object, name)) return true;
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const head = name.slice(0, dot);
    if (!Object.hasOwn(object, head)) continue;
    const inner = object[head]!;
    if (!isObject(inner) || has(inner, name.slice(dot + 1))) return true;
  }
  return false;
}

function isMultiField(name: string, fields: JsonObject): boolean {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const parent = name.slice(0, dot);
    if (!Object.hasOwn(fields, parent)) continue;
    const value = fields[parent];
    if (!(Array.isArray(value) && value.some((element) => isObject(element)))) return true;
  }
  return false;
}
