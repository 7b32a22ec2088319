import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "e2e/**/*.test.ts", "scripts/**/*.test.ts"],
    // Machines that test are small and shared: a test that hangs fails, a slow one does not.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // No module has state that a test could leave behind, so files share what they import.
    isolate: false,
    // Whoever tests may have a configuration of their own.
    env: { TOCSIN_CONFIG: "" },
    setupFiles: ["scripts/random-seed.ts"],
    coverage: { include: ["src/**/*.{ts,tsx}"], exclude: ["**/*.test.*", "**/*.d.ts", "**/generated/**"] },
  },
});
