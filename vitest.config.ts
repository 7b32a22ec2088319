import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "e2e/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 30_000,
    maxWorkers: 2,
    coverage: { include: ["src/**/*.{ts,tsx}"], exclude: ["**/*.test.*", "**/*.d.ts", "**/generated/**"] },
  },
});
