import { visibleText } from '../lib/visible';
import classes from './JsonView.module.css';

const token =
  /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;

/** Indented JSON with its parts coloured. */
export function JsonView({ text }: { text: string }) {
  const parts: { text: string; kind: string }[] = [];
  let position = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match;
    parts.push({ text: text.slice(position, match.index), kind: 'plain' });
    if (string && colon) {
      parts.push({ text: string, kind: 'key' }, { text: colon, kind: 'plain' });
    } else {
      parts.push({ text: whole, kind: string ? 'string' : word ? 'word' : 'number' });
    }
    position = match.index + whole.length;
  }
  parts.push({ text: text.slice(position), kind: 'plain' });
  return (
    <pre className={classes.json}>
      {parts.map((part, index) => (
        <span key={index} data-kind={part.kind}>
          {visibleText(part.text)}
        </span>
      ))}
    </pre>
  );
}
