import { describe, expect, test } from "vitest";
import { compileFilter, type EventDocument } from "../../eql/index.ts";
import { loadSigma, readFieldMap, readPipeline, type Pipeline, type SigmaCollection } from "../index.ts";
import { CONDITION_TYPES } from "./conditions.ts";
import { TRANSFORMATIONS } from "./transformations.ts";

const STARTED = "{product: windows, category: process_creation}";

function rule(selection: string, { logsource = STARTED, condition = "s", more = "" } = {}): string {
  return `title: t\nid: i\n${more}logsource: ${logsource}\ndetection:\n  s: ${selection}\n  condition: ${condition}\n`;
}

/** A pipeline of these transformations, each a line of flow YAML. */
function pipeline(...transformations: readonly string[]): Pipeline {
  return read(`name: p\ntransformations:\n${transformations.map((one) => `  - ${one}\n`).join("")}`);
}

function read(text: string): Pipeline {
  const { pipeline: made, problems } = readPipeline({ path: "p.yml", text });
  expect(problems.filter(({ message }) => !message.includes("is_sigma_correlation_rule"))).toEqual([]);
  return made!;
}

function load(text: string, ...pipelines: readonly Pipeline[]): SigmaCollection {
  return loadSigma([{ path: "r.yml", text }], { pipelines });
}

function matches(text: string, event: EventDocument, ...pipelines: readonly Pipeline[]): boolean {
  const { rules, problems } = load(text, ...pipelines);
  expect(problems.filter(({ code }) => code !== "sigma/unmapped-field")).toEqual([]);
  return compileFilter(rules[0]!.query.filter)(event);
}

function problemsOf(text: string, ...pipelines: readonly Pipeline[]): string[] {
  return load(text, ...pipelines).problems.map(({ code, message, place }) => `${place.line}: ${code}: ${message}`);
}

