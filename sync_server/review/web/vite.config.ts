import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { words } from "./words_plugin";

// What the server embeds has fixed names, and beside each its compressed copy: once, so by zopfli, which writes what gunzip
// reads, 4 % smaller than gzip -9, and no time and no name. The same sources give the same bytes.
function compressed(): Plugin {
  return {
    name: "lantaarn-compressed",
    apply: "build",
    writeBundle(options) {
      const folder = options.dir!;
      for (const name of readdirSync(folder)) {
        if (!name.endsWith(".gz")) writeFileSync(join(folder, name + ".gz"), execFileSync("zopfli", ["-c", join(folder, name)], { maxBuffer: 1 << 24 }));
      }
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [words(), compressed()],
  // h(…) is shorter than jsx(…) with its children in the properties.
  esbuild: { jsx: "transform", jsxFactory: "h", jsxFragment: "Fragment", jsxInject: 'import { h, Fragment } from "preact"', legalComments: "none" },
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
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, inline: 1, pure_getters: true, keep_fargs: false } },
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
