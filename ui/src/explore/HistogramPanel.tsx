import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { stackHistogram } from '../lib/buckets';
import { addFilter, hasFilter, removeFilter, type Filter } from '../lib/filters';
import { formatCompact, formatCount } from '../lib/format';
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
      {query.data ? (
        <>
          <Legend answer={query.data} filters={filters} comparing={comparing} />
          <Histogram answer={query.data} marked={marked} onSelect={select} />
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
  answer: NonNullable<HistogramPanelProps['query']['data']>;
  filters: Filter[];
  comparing: Comparing | undefined;
}

function Legend({ answer, filters, comparing }: LegendProps) {
  const { series, intervalSeconds } = useMemo(
    () => stackHistogram(answer.data.buckets, answer.data.interval_ms, answer.range),
    [answer],
  );
  const toggle = (levels: string[]) => {
    const chosen = levels.map((value) => ({ field: 'level', value }));
    const on = chosen.every((filter) => hasFilter(filters, filter));
    change({ filters: chosen.reduce(on ? removeFilter : addFilter, filters) });
  };
  return (
    <div className={classes.legend}>
      <span className={classes.total}>
        <b>{formatCount(answer.data.total)}</b> events
      </span>
      {series.map(({ key, levels, total }) => (
        <button
          key={key}
          type="button"
          className={classes.level}
          disabled={levels.length === 0}
          title={levels.length === 0 ? 'Events without a level' : `Show only ${levels.join(', ')}`}
          onClick={() => toggle(levels)}
        >
          <i style={{ background: levelColor(key) }} />
          {key === 'none' ? visibleText(clipText(levels.join(', '), 60)) || 'no level' : key}
          <span>{formatCompact(total)}</span>
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
