/** A choice above a table; `islands/filters.ts` makes it work. */
export function Facet({ name, label, values }: { name: string; label: string; values: readonly string[] }) {
  if (values.length < 2) return null;
  return (
    <label class="facet">
      {label}{" "}
      <select data-facet={name}>
        <option value="">any</option>
        {values.map((value) => (
          <option>{value}</option>
        ))}
      </select>
    </label>
  );
}
