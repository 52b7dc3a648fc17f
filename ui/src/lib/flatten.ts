import { formatJson } from './exactJson';

/** One leaf of an object, named by its path: `http.status` with its value. */
export interface Leaf {
  path: string;
  value: unknown;
}

/** The leaves of an object in its own order; arrays of plain values stay whole. */
export function flatten(value: unknown, prefix = ''): Leaf[] {
  if (isPlainArray(value) || value === null || typeof value !== 'object') {
    return prefix === '' ? [] : [{ path: prefix, value }];
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return prefix === '' ? [] : [{ path: prefix, value }];
  return entries.flatMap(([key, inner]) =>
    flatten(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** A leaf as text: strings bare, everything else as JSON. */
export function leafText(value: unknown): string {
  return typeof value === 'string' ? value : formatJson(value);
}

function isPlainArray(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object');
}
