/*
 * Writes src/api/schema.d.ts from the OpenAPI document of a Belfry that runs:
 * `BELFRY_URL=http://127.0.0.1:3000 npm run api-types`. Taken are the shapes that
 * src/api/types.ts names, and those that they are made of.
 * With `--check` nothing is written, and the status says whether the file is as it would be.
 */
import { readFile, writeFile } from 'node:fs/promises';
import prettier from 'prettier';

const address = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';
const file = new URL('../src/api/schema.d.ts', import.meta.url);

const answer = await fetch(`${address}/api/v1/openapi.json`);
if (!answer.ok) throw new Error(`${address}: status ${answer.status} (expected: 200)`);
const { schemas } = (await answer.json()).components;
const names = new Set();
const types = await readFile(new URL('../src/api/types.ts', import.meta.url), 'utf8');
for (const [, name] of types.matchAll(/\bShapes\.(\w+)/g)) take(name);

const written = await prettier.format(
  [
    '/* Made by `npm run api-types` from the OpenAPI document. */',
    ...[...names].sort().map((name) => `export interface ${name} ${typeOf(schemas[name])}`),
  ].join('\n\n'),
  { ...(await prettier.resolveConfig(file.pathname)), parser: 'typescript' },
);

if (!process.argv.includes('--check')) {
  await writeFile(file, written);
} else if ((await readFile(file, 'utf8')) !== written) {
  console.error('src/api/schema.d.ts is not as the OpenAPI document is: npm run api-types');
  process.exitCode = 1;
}

function take(name) {
  if (names.has(name)) return;
  if (!schemas[name]) throw new Error(`Shapes.${name} (expected: one that the document names)`);
  names.add(name);
  for (const [, other] of JSON.stringify(schemas[name]).matchAll(/schemas\/(\w+)"/g)) take(other);
}

/** The TypeScript of a shape, as far as the server's declarations go. */
function typeOf(shape) {
  if (shape.$ref) return shape.$ref.split('/').at(-1);
  if (shape.anyOf) return shape.anyOf.map(typeOf).join(' | ');
  if (shape.enum) return shape.enum.map((word) => JSON.stringify(word)).join(' | ');
  switch (shape.type) {
    case undefined:
      return 'unknown';
    case 'array':
      return `(${typeOf(shape.items)})[]`;
    case 'object':
      return shape.properties ? membersOf(shape) : 'Record<string, unknown>';
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return shape.type;
    default:
      throw new Error(`${JSON.stringify(shape)} (expected: a shape as the server declares them)`);
  }
}

function membersOf({ properties, required = [] }) {
  const members = Object.entries(properties).map(([name, shape]) => {
    const description = shape.description
      ? `/** ${shape.description.replaceAll('*/', '* /')} */\n`
      : '';
    const mark = required.includes(name) ? '' : '?';
    return `${description}${JSON.stringify(name)}${mark}: ${typeOf(shape)};`;
  });
  return `{\n${members.join('\n')}\n}`;
}
