/*
 * Writes src/api/schema.d.ts from the OpenAPI document of a Belfry that runs:
 * `BELFRY_URL=http://127.0.0.1:3000 npm run api-types`. Only the shapes are taken, not the calls.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const address = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';
const output = 'src/api/schema.d.ts';

const answer = await fetch(`${address}/api/v1/openapi.json`);
if (!answer.ok) throw new Error(`${address}: status ${answer.status} (expected: 200)`);
const { components, info, openapi } = await answer.json();
const shapes = { openapi, info, paths: {}, components: { schemas: components.schemas } };

const folder = await mkdtemp(join(tmpdir(), 'api-types-'));
const file = join(folder, 'openapi.json');
await writeFile(file, JSON.stringify(shapes));
execFileSync('npx', ['--yes', 'openapi-typescript@7.13.0', file, '--output', output], {
  stdio: 'inherit',
});
execFileSync('npx', ['prettier', '--write', '--log-level', 'warn', output], { stdio: 'inherit' });
await rm(folder, { recursive: true });
