import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "./heap.ts";

test("entries come out in order, whatever was put in, taken out and left out between", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constantFrom("pop", "filter"))), (steps) => {
      const heap = new Heap<number>((a, b) => a < b);
      let model: number[] = [];
      for (const step of steps) {
        if (step === "pop") expect(heap.pop()).toBe(model.shift());
        else if (step === "filter") {
          heap.filter((one) => one % 3 !== 0);
          model = model.filter((one) => one % 3 !== 0);
        } else {
          heap.push(step);
          model = [...model, step].sort((a, b) => a - b);
        }
        expect([heap.first, heap.size]).toEqual([model[0], model.length]);
      }
      expect(model.map(() => heap.pop())).toEqual(model);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