describe("names of fields", () => {
  test("a field is where the pipeline says, and no table is asked for the events", () => {
    const p = pipeline("{type: field_name_mapping, mapping: {Image: proc.exe}}");
    expect(matches(rule("{Image|endswith: '\\cmd.exe'}"), { proc: { exe: "C:\\cmd.exe" } }, p)).toBe(true);
    expect(matches(rule("{Image|endswith: '\\cmd.exe'}"), { "proc.exe": "C:\\cmd.exe" }, p)).toBe(true);
    expect(matches(rule("{Image|endswith: '\\cmd.exe'}"), { process: { executable: "C:\\cmd.exe" } }, p)).toBe(false);
  });

  test("one to many is any of them; what must not be there is in none", () => {
    const p = pipeline("{type: field_name_mapping, mapping: {Image: [a, b]}}");
    expect(matches(rule("{Image: x}"), { b: "X" }, p)).toBe(true);
    expect(matches(rule("{Image: null}"), { b: "x" }, p)).toBe(false);
    expect(matches(rule("{Image|exists: false}"), { a: "x" }, p)).toBe(false);
    expect(matches(rule("{Image|neq: x}"), { a: "y", b: "x" }, p)).toBe(false);
    expect(matches(rule("{Image|neq: x}"), { a: "y", b: "y" }, p)).toBe(true);
  });

  test("keywords of a field that a null key names", () => {
    const p = pipeline("{type: field_name_mapping, mapping: {null: raw}}");
    expect(matches(rule("[mimi, katz]"), { raw: "a mimi b" }, p)).toBe(true);
    expect(matches(rule("[mimi]"), { other: "a mimi b" }, p)).toBe(false);
  });

  test("prefixes, suffixes, and one after the other", () => {
    const event = { win: { eventdata: { Image_s: "x" } } };
    const p = pipeline("{type: field_name_prefix, prefix: win.eventdata.}", "{type: field_name_suffix, suffix: _s}");
    expect(matches(rule("{Image: x}"), event, p)).toBe(true);
    const q = pipeline("{type: field_name_prefix_mapping, mapping: {Pa: [p.], P: [other.]}}");
    expect(matches(rule("{ParentImage: x}"), { p: { rentImage: "x" } }, q)).toBe(true);
  });

  test("of the fields that conditions name", () => {
    const only = (conditions: string): Pipeline => pipeline(`{type: field_name_prefix, prefix: p., ${conditions}}`);
    const event = { p: { Image: "x" }, User: "y", "process.command_line": "y" };
    const both = rule("{Image: x, User: y}");
    expect(matches(both, event, only("field_name_conditions: [{type: include_fields, fields: [Image]}]"))).toBe(true);
    expect(matches(both, event, only("field_name_conditions: [{type: exclude_fields, fields: [User]}]"))).toBe(true);
    expect(matches(both, event, only("field_name_conditions: [{type: include_fields, mode: re, fields: ['I.*g']}]"))).toBe(true);
    expect(matches(both, event, only("field_name_conditions: [{type: include_fields, fields: [User]}], field_name_cond_not: true"))).toBe(
      true,
    );
    expect(matches(both, event, only("detection_item_conditions: [{type: match_string, cond: any, pattern: '^x'}]"))).toBe(true);
    expect(matches(both, event, only("field_name_conditions: [{type: include_fields, fields: [User]}]"))).toBe(false);
  });

  test("an item of which an earlier one renamed a reference counts as changed by it", () => {
    const p = pipeline(
      "{id: m, type: field_name_mapping, mapping: {ParentImage: b}}",
      "{type: field_name_prefix, prefix: p., field_name_conditions: [{type: processing_item_applied, processing_item_id: m}], field_name_cond_not: true}",
    );
    expect(matches(rule("{Image|fieldref: ParentImage}"), { Image: "x", b: "x" }, p)).toBe(true);
    expect(matches(rule("{Image: x, ParentImage: y}"), { p: { Image: "x" }, b: "y" }, p)).toBe(true);
  });

  test("references to fields are renamed, too", () => {
    const p = pipeline("{type: field_name_mapping, mapping: {Image: a, ParentImage: b}}");
    expect(matches(rule("{Image|fieldref: ParentImage}"), { a: "x", b: "X" }, p)).toBe(true);
    expect(matches(rule("{Image|fieldref: ParentImage}"), { a: "x", b: "y" }, p)).toBe(false);
  });

  test("a field that has no place beside others that have is named", () => {
    const p = pipeline("{type: field_name_mapping, mapping: {Image: proc.exe}}");
    expect(problemsOf(rule("{Image: x, User: y}"), p)).toEqual([
      "5: sigma/unmapped-field: No pipeline or field map has a place for `User`; it is looked for under that name",
    ]);
    expect(matches(rule("{Image: x, User: y}"), { proc: { exe: "x" }, User: "y" }, p)).toBe(true);
    expect(problemsOf(rule("{User: y}"), p)).toEqual([]);
  });

  test("what a correlation groups by is renamed as in its rule", () => {
    const text = `${rule("{Image: x}", { more: "name: n\n" })}---\ntitle: c\nid: c\ncorrelation: {type: event_count, rules: [n], group-by: [User], timespan: 5m, condition: {gte: 2}}\n`;
    const { correlations, problems } = load(text, pipeline("{type: field_name_mapping, mapping: {Image: a, User: [u1, u2]}}"));
    expect(problems).toEqual([]);
    expect(correlations[0]!.parts[0]!.groupBy).toEqual([["u1", "u2"]]);
  });
});

