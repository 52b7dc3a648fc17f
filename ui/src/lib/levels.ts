import { leafText } from './flatten';

/** The groups that levels are shown in, the most severe first. */
export const levelKeys = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'none'] as const;

export type LevelKey = (typeof levelKeys)[number];

const keyByLevel: Record<string, LevelKey> = {
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  emergency: 'fatal',
  emerg: 'fatal',
  alert: 'fatal',
  panic: 'fatal',
  error: 'error',
  err: 'error',
  severe: 'error',
  failure: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  debug: 'debug',
  verbose: 'debug',
  fine: 'debug',
  trace: 'trace',
  finest: 'trace',
  finer: 'trace',
};

/** The group of a level as it was sent; `error2` of OTLP counts as `error`. */
export function levelKey(level: string | null | undefined): LevelKey {
  const word = (level ?? '').toLowerCase().replace(/\d+$/, '');
  return keyByLevel[word] ?? 'none';
}

/** The short word on a badge; an unknown level keeps its own. */
export function levelLabel(level: string | null | undefined): string {
  return level ? level.toUpperCase() : '–';
}

/** The variable of the style sheet that holds a group's colour, in light and dark. */
export function levelColor(key: LevelKey): string {
  return `var(--level-${key})`;
}

/** Orders levels by severity, unknown ones last and by name. */
export function compareLevels(left: string, right: string): number {
  const byKey = levelKeys.indexOf(levelKey(left)) - levelKeys.indexOf(levelKey(right));
  return byKey === 0 ? left.localeCompare(right) : byKey;
}

/** Levels that differ only in case are one to the API, and here; the most severe first. */
export function mergeLevels(
  values: readonly { value: unknown; count: number }[],
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { value, count } of values) {
    const level = leafText(value).toLowerCase();
    counts.set(level, (counts.get(level) ?? 0) + count);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => compareLevels(left.value, right.value));
}
