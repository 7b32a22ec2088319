export { lint, type LintKnowledge, type LintRule, type LintShape, type LintSource } from "./lint.ts";
export type { Finding } from "./finding.ts";
export { LINT_CODES, LINT_CODE_NAMES, type LintCode } from "./codes.ts";
export { admits, isSet, possible, type Outcome, type Reason } from "./possible.ts";
export { implies } from "./implies.ts";
