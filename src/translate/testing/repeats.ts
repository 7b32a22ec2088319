/** Groups of a condition's text in which one operand stands twice: what two fields of a rule become that are one column of a target. */

/** Strings, names in quotes, and expressions between slashes behind an equals sign. */
const LITERAL = /"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|`[^`]*`|=\/(?:\\.|[^/\\])*\/\w*/g;

/** The operands that a group of `and` or `or` has twice. Steps of a pipeline and branches are texts of their own. */
export function repeatedOperands(text: string): string[] {
  return text.split(/\n\| |\nunion|;\n/).flatMap((step) => {
    const literals: string[] = [];
    const marked = step.replaceAll(LITERAL, (literal) => {
      const known = literals.indexOf(literal);
      return `<${known < 0 ? literals.push(literal) - 1 : known}>`;
    });
    return repeatsIn(marked).map((operand) => operand.replaceAll(/<(\d+)>/g, (_, at: string) => literals[Number(at)] ?? ""));
  });
}

function repeatsIn(text: string): string[] {
  const operands: string[] = [];
  const groups: string[] = [];
  let depth = 0;
  let start = 0;
  let opened = 0;
  const end = (at: number, next: number): void => {
    operands.push(text.slice(start, at).trim().replaceAll(/\n\s*/g, " "));
    start = next;
  };
  for (const { 0: word, index } of text.matchAll(/[()]|\b(?:and|or)\b/gi)) {
    if (word === "(" && depth++ === 0) opened = index + 1;
    else if (word === ")" && --depth === 0) groups.push(text.slice(opened, index));
    else if (word.length > 1 && depth === 0) end(index, index + word.length);
  }
  end(text.length, text.length);
  const repeated = operands.filter((operand, at) => operand !== "" && operands.indexOf(operand) < at);
  return [...repeated, ...groups.flatMap(repeatsIn)];
}
