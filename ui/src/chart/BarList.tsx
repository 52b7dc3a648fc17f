import { formatCompact } from '../lib/format';
import { clipText, visibleText } from '../lib/visible';
import classes from './BarList.module.css';

export interface Bar {
  name: string;
  value: number | null;
}

interface BarListProps {
  bars: readonly Bar[];
  label: string;
  format?: (value: number) => string;
}

/** Values side by side, the length of a bar each; the greatest fills the width. */
export function BarList({ bars, label, format = formatCompact }: BarListProps) {
  const most = Math.max(...bars.map(({ value }) => Math.abs(value ?? 0)), Number.MIN_VALUE);
  return (
    <ol className={classes.list} aria-label={label}>
      {bars.map(({ name, value }, position) => (
        <li key={position} className={classes.bar} title={visibleText(clipText(name, 500))}>
          <span className={classes.name}>{visibleText(clipText(name, 200))}</span>
          <span className={classes.track} aria-hidden>
            <span
              className={classes.fill}
              data-negative={(value ?? 0) < 0 || undefined}
              style={{ width: `${(Math.abs(value ?? 0) / most) * 100}%` }}
            />
          </span>
          <span className={classes.value}>{value === null ? '–' : format(value)}</span>
        </li>
      ))}
    </ol>
  );
}
