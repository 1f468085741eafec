// Two projects: `node` (pure logic, plugins against local servers) and `workerd` (the real runtime: objects, alarms, eviction).
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes a minute begins first: begun last, it would be waited for with every other core idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = (file: TestSpecification): boolean =>
      /\/(sim\/sim|launcher\/hub|launcher\/sandbox|plugins\/sources)\.test\./.test(file.moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