describe("log sources and conditions", () => {
  test("a condition is added, with the log source in its texts, or negated", () => {
    const event = (kind: string): EventDocument => ({ kind, Image: "x" });
    const text = rule("{Image: x}", { logsource: "{product: mine, service: own}" });
    const p = pipeline("{type: add_condition, template: true, conditions: {kind: '${product}-$service'}}");
    expect(matches(text, event("mine-own"), p)).toBe(true);
    expect(matches(text, event("other"), p)).toBe(false);
    const q = pipeline("{type: field_name_prefix, prefix: p.}", "{type: add_condition, negated: true, conditions: {kind: [a, b]}}");
    expect(matches(text, { p: { Image: "x" }, kind: "c" }, q)).toBe(true);
    expect(matches(text, { p: { Image: "x" }, kind: "b" }, q)).toBe(false);
    expect(load(text).rules).toEqual([]);
    // What events are not is no way to recognise them.
    expect(load(text, pipeline("{type: add_condition, negated: true, conditions: {kind: a}}")).rules).toEqual([]);
  });

  test("what was added is changed by later items as the rule is", () => {
    const p = pipeline("{type: add_condition, conditions: {kind: a}}", "{type: field_name_prefix, prefix: p.}");
    expect(matches(rule("{Image: x}"), { p: { Image: "x", kind: "a" } }, p)).toBe(true);
  });

  test("another log source is recognised by its own table", () => {
    const sysmon = pipeline(
      "{type: add_condition, conditions: {EventID: 1}, rule_conditions: [{type: logsource, category: process_creation}]}",
      "{type: change_logsource, product: windows, service: sysmon, rule_conditions: [{type: logsource, category: process_creation}]}",
    );
    const event = { "event.code": "1", "event.provider": "Microsoft-Windows-Sysmon", "process.executable": "x" };
    expect(matches(rule("{Image: x}"), event, sysmon)).toBe(true);
    expect(matches(rule("{Image: x}"), { ...event, "event.code": "5" }, sysmon)).toBe(false);
  });

  test("lower priorities first, and conditions on what ran before", () => {
    const first = read(
      "name: a\npriority: 10\ntransformations:\n  - {id: one, type: field_name_mapping, mapping: {Image: exe}}\n  - {type: set_state, key: k, val: 2}\n",
    );
    const second = read(
      [
        "name: b",
        "priority: 20",
        "transformations:",
        "  - {type: field_name_prefix, prefix: p., rule_conditions: [{type: processing_item_applied, processing_item_id: one}, {type: processing_state, key: k, val: 1, op: gt}]}",
        "  - {type: field_name_suffix, suffix: .s, field_name_conditions: [{type: processing_item_applied, processing_item_id: one}]}",
        "",
      ].join("\n"),
    );
    expect(matches(rule("{Image: x}"), { p: { exe: { s: "x" } } }, second, first)).toBe(true);
  });

  test("conditions with names in an expression", () => {
    const conditions =
      "rule_conditions: {w: {type: logsource, product: windows}, h: {type: tag, tag: attack.t1003}}, rule_cond_expr: w and not h";
    const p = pipeline(`{type: field_name_prefix, prefix: p., ${conditions}}`);
    expect(matches(rule("{Image: x}"), { p: { Image: "x" } }, p)).toBe(true);
    expect(load(rule("{Image: x}", { more: "tags: [attack.t1003]\n" }), p).rules[0]!.usedFields).toEqual(["Image"]);
  });

  test("attributes of the rule", () => {
    const applies = (conditions: string, more: string): boolean =>
      load(rule("{Image: x}", { more }), pipeline(`{type: field_name_prefix, prefix: p., rule_conditions: [${conditions}]}`)).rules[0]!
        .usedFields[0] === "p.Image";
    expect(applies("{type: rule_attribute, attribute: level, value: medium, op: gte}", "level: high\n")).toBe(true);
    expect(applies("{type: rule_attribute, attribute: level, value: medium, op: gte}", "level: low\n")).toBe(false);
    expect(applies("{type: rule_attribute, attribute: status, value: test, op: gte}", "status: stable\n")).toBe(true);
    expect(applies("{type: rule_attribute, attribute: tags, value: a.b, op: in}", "tags: [a.b]\n")).toBe(true);
    expect(applies("{type: contains_detection_item, field: Image, value: x}", "")).toBe(true);
    expect(applies("{type: contains_field, field: User}", "")).toBe(false);
    expect(applies("{type: is_sigma_correlation_rule}", "")).toBe(false);
  });

  test("items are dropped, and what is left without any is no condition", () => {
    const p = pipeline("{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [User]}]}");
    const selections = "{Image: x}\n  f: {User: y}";
    const started = { "event.code": "1", "event.provider": "Microsoft-Windows-Sysmon", "process.executable": "x" };
    expect(matches(rule(selections, { condition: "s and not f" }), started, p)).toBe(true);
    expect(matches(rule(selections, { condition: "s and 1 of f*" }), started, p)).toBe(true);
    expect(problemsOf(rule("{User: y}"), p)).toEqual(["6: sigma/nothing-left: The pipelines leave nothing of the condition"]);
  });

  test("filters go through the pipelines as their rules do", () => {
    const filter = "---\ntitle: f\nid: f\nlogsource: {product: windows}\nfilter: {rules: any, x: {User: admin}, condition: not x}\n";
    const p = pipeline("{type: field_name_mapping, mapping: {Image: exe, User: who}}");
    expect(matches(rule("{Image: x}") + filter, { exe: "x", who: "root" }, p)).toBe(true);
    expect(matches(rule("{Image: x}") + filter, { exe: "x", who: "admin" }, p)).toBe(false);
  });
});

