import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './fixtures';

/* What the page asks for. */
const calls = {
  '/api/v1/monitoring/events': [
    'q',
    'source',
    'level',
    'event_type',
    'trace_id',
    'tag.*',
    'payload.*',
    'not.*',
    'start_time',
    'end_time',
    'limit',
    'cursor',
    'order',
  ],
  '/api/v1/monitoring/events/{id}': [],
  '/api/v1/monitoring/events/histogram': ['q', 'source', 'start_time', 'end_time', 'buckets'],
  '/api/v1/monitoring/events/tail': ['q', 'source', 'level', 'tag.*', 'payload.*'],
  '/api/v1/monitoring/events/{id}/context': ['before', 'after'],
  '/api/v1/monitoring/events/export': ['q', 'query', 'format', 'column', 'order'],
  '/api/v1/monitoring/patterns': ['q', 'query', 'source', 'start_time', 'end_time', 'limit'],
  '/api/v1/monitoring/queries': ['limit'],
  '/api/v1/monitoring/queries/running': [],
  '/api/v1/monitoring/config': [],
  '/api/v1/monitoring/fields': ['q', 'source', 'start_time', 'end_time', 'limit'],
  '/api/v1/auth/me': [],
  '/api/v1/auth/providers': [],
  '/api/v1/auth/sessions': [],
  '/api/v1/users': ['limit', 'offset'],
  '/api/v1/keys': ['limit', 'offset'],
  '/api/v1/audit': ['limit', 'offset', 'actor', 'action', 'start_time'],
  '/api/v1/health': [],
  '/api/v1/monitoring/status': [],
  '/api/v1/monitoring/retention': [],
  '/api/v1/monitoring/segments': ['limit', 'offset'],
};

interface Document {
  paths: Record<string, { get?: { parameters?: { name: string }[] } } | undefined>;
}

test('the OpenAPI document has every call of the page', async ({ request }) => {
  const document = (await (await request.get('/api/v1/openapi.json')).json()) as Document;
  for (const [path, parameters] of Object.entries(calls)) {
    const declared = document.paths[path]?.get?.parameters?.map(({ name }) => name) ?? [];
    expect(document.paths, path).toHaveProperty([path]);
    expect(declared, path).toEqual(expect.arrayContaining(parameters));
  }
});

test('the page is checked with the shapes of the OpenAPI document', async ({ baseURL }) => {
  const env = { ...process.env, BELFRY_URL: baseURL ?? '' };
  const run = promisify(execFile)('node', ['dev/api-types.mjs', '--check'], { env });
  await expect(run).resolves.toMatchObject({ stderr: '' });
});
