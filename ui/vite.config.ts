import react from '@vitejs/plugin-react';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { tokenStyles } from './src/app/tokens.ts';

/* The Belfry whose API answers while `npm run dev` serves the pages. */
const target = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), firstMoment(), compressed()],
  build: {
    outDir: 'target/classes/dev/belfry/ui/static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    // What the program needs at once is one file instead of one for each set of its users.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'program', test: /src\/main\.tsx$/ }] } },
    },
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

/**
 * Writes what is shown before the program (src/first) into the page. Style sheets stand behind it, where they
 * hold up the program only; `guest.html` is the page for who has no session.
 */
function firstMoment(): Plugin {
  return {
    name: 'first-moment',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        const script = await firstScript();
        const sheets = html.match(/ *<link rel="stylesheet"[^>]*>\n?/g) ?? [];
        const fonts = Object.keys(bundle ?? {}).filter((file) => file.endsWith('.woff2'));
        const preloads = fonts.map(
          (file) =>
            `<link rel="preload" href="/${file}" as="font" type="font/woff2" crossorigin />\n`,
        );
        return sheets
          .reduce((rest, sheet) => rest.replace(sheet, ''), html)
          .replace('</head>', () => `${preloads.join('')}<style>${tokenStyles()}</style></head>`)
          .replace(
            '<div id="root"></div>',
            (root) => `${root}<script>${script}</script>\n${sheets.join('')}`,
          );
      },
    },
    generateBundle(_, bundle) {
      const index = bundle['index.html'];
      if (index?.type !== 'asset') throw new Error('BUG: no index.html');
      const source = String(index.source).replace('<html ', '<html data-session="none" ');
      this.emitFile({ type: 'asset', fileName: 'guest.html', source });
    },
  };
}

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

/** The script that runs in the page itself. */
async function firstScript(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: 'src/first/first.ts', output: { format: 'iife' } },
    },
  });
  const output = Array.isArray(made) ? made[0] : made;
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('BUG: src/first/first.ts is not one script');
  return chunk.code.trim().replaceAll('</', '<\\/');
}
