"""Times the Python engine `eql` (PyPI) alone: rules and events come as JSON, already parsed before the clock starts."""
import json
import sys
import time

import eql

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)
with eql.parser.elasticsearch_syntax, eql.parser.ignore_missing_functions:
    queries = [eql.parse_query(text, implied_any=True) for text in job["rules"]]
events = [eql.Event(event["event"]["category"], number, event) for number, event in enumerate(job["events"])]
seconds = []
matches = 0
for _ in range(job["rounds"]):
    matches = 0

    def count(_event):
        global matches
        matches += 1

    engine = eql.PythonEngine({"flatten": True})
    for query in queries:
        engine.add_query(query)
    engine.add_output_hook(count)
    start = time.perf_counter()
    engine.stream_events(events, finalize=True)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(seconds)[len(seconds) // 2], "matches": matches}))
