import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type { HistogramAnswer } from '../api';
import { levelFill } from '../app/levelPalette';
import { TimeChart } from '../chart/TimeChart';
import type { LevelHistogram } from '../lib/buckets';
import { formatCount } from '../lib/format';
import type { ResolvedRange } from '../lib/timeRange';

interface HistogramProps {
  levels: LevelHistogram;
  answer: HistogramAnswer & { range: ResolvedRange };
  /** A part that is marked, as the one that is compared. */
  marked: ResolvedRange | null;
  /** A part was dragged over; `other` with Shift. */
  onSelect: (range: ResolvedRange, other: boolean) => void;
}

/** Counts by time and level. */
export function Histogram({ levels, answer, marked, onSelect }: HistogramProps) {
  const scheme = useComputedColorScheme('light');
  const data = useMemo(
    () => ({
      seconds: levels.startSeconds,
      stepSeconds: levels.intervalSeconds,
      series: levels.series.map(({ key, counts }) => ({
        name: key === 'none' ? 'no level' : key,
        color: levelFill[scheme][key],
        values: counts,
      })),
    }),
    [levels, scheme],
  );
  const parts = levels.series.map(({ key, total }) => `${formatCount(total)} ${key}`);
  return (
    <TimeChart
      data={data}
      range={answer.range}
      kind="bar"
      height={118}
      label={`Histogram of ${formatCount(answer.data.total)} events by time and level: ${parts.join(', ') || 'none'}`}
      format={null}
      hidden={nothing}
      marked={marked}
      onSelect={onSelect}
    />
  );
}

const nothing: ReadonlySet<string> = new Set<string>();
