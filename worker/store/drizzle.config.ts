// Owns how a D1 migration is made from the schema: npx drizzle-kit generate --config worker/store/drizzle.config.ts --name what_changed
import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./worker/store/schema.ts", out: "./migrations" });