describe("each condition holds of the rules, items and fields it says, and of no others", () => {
  /** The names of the fields after a prefix was given to what the conditions allow. */
  const namesOf = (conditions: string, selection: string, more = ""): string[] =>
    load(
      rule(selection, { more }),
      pipeline(
        "{id: first, type: field_name_mapping, mapping: {ParentImage: pi}}",
        "{type: set_state, key: n, val: 5}",
        "{type: set_custom_attribute, attribute: own, value: 5}",
        `{type: field_name_prefix, prefix: p., ${conditions}}`,
      ),
    ).rules[0]!.usedFields.slice();
  const ofRule = (...conditions: readonly string[]): string => `rule_conditions: [${conditions.join(", ")}]`;
  const ofItem = (condition: string): string => `detection_item_conditions: [${condition}]`;
  const state = (op: string, value: unknown): string => ofRule(`{type: processing_state, key: n, op: ${op}, val: ${String(value)}}`);
  const attribute = (name: string, op: string, value: unknown): string =>
    ofRule(`{type: rule_attribute, attribute: ${name}, op: ${op}, value: ${String(value)}}`);
  const MORE = "level: medium\nstatus: test\ntags: [a.b]\ndate: 2026-01-02\n";

  test.each([
    [state("eq", 5), true],
    [state("eq", 6), false],
    [state("eq", "'5'"), false],
    [state("ne", 6), true],
    [state("ne", 5), false],
    [state("ne", "'5'"), true],
    [state("gte", 5), true],
    [state("gte", 6), false],
    [state("gt", 4), true],
    [state("gt", 5), false],
    [state("lte", 5), true],
    [state("lte", 4), false],
    [state("lt", 6), true],
    [state("lt", 5), false],
    [ofRule("{type: processing_state, key: other, val: 5}"), false],
    [attribute("level", "eq", "medium"), true],
    [attribute("level", "gt", "medium"), false],
    [attribute("level", "lt", "high"), true],
    [attribute("status", "lte", "test"), true],
    [attribute("status", "lt", "stable"), true],
    [attribute("status", "gt", "stable"), false],
    [attribute("tags", "in", "a.b"), true],
    [attribute("tags", "in", "x.y"), false],
    [attribute("tags", "not_in", "x.y"), true],
    [attribute("tags", "not_in", "a.b"), false],
    [attribute("tags", "eq", "a.b"), false],
    [attribute("tags", "ne", "a.b"), true],
    [attribute("title", "eq", "t"), true],
    [attribute("date", "gte", "'2026-01-02'"), true],
    [attribute("date", "gt", "'2026-01-02'"), false],
    [attribute("author", "ne", "x"), false],
    [attribute("own", "eq", 5), true],
    [attribute("unknown", "ne", 5), false],
    [ofRule("{type: is_sigma_rule}"), true],
    [ofRule("{type: is_sigma_rule}", "{type: is_sigma_correlation_rule}"), false],
    [`${ofRule("{type: is_sigma_rule}", "{type: is_sigma_correlation_rule}")}, rule_cond_op: or`, true],
    [`${ofRule("{type: is_sigma_rule}")}, rule_cond_not: true`, false],
    [ofRule("{type: contains_detection_item, field: Image, value: x}"), true],
    [ofRule("{type: contains_detection_item, field: Image, value: y}"), false],
    [ofRule("{type: contains_detection_item, field: User, value: x}"), false],
    [ofRule("{type: processing_item_applied, processing_item_id: first}"), true],
    [ofRule("{type: processing_item_applied, processing_item_id: second}"), false],
  ])("%s: %j", (conditions, holds) => {
    expect(namesOf(conditions, "{Image: x}", MORE)).toEqual([holds ? "p.Image" : "Image"]);
  });

  test.each([
    ["{type: match_string, cond: any, pattern: a}", ["p.Image", "User", "pi", "ProcessId"]],
    ["{type: match_string, cond: all, pattern: a}", ["Image", "User", "pi", "ProcessId"]],
    ["{type: match_string, cond: all, pattern: '[ab]'}", ["p.Image", "User", "pi", "ProcessId"]],
    ["{type: match_value, cond: any, value: 4}", ["Image", "User", "pi", "p.ProcessId"]],
    ["{type: match_value, cond: any, value: '4'}", ["Image", "User", "pi", "ProcessId"]],
    ["{type: match_value, cond: any, value: b}", ["p.Image", "User", "pi", "ProcessId"]],
    ["{type: contains_wildcard, cond: any}", ["Image", "User", "p.pi", "ProcessId"]],
    ["{type: is_null, cond: all}", ["Image", "p.User", "pi", "ProcessId"]],
    ["{type: processing_item_applied, processing_item_id: first}", ["Image", "User", "p.pi", "ProcessId"]],
    ["{type: processing_state, key: n, val: 5}", ["p.Image", "p.User", "p.pi", "p.ProcessId"]],
  ])("of items: %s", (condition, expected) => {
    expect(namesOf(ofItem(condition), "{Image: [a, b], User: null, ParentImage|contains: w, ProcessId: 4}")).toEqual(expected);
  });
});

