export {
  byteText,
  clockText,
  count,
  cut,
  cutText,
  durationText,
  millisText,
  listText,
  percent,
  shareText,
  plural,
  spanText,
  timeText,
  type Cut,
} from "./format.ts";
export { ACT_COLUMNS, ALERT_COLUMNS, OUTCOMES, RULE_COLUMNS, WORDS } from "./words.ts";
export { ALERT_LIMITS, alertDetail, alertView, type AlertDetail, type AlertView, type Concerned, type StepView } from "./view/alert.ts";
export { actRulesText, actTitle, type ActRuleView, type ActSummary, type ActView } from "./view/act.ts";
export { incidentViews, type IncidentView } from "./view/incident.ts";
export { lanesView, msAt, type LaneAct, type LanesView } from "./view/lanes.ts";
export { lanesPicture, type PictureNode } from "./view/lanes-picture.ts";
export {
  alertCounts,
  alertFacts,
  alertHistogram,
  histogramOf,
  histogramTitle,
  type AlertCount,
  type AlertCounts,
  type Histogram,
} from "./view/alert-counts.ts";
export {
  absentFields,
  ALERT_FIELD_NAMES,
  ALERT_PROFILES,
  fieldsFor,
  profileFields,
  readFields,
  type AlertField,
  type AlertProfile,
  type AskedFields,
} from "./view/alert-fields.ts";
export {
  alertList,
  packAlertList,
  unpackAlertList,
  boundedConcerned,
  type AlertList,
  type ListedAlert,
  type ListedIncident,
  type ListedRule,
  type PackedAlertList,
} from "./view/alert-list.ts";
export { alertRows, eventRows, type AlertRow } from "./view/alert-rows.ts";
export { CODE_LANGUAGES, codeTokens, type CodeLanguage, type CodeToken, type CodeTokenKind } from "./view/code-tokens.ts";
export { alertEvidence, eventDetail, jsonView, type AlertEvidence, type EventDetail } from "./view/event-detail.ts";
export { eventLine, eventView, type EventView } from "./view/event.ts";
export {
  alertExplanationView,
  explanationView,
  type ConditionView,
  type EventMention,
  type ExplanationView,
  type StageView,
} from "./view/explanation.ts";
export {
  blindViews,
  duplicatesText,
  faultText,
  faultViews,
  gapFacts,
  readFacts,
  type BlindView,
  type Fact,
  type FaultView,
  type ReportInput,
} from "./view/hunt.ts";
export { hitRules, ruleViews, type HitRules, type RuleView } from "./view/rules.ts";
export { fittingText, narrowingText, nothingFitsText, type NarrowedReading } from "./view/narrowing.ts";
export { explanationText } from "./text/explanation.ts";
export { alertsLines, alertsText } from "./text/hunt.ts";
export { summaryMarkdown, summaryText } from "./text/hunt-summary.ts";
export { alertsCsv, alertsMarkdown, alertsTable } from "./text/alerts.ts";
export { junit, type ProvedPackage } from "./text/junit.ts";
export { ANNOTATIONS, githubAnnotations, gitlabCodeQuality, type AnnotationFormat } from "./checks/annotations.ts";
export {
  lintFindings,
  problemFindings,
  proofFindings,
  rulesLintFindings,
  rulesProofFindings,
  type CheckFinding,
  type PathOf,
} from "./checks/finding.ts";
export { sarif, type SarifOptions } from "./checks/sarif.ts";
export { caseReport, proofReport } from "./text/proof.ts";
export { ruleFailureLines, rulesProofReport } from "./text/rules-proof.ts";
export { csvLine } from "./text/csv.ts";
export { table, tableLines, type Column } from "./text/table.ts";
export { SEVERITY_STYLE, type TextStyle, type TextTerminal } from "./text/terminal.ts";
export { ExplanationPart } from "./html/explanation.tsx";
export { FactList } from "./html/facts.tsx";
export { AlertsOverTime } from "./html/histogram.tsx";
export { Incidents } from "./html/incidents.tsx";
export { Columns, LogLines, LogText, LogTexts, MaybeLink, Scroll, SeverityMark, Time } from "./html/marks.tsx";
export { huntReport, type ReportOptions } from "./html/hunt-report.tsx";
export { RulesTable } from "./html/rules.tsx";
export { bundledRulesText } from "./text/bundled-rules.ts";
