export { MUTATIONS, type Invisible, type Mutation } from "./mutations.ts";
export { recordKinds, type RawDocument } from "./document.ts";
export { ruleNames, type RuleNames } from "./rule-names.ts";