describe("values", () => {
  const mapped = "{type: field_name_mapping, mapping: {Image: exe, CommandLine: cmd}}";

  test("texts are replaced where they match, and wildcards stay wildcards", () => {
    const p = pipeline(mapped, String.raw`{type: replace_string, regex: '\\', replacement: /}`);
    expect(matches(rule("{Image|endswith: '\\bin\\sh'}"), { exe: "/usr/bin/sh" }, p)).toBe(true);
    // A backslash before a wildcard, which a text would take for an escape.
    const q = pipeline(mapped, "{type: replace_string, regex: foo, replacement: bar}");
    expect(matches(rule("{Image|contains: '\\foo\\'}"), { exe: "a\\bar\\b" }, q)).toBe(true);
    expect(matches(rule("{Image: '\\*foo'}"), { exe: "xbar" }, q)).toBe(false);
    expect(matches(rule("{Image: '\\*foo'}"), { exe: "*bar" }, q)).toBe(true);
    const r = pipeline(mapped, String.raw`{type: replace_string, regex: '^(\w+)-(?P<b>\w+)$', replacement: '\g<b>-\1*'}`);
    expect(matches(rule("{Image: a-b}"), { exe: "b-a-and-more" }, r)).toBe(true);
    const s = pipeline(mapped, String.raw`{type: replace_string, regex: 'x', replacement: '*', skip_special: true}`);
    expect(matches(rule("{Image: 'ax?'}"), { exe: "a*b" }, s)).toBe(true);
    expect(matches(rule("{Image: 'ax?'}"), { exe: "aab" }, s)).toBe(false);
  });

  test("what was replaced is read as a text, and what was not stays as it is", () => {
    const p = (regex: string, replacement: string): Pipeline =>
      pipeline(mapped, `{type: replace_string, regex: '${regex}', replacement: '${replacement}'}`);
    // A literal star whose backslash was replaced.
    expect(matches(rule(String.raw`{Image: 'x\*a'}`), { exe: "x/and a" }, p(String.raw`\\`, "/"))).toBe(true);
    expect(matches(rule(String.raw`{Image: 'x\*a'}`), { exe: "y*a" }, p("x", "y"))).toBe(true);
    expect(matches(rule(String.raw`{Image: 'x\*a'}`), { exe: "yba" }, p("x", "y"))).toBe(false);
  });

  test("values that stand for several are no texts to conditions and changes, as in pySigma", () => {
    const text = rule("{CommandLine|windash|contains: ' -x'}");
    const upper = pipeline(
      mapped,
      "{type: replace_string, regex: x, replacement: y}",
      "{type: field_name_suffix, suffix: .k, detection_item_conditions: [{type: contains_wildcard, cond: any}]}",
    );
    expect(matches(text, { cmd: "a /x" }, upper)).toBe(true);
    expect(matches(rule("{CommandLine|re: '.*x'}"), { cmd: "a /x" }, upper)).toBe(true);
  });

  test("each value of `all` stays one that must match", () => {
    const p = pipeline(mapped, "{type: map_string, mapping: {'*a*': ['*1*', '*2*'], '*b*': '*3*'}}");
    const text = rule("{CommandLine|contains|all: [a, b]}");
    expect(matches(text, { cmd: "2 3" }, p)).toBe(true);
    expect(matches(text, { cmd: "1 2" }, p)).toBe(false);
  });

  test("placeholders stand for variables, for anything, or for what the user says", () => {
    const text = rule("{CommandLine|expand|contains: ['%tool% %arg%']}");
    const p = read(
      `name: p\nvars: {tool: [psexec, paexec]}\ntransformations:\n  - ${mapped}\n  - {type: value_placeholders, include: [tool]}\n  - {type: wildcard_placeholders}\n`,
    );
    expect(matches(text, { cmd: "x paexec -s" }, p)).toBe(true);
    expect(matches(text, { cmd: "x other -s" }, p)).toBe(false);
    expect(problemsOf(text, pipeline("{type: value_placeholders}"))).toEqual([
      "5: sigma/pipeline-failure: The pipelines have no variable `tool` for the placeholder (p.yml, line 3); the rule is not run",
    ]);
  });

  test("numbers are replaced as the texts they are, names of placeholders are left out, and templates take any value", () => {
    expect(matches(rule("{Image: 12}"), { exe: "1-2" }, pipeline(mapped, "{type: replace_string, regex: '1', replacement: 1-}"))).toBe(
      true,
    );
    expect(matches(rule("{Image: 12}"), { exe: 12 }, pipeline(mapped, "{type: map_string, mapping: {'12': x}}"))).toBe(true);
    const excluding = pipeline(mapped, "{type: wildcard_placeholders, exclude: [b]}");
    expect(matches(rule("{Image|expand: '%a%x'}"), { exe: "anyx" }, excluding)).toBe(true);
    expect(problemsOf(rule("{Image|expand: '%b%x'}"), excluding)).toEqual([
      "5: sigma/unresolved-placeholder: Nothing says what `%b%` stands for",
    ]);
    const added = pipeline(mapped, "{type: add_condition, name: n, template: true, conditions: {a: 5, b: [$product, '${service}']}}");
    expect(matches(rule("{Image: x}"), { exe: "x", a: 5, b: "windows" }, added)).toBe(true);
    expect(matches(rule("{Image: x}"), { exe: "x", a: 5, b: "none" }, added)).toBe(true);
    expect(matches(rule("{Image: x}"), { exe: "x", a: 6, b: "windows" }, added)).toBe(false);
    // What a change leaves of a placeholder can still be given its values.
    const late = pipeline(mapped, "{type: replace_string, regex: x, replacement: y}", "{type: wildcard_placeholders}");
    expect(matches(rule("{Image|expand: ['%a%x', z]}"), { exe: "any-y" }, late)).toBe(true);
  });

  test("other changes of values", () => {
    expect(matches(rule("{Image|cased: AbC}"), { exe: "abc" }, pipeline(mapped, "{type: case, method: lower}"))).toBe(true);
    expect(matches(rule("{Image: AbC}"), { exe: "abc" }, pipeline(mapped, "{type: regex, method: plain}"))).toBe(false);
    expect(matches(rule("{Image: [a, b]}"), { exe: "7" }, pipeline(mapped, "{type: set_value, value: 7}"))).toBe(true);
    expect(
      matches(
        rule("{Image: null}"),
        { exe: "x" },
        pipeline(mapped, "{type: set_value, value: x, detection_item_conditions: [{type: is_null, cond: all}]}"),
      ),
    ).toBe(true);
  });

  test("hashes go to a field of their algorithm", () => {
    const p = pipeline(
      "{type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: h., field_name_conditions: [{type: include_fields, fields: [Hashes]}]}",
    );
    const digest = "0".repeat(32);
    expect(matches(rule(`{Hashes|contains: ['MD5=${digest}', 'IMPHASH=1']}`), { h: { MD5: digest } }, p)).toBe(true);
    expect(matches(rule(`{Hashes|contains: ['MD5=${digest}', 'SHA1=1']}`), { h: { SHA1: "1" } }, p)).toBe(true);
    expect(matches(rule(`{Hashes: '${digest}'}`), { h: { MD5: digest } }, p)).toBe(true);
    expect(matches(rule(`{Hashes: 'sha1|7'}`), { h: { MD5: "7" } }, p)).toBe(false);
    expect(problemsOf(rule("{Hashes: IMPHASH=1}"), p)).toEqual([
      "5: sigma/pipeline-failure: None of the hashes is of MD5, SHA1 (p.yml, line 3); the rule is not run",
    ]);
    const bare = pipeline("{type: hashes_fields, valid_hash_algos: [MD5], field_prefix: hash, drop_algo_prefix: true}");
    expect(matches(rule("{Hashes: MD5=1}"), { hash: "1" }, bare)).toBe(true);
  });

  test("the list of fields", () => {
    const p = pipeline("{type: add_field, field: [a, b]}", "{type: remove_field, field: Image}", "{type: field_name_suffix, suffix: _s}");
    expect(load(rule("{Image: x}", { more: "fields: [Image, User]\n" }), p).rules[0]!.fields).toEqual(["User_s", "a_s", "b_s"]);
  });
});

