import { ApiError } from '../../api';
import type { Problem } from '../../editor/CodeEditor';
import { tokens } from '../../lib/insight';
import { clipText } from '../../lib/visible';

/* Some errors list every function there is. */
const messageCharsMax = 200;

/** Where an error of the server is in the text; `shift` characters stand before it. */
export function problemOf(error: Error | null, text: string, shift = 0): Problem | null {
  if (!(error instanceof ApiError) || error.status !== 400) return null;
  const details = error.details as { offset?: unknown } | null;
  const offset = typeof details?.offset === 'number' ? details.offset - shift : -1;
  if (offset < 0) return null;
  const token = tokens(text).find(({ from, to }) => from <= offset && offset < to);
  return { from: offset, to: token?.to ?? offset + 1, message: wordsOf(error.message) };
}

function wordsOf(message: string): string {
  const plain = message.replace(/^query: \d+:\d+: /, '');
  const first = plain.charAt(0).toUpperCase() + plain.slice(1);
  if (first.length <= messageCharsMax) return first;
  const [found = ''] = first.split(' (expected: ');
  return `${clipText(found, messageCharsMax)} is not known here; Ctrl-Space lists what is.`;
}
