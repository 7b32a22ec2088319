import type { EventShape } from "../../ecs/index.ts";

const added = new WeakMap<EventShape, EventShape>();
/** The shape with what Tocsin's mapping adds to that of Elastic's pipelines. */
export function withAdditions(shape: EventShape): EventShape {
  const { additions } = shape;
  if (additions === undefined) return shape;
  let whole = added.get(shape);
  if (whole === undefined) {
    whole = {
      ...shape,
      category: [...shape.category, ...additions.category],
      type: [...shape.type, ...additions.type],
      action: [...shape.action, ...additions.action],
      fields: [...shape.fields, ...additions.fields],
    };
    added.set(shape, whole);
  }
  return whole;
}
