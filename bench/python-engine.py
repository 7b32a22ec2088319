"""CPU time of the Python engine `eql` (PyPI) alone.

The job names the rules and either the events, which are then parsed before the clock starts, or an NDJSON file, which is read
and parsed while it runs.
"""
import json
import sys
import time

import eql

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)
with eql.parser.elasticsearch_syntax, eql.parser.ignore_missing_functions:
    queries = [eql.parse_query(text, implied_any=True) for text in job["rules"]]


def event_of(number, event):
    return eql.Event(event["event"]["category"], number, event)


def read(path):
    with open(path, "rb") as file:
        for number, line in enumerate(file):
            yield event_of(number, json.loads(line))


parsed = [event_of(number, event) for number, event in enumerate(job.get("events", []))]
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
    start = time.process_time()
    engine.stream_events(read(job["file"]) if "file" in job else parsed, finalize=True)
    seconds.append(time.process_time() - start)
count_of_events = len(parsed)
if "file" in job:
    with open(job["file"], "rb") as file:
        count_of_events = sum(1 for _ in file)
print(json.dumps({"seconds": sorted(seconds)[len(seconds) // 2], "matches": matches, "events": count_of_events}))
