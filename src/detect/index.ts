export { Detector, type DetectorLosses, type DetectorOptions, type RuleCounts } from "./detector.ts";
export { RISK_SCORE, SEVERITIES, type RunnableRule, type Severity, type Threat } from "./rule.ts";
export { hostOf, makeAlert, redact, whatOf, whoOf, type Alert, type Entities } from "./alert.ts";
export { alertDocument } from "./document.ts";
export { byTime, DEFAULT_GAP_MS, fold, incidents, type Incident, type Step } from "./incident.ts";
export { textAt, textsAt, valueAt, whereText, type EventDocument, type Observed, type Where } from "./observed.ts";
export { Timeline, type Spill, type Timed } from "./timeline.ts";
export { Plan } from "./plan/plan.ts";
export { ExceptionSet } from "./exceptions.ts";
