import { defineConfig } from "drizzle-kit";

// npx drizzle-kit generate --config worker/store/drizzle.config.ts --name what_changed
export default defineConfig({ dialect: "sqlite", schema: "./worker/store/schema.ts", out: "./migrations" });
