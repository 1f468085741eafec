// Owns how the pages are built: hashed files below /assets/, every page a chunk of its own, nothing inline, nothing from
// another host (the policy of worker/ui/serve.ts allows neither).
import { defineConfig } from "vite";
import { serviceWorker } from "./service-worker.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [serviceWorker()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    outDir: "../dist/ui",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  // `npm run ui`: the pages from their sources, the API from a hub that runs beside.
  server: { proxy: { "/api": { target: process.env["TOCSIN_HUB"] ?? "http://localhost:8787", ws: true, xfwd: true } } },
});
