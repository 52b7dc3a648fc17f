import react from '@vitejs/plugin-react';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/* The Belfry whose API answers while `npm run dev` serves the pages. */
const target = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: 'target/classes/dev/belfry/ui/static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    // A Belfry takes changes from its own origin only.
    proxy: { '/api': { target, ws: true, changeOrigin: true, headers: { origin: target } } },
  },
  test: {
    include: ['src/lib/**/*.test.ts'],
    environment: 'node',
    env: { TZ: 'UTC' },
  },
});

/** Writes `.br` and `.gz` beside each text file, so that the server need not compress. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const files = await readdir(dir, { recursive: true });
      const texts = files.filter((file) => /\.(html|js|css|svg)$/.test(file));
      await Promise.all(
        texts.map(async (file) => {
          const path = join(dir, file);
          const bytes = await readFile(path);
          await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
          await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        }),
      );
    },
  };
}
