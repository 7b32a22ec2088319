"""Runs rules as Panther does: {rules: {name: source}, events} in, of each rule the numbers of the events it is true of out."""

import json
import sys

asked = json.load(sys.stdin)
found = {}
for name, source in asked["rules"].items():
    module = {}
    exec(compile(source, name, "exec"), module)
    found[name] = [at for at, event in enumerate(asked["events"]) if module["rule"](event)]
json.dump(found, sys.stdout)
