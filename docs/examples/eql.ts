// Find a process that is started and then connects to SMB within a minute, in a handful of events and in a stream of them.
import { parse, search, stream, toResponse } from "tocsin/eql";

const { query, diagnostics } = parse(`
  sequence by process.entity_id with maxspan=1m
    [process where event.type == "start" and process.name : "net*.exe"]
    [network where destination.port == 445]
`);
if (query === null) throw new Error(diagnostics.map((one) => one.summary).join("\n"));

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
