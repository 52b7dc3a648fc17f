import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { levelHistogram, type LevelHistogram } from '../lib/buckets';
import { addFilter, hasFilter, removeFilter, type Filter } from '../lib/filters';
import { formatCompact, formatCount, plural } from '../lib/format';
import { levelColor } from '../lib/levels';
import { fixedRange, formatLength, type ResolvedRange } from '../lib/timeRange';
import { clipText, visibleText } from '../lib/visible';
import type { useHistogram } from './data';
import { Histogram } from './Histogram';
import classes from './HistogramPanel.module.css';
import { change, zoomTo } from './store';

interface HistogramPanelProps {
  query: ReturnType<typeof useHistogram>;
  filters: Filter[];
  marked: ResolvedRange | null;
  /** What dragging does, where it can compare. */
  comparing?: Comparing;
}

interface Comparing {
  drag: Drag;
  onDrag: (drag: Drag) => void;
  onCompare: (range: ResolvedRange) => void;
}

export type Drag = 'zoom' | 'compare';

/** The histogram with a legend whose levels can be filtered by. */
export function HistogramPanel(props: HistogramPanelProps) {
  const { query, filters, marked, comparing } = props;
  const { data } = query;
  const levels = useMemo(
    () => data && levelHistogram(data.data.buckets, data.data.interval_ms, data.range),
    [data],
  );
  const select = (range: ResolvedRange, other: boolean) => {
    if (comparing && (comparing.drag === 'compare') !== other) comparing.onCompare(range);
    else zoomTo(fixedRange(range));
  };
  if (query.isError) {
    return (
      <section className={classes.panel}>
        <ErrorPanel compact error={query.error} onRetry={() => void query.refetch()} />
      </section>
    );
  }
  return (
    <section className={classes.panel} aria-label="Histogram">
      {data && levels ? (
        <>
          <Legend levels={levels} total={data.data.total} filters={filters} comparing={comparing} />
          <Histogram levels={levels} answer={data} marked={marked} onSelect={select} />
        </>
      ) : (
        <Skeleton height={145} radius="sm" />
      )}
    </section>
  );
}

const drags: { value: Drag; label: string; title: string }[] = [
  { value: 'zoom', label: 'zoom', title: 'Show only the part that is dragged over' },
  {
    value: 'compare',
    label: 'compare',
    title: 'Say how the part that is dragged over differs from the rest (also Shift and drag)',
  },
];

interface LegendProps {
  levels: LevelHistogram;
  total: number;
  filters: Filter[];
  comparing: Comparing | undefined;
}

function Legend({ levels, total, filters, comparing }: LegendProps) {
  const { series, intervalSeconds } = levels;
  const toggle = (names: string[]) => {
    const chosen = names.map((value) => ({ field: 'level', value }));
    const on = chosen.every((filter) => hasFilter(filters, filter));
    change({ filters: chosen.reduce(on ? removeFilter : addFilter, filters) });
  };
  return (
    <div className={classes.legend}>
      <span className={classes.total}>
        <b>{formatCount(total)}</b> {plural(total, 'event')}
      </span>
      {series.map(({ key, levels: names, total: count }) => (
        <button
          key={key}
          type="button"
          className={classes.level}
          disabled={names.length === 0}
          title={names.length === 0 ? 'Events without a level' : `Show only ${names.join(', ')}`}
          onClick={() => toggle(names)}
        >
          <i style={{ background: levelColor(key) }} />
          {key === 'none' ? visibleText(clipText(names.join(', '), 60)) || 'no level' : key}
          <span>{formatCompact(count)}</span>
        </button>
      ))}
      {intervalSeconds > 0 && series.length > 0 && (
        <span className={classes.interval}>
          a bar is {formatLength(intervalSeconds * 1000)} · drag to{' '}
          {comparing ? <DragChoice {...comparing} /> : 'zoom'}
        </span>
      )}
    </div>
  );
}

function DragChoice({ drag, onDrag }: Comparing) {
  return (
    <span className={classes.drag} role="group" aria-label="Dragging over the histogram">
      {drags.map(({ value, label, title }) => (
        <button
          key={value}
          type="button"
          aria-pressed={drag === value}
          title={title}
          onClick={() => onDrag(value)}
        >
          {label}
        </button>
      ))}
    </span>
  );
}
