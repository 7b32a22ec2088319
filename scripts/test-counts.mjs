// The table at the end of `npm test`: how much of each suite from outside the repository comes out as the suite says. Tests report it
// as `task.meta.counted`; nothing here knows a number.

export const TABLES = [
  "Elasticsearch EQL cases",
  "Elasticsearch EQL cases through tocsin query",
  "Endgame EQL folds",
  "Endgame EQL queries",
  "detection-rules queries: parse, print, parse again",
  "KQL verdicts of a real engine",
  "Elastic rules",
  "Sigma rules",
  "Sigma recordings",
  "ECS documents",
  "EVTX records against Windows' XML",
];

export function countsTable(report) {
  const tables = new Map(TABLES.map((table) => [table, new Map()]));
  for (const file of report.testResults) {
    for (const { status, meta } of file.assertionResults) {
      const counted = meta?.counted;
      if (counted === undefined || (status !== "passed" && status !== "failed")) continue;
      if (!tables.has(counted.table)) tables.set(counted.table, new Map());
      const rows = tables.get(counted.table);
      if (!rows.has(counted.row)) rows.set(counted.row, { same: 0, of: 0, differs: new Map() });
      const row = rows.get(counted.row);
      row.of += counted.of;
      if (status === "passed" && counted.differs !== undefined)
        row.differs.set(counted.differs, (row.differs.get(counted.differs) ?? 0) + counted.of);
      else row.same += counted.same ?? (status === "passed" ? counted.of : 0);
    }
  }
  const width = Math.max(0, ...[...tables.values()].flatMap((rows) => [...rows.keys()].map((row) => row.length)));
  const lines = ["Suites from outside the repository, as the suite says / all:"];
  for (const [table, rows] of tables) {
    lines.push(`  ${table}${rows.size === 0 ? ": skipped (not beside the checkout, or not part of this run)" : ""}`);
    for (const [name, { same, of, differs }] of rows) {
      const listed = [...differs.values()].reduce((sum, n) => sum + n, 0);
      const wrong = of - same - listed;
      const rest = [listed > 0 ? `${listed} differ as listed` : "", wrong > 0 ? `${wrong} FAIL` : ""].filter((text) => text !== "");
      lines.push(`    ${name.padEnd(width)} ${String(same).padStart(6)} / ${of}${rest.length > 0 ? `   ${rest.join(", ")}` : ""}`);
      for (const [why, n] of differs) lines.push(`      ${String(n).padStart(4)} differ: ${why}`);
    }
  }
  return lines;
}
