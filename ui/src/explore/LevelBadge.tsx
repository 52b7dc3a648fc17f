import { levelKey, levelLabel } from '../lib/levels';
import { visibleText } from '../lib/visible';
import classes from './LevelBadge.module.css';

/** A level as it was sent, in the colour of its group. */
export function LevelBadge({ level }: { level: string | null }) {
  return (
    <span className={classes.badge} data-level={levelKey(level)}>
      {visibleText(levelLabel(level))}
    </span>
  );
}
