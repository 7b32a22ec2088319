"""Runs queries in an embedded ClickHouse (PyPI: chdb): {create, rows, queries} in, the numbers of the rows each finds out."""

import json
import sys
import tempfile

from chdb import session

asked = json.load(sys.stdin)
with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf8") as file:
    file.write(asked["rows"])
    file.flush()
    db = session.Session()
    db.query(asked["create"])
    db.query(f"INSERT INTO events SELECT * FROM file('{file.name}', 'JSONEachRow')")
    found = []
    for query in asked["queries"]:
        answer = str(db.query(f"SELECT DISTINCT _row FROM ({query}) ORDER BY _row", "TSV"))
        found.append([int(line) for line in answer.split()])
    json.dump(found, sys.stdout)