describe("what does not run", () => {
  test("an unsupported transformation: the rules that it touches, with its place", () => {
    const p = pipeline("{type: extract_fields, field_name_conditions: [{type: include_fields, fields: [Hashes]}]}");
    const { rules, problems } = load(rule("{Hashes|contains: MD5=ab}"), p);
    expect(rules).toEqual([]);
    expect(problems).toMatchObject([
      {
        severity: "warning",
        code: "sigma/pipeline-unsupported",
        message: "the transformation `extract_fields` is not supported (p.yml, line 3); the rule is not run",
      },
    ]);
    expect(load(rule("{Image: x}"), p)).toMatchObject({ rules: [{}], problems: [] });
  });

  test("an unsupported condition or expression may hold of every rule", () => {
    for (const conditions of [
      "rule_conditions: [{type: new_one}]",
      "detection_item_conditions: [{type: match_string, cond: any, pattern: '(?=x)'}]",
    ])
      expect(load(rule("{Image: x}"), pipeline(`{type: field_name_prefix, prefix: p., ${conditions}}`))).toMatchObject({
        rules: [],
        problems: [{ code: "sigma/pipeline-unsupported", severity: "warning" }],
      });
  });

  test("a query of another platform in place of a value", () => {
    const p = pipeline("{type: query_expression_placeholders, expression: '{field} in list({id})'}");
    expect(problemsOf(rule("{Image|expand: '%x%'}"), p)).toEqual([
      "5: sigma/pipeline-unsupported: `query_expression_placeholders` puts a query of another platform where `%x%` stands (p.yml, line 3); the rule is not run",
    ]);
    expect(load(rule("{Image: x}"), p).rules).toHaveLength(1);
  });

  test("failures that the pipeline asks for, inside of others as well", () => {
    const failing = (conditions: string): Pipeline =>
      pipeline(`{type: nest, items: [{type: detection_item_failure, message: no users, ${conditions}}]}`);
    const p = failing("field_name_conditions: [{type: include_fields, fields: [User]}]");
    expect(problemsOf(rule("{User: x}"), p)).toEqual(["5: sigma/pipeline-failure: no users (p.yml, line 3); the rule is not run"]);
    expect(load(rule("{Image: x}"), p).rules).toHaveLength(1);
    expect(load(rule("{Image: x}"), pipeline("{type: rule_failure, message: no}")).rules).toEqual([]);
    const strict = "{type: strict_field_mapping_failure}";
    expect(load(rule("{Image: x}"), pipeline(strict)).rules).toEqual([]);
    expect(load(rule("{Image: x}"), pipeline("{type: field_name_mapping, mapping: {Image: y}}", strict)).rules).toHaveLength(1);
    expect(load(rule("[keyword]"), pipeline(strict)).rules).toHaveLength(1);
  });

  test.each([
    ["transformations:\n  - {type: field_name_prefix}\n", "2:5 `field_name_prefix` needs `prefix`"],
    ["transformations:\n  - {type: field_name_prefix, prefix: a, prefx: b}\n", "2:42 `field_name_prefix` has no parameter `prefx`"],
    ["transformations:\n  - {id: a}\n", "2:5 The item has no `type`"],
    ["transformation: []\n", "1:1 `pipeline` has no parameter `transformation`"],
    [
      "transformations:\n  - {type: rule_failure, message: m, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: b}\n",
      "2:99 There is no condition `b`",
    ],
    ["transformations:\n  - {type: field_name_mapping, mapping: [a]}\n", "2:41 `mapping` is a map"],
    ["transformations:\n  - {type: field_name_mapping}\n", "2:5 `field_name_mapping` needs `mapping`"],
    ["transformations: {a: b}\n", "1:18 `transformations` is a list"],
    ["transformations: [a]\n", "1:19 An item of a pipeline is a map with a `type`"],
    ["transformations:\n  - {type: add_condition, conditions: {}}\n", "2:39 The selection is empty"],
    ["transformations:\n  - {type: case, method: title}\n", "2:26 `method` is lower, upper, snake_case, not `title`"],
    ["priority: high\n", "1:11 `priority` is a number"],
    ["a: [\n", "2:1 Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ])("%j is refused with its place", (text, expected) => {
    const { pipeline: made, problems } = readPipeline({ path: "p.yml", text });
    expect(made).toBeNull();
    expect(problems.map(({ place, message }) => `${place.line}:${place.column} ${message}`)).toEqual([expected]);
  });

  test("conditions on correlations are named", () => {
    const text = "transformations:\n  - {type: rule_failure, message: m, rule_conditions: [{type: is_sigma_correlation_rule}]}\n";
    expect(readPipeline({ path: "p", text }).problems).toMatchObject([
      { severity: "warning", code: "sigma/pipeline-ignored", place: { line: 2, column: 56 } },
    ]);
  });

  test("stages after the rule are named", () => {
    const { pipeline: made, problems } = readPipeline({ path: "p", text: "postprocessing: [{type: embed, prefix: 'index=a '}]\n" });
    expect(made).not.toBeNull();
    expect(problems).toMatchObject([{ severity: "warning", code: "sigma/pipeline-ignored" }]);
  });
});

describe("a field map", () => {
  const map = (text: string): Pipeline => {
    const { pipeline: made, problems } = readFieldMap({ path: "m.yml", text });
    expect(problems).toEqual([]);
    return made!;
  };

  test("has the places of fields, and how events are recognised", () => {
    const m = map(
      "Image: proc.exe\nCommandLine: [proc.cmd, cmd]\nlogsources:\n  - {product: windows, category: process_creation, condition: {kind: exec}}\n",
    );
    const text = rule("{Image: x, CommandLine|contains: y}");
    expect(matches(text, { kind: "exec", proc: { exe: "x" }, cmd: "a y" }, m)).toBe(true);
    expect(matches(text, { kind: "net", proc: { exe: "x" }, cmd: "a y" }, m)).toBe(false);
    // The condition speaks of the events' own fields.
    expect(
      matches(
        rule("{Image: x}"),
        { Image: "exec", proc: { exe: "x" } },
        map("Image: proc.exe\nlogsources: [{product: windows, condition: {Image: exec}}]\n"),
      ),
    ).toBe(true);
  });

  test("says where the events have their time, which is no field of rules", () => {
    const m = map("'@timestamp': [meta.when, when]\nImage: proc.exe\n");
    expect(m.timestampFields).toEqual(["meta.when", "when"]);
    expect(matches(rule("{Image: x}"), { proc: { exe: "x" } }, m)).toBe(true);
  });

  test("recognises a log source whose fields keep their names", () => {
    const m = map("logsources: [{category: process_creation, condition: {kind: exec}}]\n");
    expect(matches(rule("{Image: x}"), { kind: "exec", Image: "x" }, m)).toBe(true);
    expect(problemsOf(rule("{Image: x}"), m)).toHaveLength(1);
  });

  test.each([
    ["{}\n", "The field map is empty"],
    ["Image: {a: b}\n", "`Image` is a text or a list of texts"],
    ["logsources: [{product: a}]\n", "A log source has product, category or service, and a `condition`"],
    ["logsources: [{condition: {a: b}}]\n", "`logsource` names category, product or service"],
  ])("%j is refused", (text, message) => {
    expect(readFieldMap({ path: "m", text })).toMatchObject({ pipeline: null, problems: [{ message, severity: "error" }] });
  });
});

test("no pipeline changes a rule in silence: every transformation and condition of the documents is read or refused", () => {
  expect(Object.keys(TRANSFORMATIONS).length).toBeGreaterThan(20);
  expect(Object.values(CONDITION_TYPES).flat().length).toBeGreaterThan(15);
  expect(load(rule("{Image: x}"), pipeline("{type: __proto__}")).rules).toEqual([]);
});
