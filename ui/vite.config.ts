import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/* Where the API answers while `npm run dev` serves the pages: a Belfry or `npm run mock`. */
const target = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'target/classes/dev/belfry/ui/static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target, ws: true, changeOrigin: true } },
  },
  test: {
    include: ['src/lib/**/*.test.ts'],
    environment: 'node',
    env: { TZ: 'UTC' },
  },
});
