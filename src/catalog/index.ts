export { loadPackage, type Files, type LoadOptions, type Loaded } from "./package/load.ts";
export type { Case, Detection, Hunt, Rule } from "./package/detection.ts";
export { UNSTATED_LICENSE, type RecordedText } from "./package/recorded.ts";
export { RULE, HUNT, type HuntText, type RuleText } from "./package/rule.ts";
export { PACKAGE, TESTS, type PackageText, type TestsText } from "./package/package.ts";
export { CASE, type CaseText } from "./package/cases.ts";
export { RULE_CASES, looksLikeRuleCases, readRuleCases, type RuleCase } from "./rule-cases/rule-cases.ts";
export {
  TUNING,
  EXCEPTION,
  exceptionsOf,
  isBlock,
  tooBroad,
  EXCEPTION_PARTS,
  type Exception,
  type ExceptionPart,
  type ExceptionText,
  type TuningText,
} from "./package/tuning.ts";
export { durationMs } from "./package/schema.ts";
export { derivedUuid } from "./derived-uuid.ts";
export { ecsSchema } from "./field-types.ts";
export { sha256 } from "./sha256.ts";
export { withLoopback } from "./loopback.ts";
export {
  admits,
  hollow,
  implies,
  lint,
  lintExplanation,
  LINT_CODES,
  possible,
  wildcardMatches,
  type Finding,
  type LintCase,
  type LintCode,
  type LintKnowledge,
  type LintRule,
  type LintShape,
  type LintSource,
} from "./lint/index.ts";
export { MUTATIONS, recordKinds, ruleNames, type Invisible, type Mutation, type RawDocument } from "./evasion/index.ts";
export { attack, attackTactics, ATTACK_LICENSE, type Attack, type AttackTactic, type AttackTechnique } from "./attack.ts";
export { recordedCaseText, withRecordedRuleCase, type RecordedCase, type RecordedRuleCase } from "./scaffold/recorded.ts";
export {
  leastDetection,
  leastRule,
  packageIdProblem,
  ruleIdProblem,
  scaffoldDetection,
  scaffoldEdit,
  scaffoldRule,
} from "./scaffold/scaffold.ts";
export type { ScaffoldOptions } from "./scaffold/rule.ts";
