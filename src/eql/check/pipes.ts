import type { ExpressionChecker } from "./expression.ts";
import type { Findings } from "./findings.ts";
import { DISTINCT_COUNT, MAX_DISTINCT_COUNT, distinctPlan } from "../run/distinct.ts";
import { isPipeName, type PipeName } from "../run/pipes.ts";
import { didYouMean, similarNames } from "../diagnostics/similar.ts";
import type { Pipe, Query } from "../syntax/tree.ts";

/** Elasticsearch's two, and the names it knows and refuses. */
const SUPPORTED = ["head", "tail"] as const;
const KNOWN: ReadonlySet<string> = new Set(["count", "filter", "sort", "unique", "unique_count"]);

type ArgumentCheck = (pipe: Pipe, checker: ExpressionChecker, findings: Findings) => void;

const fields =
  (least: number): ArgumentCheck =>
  (pipe, checker, findings) => {
    if (pipe.args.length < least)
      findings.error(
        "eql/pipe-arguments",
        `Pipe [${pipe.name}] expects at least one field`,
        pipe.span,
        `Write \`| ${pipe.name} host.id\`.`,
      );
    for (const arg of pipe.args) {
      if (arg.kind === "field") checker.key(arg);
      else
        findings.error(
          "eql/pipe-arguments",
          `Pipe [${pipe.name}] expects fields but found [${findings.quote(arg)}]`,
          arg.span,
          "Name plain fields, separated by commas.",
        );
    }
  };

const limit: ArgumentCheck = (pipe, _checker, findings) => {
  const [count] = pipe.args;
  const optional = findings.profile === "tocsin" && pipe.args.length === 0;
  if (optional) return;
  if (count === undefined || pipe.args.length !== 1) {
    findings.error(
      "eql/pipe-arguments",
      `Pipe [${pipe.name}] expects exactly one argument but found [${pipe.args.length}]`,
      pipe.span,
      `Write \`| ${pipe.name} 10\`.`,
    );
  } else if (count.kind !== "number" || count.type !== "integer") {
    findings.error(
      "eql/pipe-arguments",
      `Pipe [${pipe.name}] expects a positive integer but found [${findings.quote(count)}]`,
      count.span,
      `Write \`| ${pipe.name} 10\`.`,
    );
  }
};

const ARGUMENTS = {
  head: limit,
  tail: limit,
  count: fields(0),
  sort: fields(1),
  unique: fields(1),
  unique_count: fields(1),
  filter: (pipe, checker, findings) => {
    if (pipe.args.length === 0)
      findings.error("eql/pipe-arguments", "Pipe [filter] expects at least one condition", pipe.span, "Write `| filter process.pid > 4`.");
    for (const arg of pipe.args) checker.condition(arg);
  },
  [DISTINCT_COUNT]: (pipe, checker, findings) => {
    if (distinctPlan(pipe) === null) {
      findings.error(
        "eql/pipe-arguments",
        `Pipe [${DISTINCT_COUNT}] expects a field, a count from 1 to ${MAX_DISTINCT_COUNT}, a window and the fields to group by`,
        pipe.span,
        `Write \`| ${DISTINCT_COUNT} destination.ip, 20, "10m", source.ip\`.`,
      );
      return;
    }
    for (const arg of pipe.args) if (arg.kind === "field") checker.key(arg);
  },
} as const satisfies Record<PipeName, ArgumentCheck>;

export function checkPipes(query: Query, checker: ExpressionChecker, findings: Findings): void {
  let counted: Pipe | null = null;
  query.pipes.forEach((pipe, i) => {
    const tocsin = findings.profile === "tocsin";
    if (query.kind === "sample" && !tocsin) {
      if (i > 0) return;
      findings.error("eql/unsupported-pipe", "Samples do not support pipes yet", pipe.span, "The `tocsin` profile runs them.");
      return;
    }
    const supported = tocsin ? isPipeName(pipe.name) : pipe.name === "head" || pipe.name === "tail";
    if (!supported || !isPipeName(pipe.name)) return unsupported(pipe, findings);
    if (pipe.name === DISTINCT_COUNT && (i > 0 || query.kind !== "event")) {
      findings.error(
        "eql/pipe-arguments",
        `Pipe [${DISTINCT_COUNT}] must be the first pipe of an event query`,
        pipe.nameSpan,
        "It counts events as they pass, not matches.",
      );
      return;
    }
    if (counted !== null && pipe.name !== "head" && pipe.name !== "tail") {
      findings.error(
        "eql/pipe-arguments",
        `Pipe [${pipe.name}] cannot follow [count]`,
        pipe.nameSpan,
        "What `count` gives are rows, not matches: only `head` and `tail` take them. Write it before `count`.",
        [{ span: counted.nameSpan, text: "from here on there are rows" }],
      );
      return;
    }
    if (pipe.name === "count") counted = pipe;
    ARGUMENTS[pipe.name](pipe, checker, findings);
  });
}

function unsupported(pipe: Pipe, findings: Findings): void {
  const ours = isPipeName(pipe.name);
  const help = ours
    ? "Our own pipes need the `tocsin` profile."
    : `Elasticsearch has ${SUPPORTED.map((name) => `\`${name}\``).join(" and ")} only.`;
  if (findings.profile === "elasticsearch" && (KNOWN.has(pipe.name) || ours)) {
    findings.error("eql/unsupported-pipe", `Pipe [${pipe.name}] is not supported`, pipe.nameSpan, help);
    return;
  }
  const known = findings.profile === "tocsin" ? Object.keys(ARGUMENTS) : [...SUPPORTED, ...KNOWN];
  findings.error(
    "eql/unknown-pipe",
    `Unrecognized pipe [${pipe.name}]${didYouMean(similarNames(pipe.name, known))}`,
    pipe.nameSpan,
    `There are ${(findings.profile === "tocsin" ? known : SUPPORTED).map((name) => `\`${name}\``).join(", ")}.`,
  );
}
