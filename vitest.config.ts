// Two projects: `node` (pure logic, plugins against local servers) and `workerd` (the real runtime: objects, alarms, eviction).
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/{core,plugins,sim,tidy,tenant,launcher,ui}/**/*.test.ts"],
          // Long ones are simulations; a machine that is busy with other things must not fail them.
          testTimeout: 120_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
                TOCSIN_SECRET: "test-root-key-test-root-key-test-root-key-0000",
                TOCSIN_ADMIN_TOKEN: "test-admin-token",
                TOCSIN_PUBLIC_URL: "http://localhost:8787",
                TOCSIN_ALLOW_PRIVATE_EGRESS: "1",
                TOCSIN_METRICS_TOKEN: "test-metrics-token",
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/worker/**/*.test.ts"],
          globalSetup: ["test/worker/receiver-setup.ts"],
          isolate: false,
          // Long ones are simulations; a machine that is busy with other things must not fail them.
          testTimeout: 120_000,
        },
      },
    ],
  },
});
