import { highlight } from '../lib/highlight';
import classes from './Highlighted.module.css';

/** Text with the words of the search marked. */
export function Highlighted({ text, terms }: { text: string; terms: readonly string[] }) {
  if (terms.length === 0) return text;
  return highlight(text, terms).map((part, position) =>
    part.hit ? (
      <mark key={position} className={classes.hit}>
        {part.text}
      </mark>
    ) : (
      <span key={position}>{part.text}</span>
    ),
  );
}
