/*
 * JSON whose whole numbers stay as they were sent: ids and nanoseconds are often larger than what a double holds
 * exactly. Those become BigInt, so that what is shown, copied and filtered by is what is stored. Needs a browser that
 * gives a reviver the text (Chrome 114, Safari 18.4, Firefox 135); an older one rounds, as ever.
 */

const mayBeLong = /[:,[\s]-?\d{16}/;
const whole = /^-?\d+$/;

const { rawJSON } = JSON as JSON & { rawJSON?: (text: string) => unknown };

export function parseJson(text: string): unknown {
  return mayBeLong.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}

function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return whole.test(source) ? BigInt(source) : value;
}

export function formatJson(value: unknown, indent?: number): string {
  const raw = (_key: string, inner: unknown) =>
    typeof inner === 'bigint' ? rawJSON?.(String(inner)) : inner;
  return JSON.stringify(value, raw, indent);
}
