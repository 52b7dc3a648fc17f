import {
  Button,
  Menu,
  SegmentedControl,
  Skeleton,
  Text,
  useComputedColorScheme,
} from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useUtc } from '../app/preferences';
import { Link } from '../app/router';
import { ErrorPanel } from '../app/ErrorPanel';
import { useShortcuts } from '../app/shortcuts';
import { TimeChart } from '../chart/TimeChart';
import { formatCount } from '../lib/format';
import { formatValue, type AlignedSeries } from '../lib/metrics';
import { queriesMax, type MetricsState } from '../lib/metricsUrl';
import { defaultRange, fixedRange, isAllTime, type ResolvedRange } from '../lib/timeRange';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { RefreshControl } from '../shell/RefreshControl';
import { TimeRangePicker } from '../shell/TimeRangePicker';
import { useCharts, useRange, useTables, type Steps } from './data';
import classes from './MetricsPage.module.css';
import { MetricTabs } from './MetricTabs';
import { QueryRow } from './QueryRow';
import { SeriesLegend } from './SeriesLegend';
import { addQuery, change, changeZone, refresh, unzoom, useMetricsView, zoomTo } from './store';
import { ValueTable } from './ValueTable';

/** Queries in PromQL, drawn over time or as a table of values. */
export default function MetricsPage() {
  const view = useMetricsView();
  const { state } = view;
  const [utc, preferUtc] = useUtc();
  const range = useRange(view, utc);
  const charts = useCharts(view, range);
  const tables = useTables(view, range);
  const asked = state.tab === 'chart' ? charts.asked : tables.asked;
  const busy = asked.some((one) => one.busy);
  const empty = state.queries.every(({ text }) => text.trim() === '');

  useEffect(() => {
    if (state.refreshSeconds === 0) return;
    const timer = setInterval(refresh, state.refreshSeconds * 1000);
    return () => clearInterval(timer);
  }, [state.refreshSeconds]);
  useShortcuts({
    r: refresh,
    undo: () => unzoom(range),
    t: () => document.querySelector<HTMLElement>('[data-shortcut="t"]')?.click(),
    u: () => changeZone(!utc, preferUtc),
    '/': () => document.querySelector<HTMLElement>('.cm-content')?.focus(),
    '1': () => change({ tab: 'chart' }),
    '2': () => change({ tab: 'table' }),
  });

  return (
    <div className={classes.page}>
      <Header title="Metrics">
        <TimeRangePicker
          range={state.range}
          resolved={range}
          onChange={(chosen) => change({ range: chosen })}
          onZoomOut={() => unzoom(range)}
        />
        <RefreshControl
          busy={busy}
          seconds={state.refreshSeconds}
          onRefresh={refresh}
          onSeconds={(refreshSeconds) => change({ refreshSeconds }, 'replace')}
        />
      </Header>
      <MetricTabs />
      <ScrollingMain className={classes.main}>
        <div className={classes.queries}>
          {state.queries.map((query, position) => (
            <QueryRow
              key={query.key}
              position={position}
              query={query}
              asked={asked[position] ?? nothingAsked}
              only={state.queries.length === 1}
            />
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            disabled={state.queries.length >= queriesMax}
            onClick={addQuery}
          >
            Add query
          </Button>
        </div>
        {range === null ? (
          <ErrorPanel
            error={new Error(rangeText(state))}
            onRetry={() => change({ range: defaultRange })}
          />
        ) : empty ? (
          <Start />
        ) : (
          <section className={classes.answer} aria-label="Answer">
            <Tools state={state} steps={charts.steps} />
            {state.tab === 'chart' ? (
              <Chart
                aligned={charts.aligned}
                steps={charts.steps}
                range={range}
                kind={state.kind}
                pending={charts.pending}
                failed={asked.some(({ error }) => error !== null)}
              />
            ) : (
              <ValueTable rows={tables.rows} pending={tables.pending} utc={utc} />
            )}
          </section>
        )}
      </ScrollingMain>
    </div>
  );
}

const nothingAsked = { busy: false, error: null, notes: [] };

function rangeText({ range }: MetricsState): string {
  return isAllTime(range)
    ? 'A chart needs a time range with a start and an end.'
    : `“${range.from}” to “${range.to}” is not a time range.`;
}

function Start() {
  return (
    <div className={classes.start}>
      <Text fw={600}>Ask for a metric</Text>
      <Text size="sm" c="var(--ink-dim)" maw={520}>
        Type a name, or press Ctrl+Space for what there is. <code>rate(…[5m])</code> makes a rate of
        a counter; Enter runs the query. The <Link href="/query/catalogue">catalogue</Link> lists
        every metric with a query to begin with.
      </Text>
    </div>
  );
}

function Tools({ state, steps }: { state: MetricsState; steps: Steps | null }) {
  const choices = ['15s', '1m', '5m', '15m', '1h', '1d'];
  return (
    <div className={classes.tools}>
      <SegmentedControl
        size="xs"
        aria-label="View"
        data={[
          { value: 'chart', label: 'Chart' },
          { value: 'table', label: 'Table' },
        ]}
        value={state.tab}
        onChange={(tab) => change({ tab: tab === 'table' ? 'table' : 'chart' })}
      />
      {state.tab === 'chart' && (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Kind of chart"
            data={[
              { value: 'line', label: 'Lines' },
              { value: 'stacked', label: 'Stacked' },
            ]}
            value={state.kind}
            onChange={(kind) =>
              change({ kind: kind === 'stacked' ? 'stacked' : 'line' }, 'replace')
            }
          />
          <Menu position="bottom-start" width={140}>
            <Menu.Target>
              <Button
                size="compact-sm"
                variant="default"
                rightSection={<IconChevronDown size={13} />}
              >
                Step {state.step ?? `auto${steps ? ` (${formatStep(steps.stepSeconds)})` : ''}`}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => change({ step: null })}>To fit the range</Menu.Item>
              {choices.map((step) => (
                <Menu.Item key={step} onClick={() => change({ step })}>
                  {step}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </div>
  );
}

function formatStep(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${Number(seconds.toPrecision(3))}s`;
}

/* More lines than this are no picture. */
const drawnMax = 500;

interface ChartProps {
  aligned: AlignedSeries | null;
  steps: Steps | null;
  range: ResolvedRange;
  kind: MetricsState['kind'];
  pending: boolean;
  failed: boolean;
}

function Chart({ aligned, steps, range, kind, pending, failed }: ChartProps) {
  const scheme = useComputedColorScheme('light');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(noneHidden);
  const data = useMemo(
    () => ({
      seconds: aligned?.seconds ?? [],
      stepSeconds: null,
      series: aligned?.series.slice(0, drawnMax) ?? [],
    }),
    [aligned],
  );
  if (!aligned || !steps) {
    if (pending) return <Skeleton height={340} radius={6} aria-label="Loading" role="status" />;
    return (
      <Text className={classes.nothing}>
        {failed ? 'The query could not be answered; it says why above.' : 'Nothing is shown.'}
      </Text>
    );
  }
  if (aligned.series.length === 0) {
    return (
      <Text className={classes.nothing}>
        No series in this time range. The query is right; there is nothing to show for it.
      </Text>
    );
  }
  return (
    <>
      {aligned.series.length > drawnMax && (
        <Text size="xs" c="var(--ink-dim)" mb={6}>
          The first {drawnMax} of {formatCount(aligned.series.length)} series are drawn.{' '}
          <code>topk(20, …)</code> or <code>sum by (…)</code> makes fewer.
        </Text>
      )}
      <TimeChart
        data={data}
        range={range}
        kind={kind}
        height={340}
        label={`${formatCount(data.series.length)} series over time`}
        format={formatValue}
        hidden={hidden}
        onSelect={(chosen) => zoomTo(fixedRange(chosen))}
      />
      <SeriesLegend series={data.series} scheme={scheme} hidden={hidden} onHidden={setHidden} />
    </>
  );
}

const noneHidden: ReadonlySet<string> = new Set<string>();
