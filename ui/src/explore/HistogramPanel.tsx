import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { stackHistogram } from '../lib/buckets';
import { addFilter, hasFilter, removeFilter, type Filter } from '../lib/filters';
import { formatCompact, formatCount } from '../lib/format';
import { levelColor } from '../lib/levels';
import { formatLength } from '../lib/timeRange';
import { clipText, visibleText } from '../lib/visible';
import type { useHistogram } from './data';
import { Histogram } from './Histogram';
import classes from './HistogramPanel.module.css';
import { change } from './store';

interface HistogramPanelProps {
  query: ReturnType<typeof useHistogram>;
  filters: Filter[];
}

/** The histogram with a legend whose levels can be filtered by. */
export function HistogramPanel({ query, filters }: HistogramPanelProps) {
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
          <Legend answer={query.data} filters={filters} />
          <Histogram answer={query.data} />
        </>
      ) : (
        <Skeleton height={145} radius="sm" />
      )}
    </section>
  );
}

interface LegendProps {
  answer: NonNullable<HistogramPanelProps['query']['data']>;
  filters: Filter[];
}

function Legend({ answer, filters }: LegendProps) {
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
          a bar is {formatLength(intervalSeconds * 1000)} · drag to zoom
        </span>
      )}
    </div>
  );
}
