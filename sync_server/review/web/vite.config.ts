import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { words } from "./words_plugin";

// What the server embeds has fixed names, and beside each its compressed copy. A gzip header without a time and without a
// name: the same sources give the same bytes.
function compressed(): Plugin {
  return {
    name: "lantaarn-compressed",
    apply: "build",
    writeBundle(options) {
      const folder = options.dir!;
      for (const name of readdirSync(folder)) {
        if (name.endsWith(".gz")) continue;
        const copy = gzipSync(readFileSync(join(folder, name)), { level: 9 });
        copy[9] = 255; // which system wrote it: unknown
        writeFileSync(join(folder, name + ".gz"), copy);
      }
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [words(), compressed()],
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    outDir: process.env.LANTAARN_PAGE_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // terser takes a second more than esbuild, and 3 kB off.
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3 } },
    rollupOptions: {
      output: {
        entryFileNames: "app.js",
        // Only what draws lines and bars; it comes when the first chart does.
        chunkFileNames: "charts.js",
        assetFileNames: "app[extname]",
      },
    },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
