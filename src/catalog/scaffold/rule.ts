/** The file of a new rule. */
export interface ScaffoldOptions {
  /** `2026-11-24` */
  readonly today: string;
  /** A new UUID at each call. */
  readonly uuid: () => string;
}

export function scaffoldRuleText(id: string, { today, uuid }: ScaffoldOptions, asks: string): string {
  return `# One rule is one file. docs/package-format.md tells every key; text that is to be replaced begins with "Say".
id: ${id}
# The identity that never changes, whatever the rule is called.
uuid: '${uuid()}'
name: Say it in five words
version: '0.1.0'
# What it detects and why that matters, in two or three sentences.
description: Say what it detects and why that matters.
# source: the machine acted from; target: the machine acted on; hunt: many machines
layer: source
# detection alerts; building_block feeds other analysis; hunt is run by a person
kind: detection
lifecycle:
  # baseline, experimental, stable, deprecated
  status: experimental
  authored: '${today}'
  reviewed: '${today}'
severity: low
confidence: low
# 0 to 100; Elastic uses 21, 47, 73, 99 for the four severities
risk_score: 21
rating_reason: Say why this severity and this confidence.
# Summiting the Pyramid: 1 a value that is easily changed .. 5 the core of the technique; user- or kernel-mode event
robustness:
  level: 1
  event: user
  rationale: A file name, which anybody can change.
# EQL, as a literal block. Write here what the events of cases/${id.toLowerCase()}-attack hold.
query: |-
  process where event.type == "start" and process.name : "${asks}"
# The telemetry it runs on, and what has to be switched on for it
data_sources:
  - source: sysmon
    events: ['1']
    audit: 'Sysmon configuration: ProcessCreate, not excluding the images named in the query'
fields:
  required: [event.type, process.name]
  # Fields the rule works without (written ?field in the query)
  optional: []
# Where a scheduled rule looks
index_patterns: ['winlogbeat-*']
# The look-back covers the interval, maxspan of a sequence, and events that come late
schedule:
  interval: '5m'
  lookback: '9m'
# Alerts equal in these fields within the window are repeats
dedup:
  keys: [host.name, user.name, process.executable]
  window: '1h'
# Who and what an alert is about: source_host, source_address, target_host, user
entities:
  source_host: host.name
  user: user.name
# {field} is filled from the alert's events
alert_title: '{process.name} on {host.name} by {user.name}'
# To be shown first
investigation_fields: [host.name, user.name, process.command_line, process.parent.executable]
# What it cannot see
blind_spots: [Say what it cannot see.]
# How to get past it, and which rules still see that (none: [])
evasions:
  - how: Rename the program
    answered_by: []
# What else sets it off, how to tell, and the exception of tuning.yaml that answers it (or null)
false_positives:
  - scenario: Say who runs this for good reasons.
    tell: Say how to tell that from an attack.
    exception: null
# Tests of tests.yaml that it must catch on the remote path
tests: []
# Pages it rests on: {title: ..., url: https://...}
references: []
# Findings of \`tocsin lint\` that are suppressed, each with a reason: {code: broad-wildcard, reason: ...}
lint: []
`;
}
