/**
 * What is wrong with a SARIF document, by the facts of the published schema (sarif-schema-2.1.0.json): the keys each object must have and may
 * have, of those that are written here, and the values of its closed sets. Empty where nothing is.
 */
interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  log: { required: ["version", "runs"], optional: ["$schema", "inlineExternalProperties", "properties"] },
  run: {
    required: ["tool"],
    optional: ["results", "invocations", "columnKind", "automationDetails", "originalUriBaseIds", "artifacts", "properties"],
  },
  tool: { required: ["driver"], optional: ["extensions", "properties"] },
  driver: { required: ["name"], optional: ["version", "semanticVersion", "rules", "informationUri", "organization", "fullName"] },
  rule: {
    required: ["id"],
    optional: ["name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"],
  },
  invocation: { required: ["executionSuccessful"], optional: ["exitCode", "commandLine", "toolExecutionNotifications"] },
  result: {
    required: ["message"],
    optional: [
      "ruleId",
      "ruleIndex",
      "level",
      "kind",
      "locations",
      "relatedLocations",
      "partialFingerprints",
      "suppressions",
      "fingerprints",
    ],
  },
  location: { required: [], optional: ["id", "physicalLocation", "logicalLocations", "message"] },
  physicalLocation: { required: [], optional: ["artifactLocation", "region", "contextRegion"] },
  artifactLocation: { required: [], optional: ["uri", "uriBaseId", "index"] },
  region: { required: [], optional: ["startLine", "startColumn", "endLine", "endColumn", "snippet"] },
  suppression: { required: ["kind"], optional: ["justification", "status", "guid", "location"] },
  text: { required: ["text"], optional: ["markdown"] },
  automationDetails: { required: [], optional: ["id", "guid", "description"] },
};

const LEVELS = ["none", "note", "warning", "error"];

function isOne(values: readonly string[], value: unknown): boolean {
  return typeof value === "string" && values.includes(value);
}

type Fields = { readonly [key: string]: unknown };

export function sarifFaults(text: string): string[] {
  const faults: string[] = [];
  const shaped = (value: unknown, shape: string, where: string): Fields => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      faults.push(`${where} is no object`);
      return {};
    }
    const { required, optional } = SHAPES[shape]!;
    for (const key of required) if (!Object.hasOwn(value, key)) faults.push(`${where} has no ${key}`);
    for (const key of Object.keys(value))
      if (!required.includes(key) && !optional.includes(key)) faults.push(`${where}.${key} is not known`);
    return value as Fields;
  };
  const each = (value: unknown, where: string): [unknown, string][] => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) faults.push(`${where} is no list`);
    return (Array.isArray(value) ? value : []).map((item, i) => [item, `${where}[${i}]`]);
  };
  const check = (isRight: boolean, fault: string): void => void (isRight || faults.push(fault));
  const location = (value: unknown, where: string): void => {
    const { physicalLocation, message } = shaped(value, "location", where);
    if (message !== undefined) shaped(message, "text", `${where}.message`);
    const { artifactLocation, region } = shaped(physicalLocation, "physicalLocation", `${where}.physicalLocation`);
    const { uri, uriBaseId } = shaped(artifactLocation, "artifactLocation", `${where}.uri`);
    check(typeof uri === "string" && URL.canParse(uri, "file:///root/") && !/[\s\\]/.test(uri), `${where}: no URI`);
    check(uriBaseId === undefined || (typeof uri === "string" && !/^[a-z]+:/i.test(uri)), `${where}: an absolute URI has no base`);
    const { startLine, startColumn } = shaped(region, "region", `${where}.region`);
    check(Number.isInteger(startLine) && Number(startLine) >= 1, `${where}: startLine`);
    check(startColumn === undefined || (Number.isInteger(startColumn) && Number(startColumn) >= 1), `${where}: startColumn`);
  };
  const log = shaped(JSON.parse(text), "log", "log");
  check(log["version"] === "2.1.0", "version is not 2.1.0");
  for (const [item, at] of each(log["runs"], "runs")) {
    const run = shaped(item, "run", at);
    const driver = shaped(shaped(run["tool"], "tool", `${at}.tool`)["driver"], "driver", `${at}.driver`);
    check(typeof driver["name"] === "string" && driver["name"] !== "", `${at}: the driver's name`);
    check(run["columnKind"] === undefined || isOne(["utf16CodeUnits", "unicodeCodePoints"], run["columnKind"]), `${at}: columnKind`);
    if (run["automationDetails"] !== undefined) shaped(run["automationDetails"], "automationDetails", `${at}.automationDetails`);
    const ids = each(driver["rules"], `${at}.rules`).map(([rule, where]) => {
      const { id, shortDescription, fullDescription, help, defaultConfiguration } = shaped(rule, "rule", where);
      for (const one of [shortDescription, fullDescription, help]) if (one !== undefined) shaped(one, "text", where);
      const level = (defaultConfiguration as Fields | undefined)?.["level"];
      check(level === undefined || isOne(LEVELS, level), `${where}: level`);
      return id;
    });
    check(new Set(ids).size === ids.length, `${at}: a rule twice`);
    for (const [one, where] of each(run["invocations"], `${at}.invocations`))
      check(typeof shaped(one, "invocation", where)["executionSuccessful"] === "boolean", `${where}: executionSuccessful`);
    for (const [one, where] of each(run["results"], `${at}.results`)) {
      const result = shaped(one, "result", where);
      check(typeof shaped(result["message"], "text", `${where}.message`)["text"] === "string", `${where}: message.text`);
      check(isOne(LEVELS, result["level"]), `${where}: level`);
      check(ids[Number(result["ruleIndex"])] === result["ruleId"], `${where}: ruleIndex is of another rule`);
      for (const key of ["locations", "relatedLocations"])
        for (const [place, at2] of each(result[key], `${where}.${key}`)) location(place, at2);
      for (const [suppression, at2] of each(result["suppressions"], `${where}.suppressions`))
        check(isOne(["inSource", "external"], shaped(suppression, "suppression", at2)["kind"]), `${at2}: kind`);
      check(
        Object.values((result["partialFingerprints"] ?? {}) as Fields).every((print) => typeof print === "string"),
        `${where}: fingerprints`,
      );
    }
  }
  return faults;
}
