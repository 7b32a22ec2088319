export { lint, type LintKnowledge } from "./lint.ts";
export type { Finding } from "./finding.ts";
export { LINT_CODES, LINT_CODE_NAMES, type LintCode, type LintEntry } from "./codes.ts";
export { lintExplanation, lintIndex, lintPage, type LintExample } from "./pages.ts";
export { admits, isSet, possible, wildcardMatches, type Outcome, type Reason } from "./possible.ts";
export { implies } from "./implies.ts";
export { hollow } from "./hollow.ts";
export type { LintCase, LintRule, LintShape, LintSource } from "./lint-rule.ts";
