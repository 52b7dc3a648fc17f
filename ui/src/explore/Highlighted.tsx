import { highlight } from '../lib/highlight';
import { visibleText } from '../lib/visible';
import classes from './Highlighted.module.css';

/** Text as it can safely be shown, with the words of the search marked. */
export function Highlighted({ text, terms }: { text: string; terms: readonly string[] }) {
  const shown = visibleText(text);
  if (terms.length === 0) return shown;
  return highlight(shown, terms).map((part, position) =>
    part.hit ? (
      <mark key={position} className={classes.hit}>
        {part.text}
      </mark>
    ) : (
      <span key={position}>{part.text}</span>
    ),
  );
}
