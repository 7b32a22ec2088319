// Find a process that is started and then connects to SMB within a minute: read and check the query, run it over a handful of events and over a
// stream of them.
import { check, compileFilter, parse, renderDiagnostics, search, stream, toResponse } from "tocsin/eql";

const text = `
  sequence by process.entity_id with maxspan=1m
    [process where event.type == "start" and process.name : "net*.exe"]
    [network where destination.port == 445]
`;

// Reading never throws: what is wrong comes back, several mistakes at once, each with its place and what to do about it.
const wrong = 'process where process.name = "net.exe" and process.pid < 4 < 5';
console.log(renderDiagnostics(wrong, parse(wrong).diagnostics));

const { query, diagnostics } = parse(text);
if (query === null) throw new Error(renderDiagnostics(text, diagnostics));

// What Elasticsearch would refuse of it, and what is most likely a mistake. A mapping or a list of fields makes it stricter.
const checked = check(query, { text, lookBackMs: 30_000 });
console.log(checked.diagnostics.map((one) => `${one.severity} ${one.code}`));

const events = [
  {
    _id: "1",
    _source: {
      "@timestamp": "2024-05-01T10:00:00Z",
      event: { category: ["process"], type: ["start"] },
      process: { entity_id: "p1", name: "NET.EXE" },
    },
  },
  {
    _id: "2",
    _source: {
      "@timestamp": "2024-05-01T10:00:09Z",
      event: { category: ["network"] },
      process: { entity_id: "p1" },
      destination: { port: 445 },
    },
  },
  {
    _id: "3",
    _source: {
      "@timestamp": "2024-05-01T10:00:10Z",
      event: { category: ["network"] },
      process: { entity_id: "p2" },
      destination: { port: 445 },
    },
  },
];

// One condition alone, as a function of a document.
const smb = parse("network where destination.port == 445").query;
if (smb?.kind === "event") {
  const matches = compileFilter(smb.filter);
  console.log(
    "to SMB",
    events.filter((event) => matches(event._source)).map((event) => event._id),
  );
}

// A bounded set: what Elasticsearch's _eql/search would answer.
const response = toResponse(search(query, events, { size: 100 }), 0);
for (const sequence of response.hits.sequences ?? [])
  console.log(
    "found",
    sequence.join_keys,
    sequence.events.map((event) => event._id),
  );

// A stream: events may come up to a minute late.
const running = stream(query, { lateness: 60_000 }, (match) =>
  console.log(
    "alert",
    match.keys,
    match.events.map((event) => event?._id),
  ),
);
for (const event of events.toReversed()) running?.push(event);
running?.end({ firePending: true });
console.log("late", running?.counts.late);
