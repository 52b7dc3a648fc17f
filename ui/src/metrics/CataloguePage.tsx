import { Select, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChartLine, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from '../app/router';
import { serverNowMillis } from '../api';
import { formatCount } from '../lib/format';
import { firstQuery, formatValue, parseValue } from '../lib/metrics';
import { clipText, visibleText } from '../lib/visible';
import { DataTable, Pager, type Column } from '../settings/DataTable';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { fetchMetadata, fetchMetricNames, fetchTsdbStatus, queryRange } from './api';
import classes from './MetricsPage.module.css';
import { MetricTabs } from './MetricTabs';
import { chartUrl } from './store';

interface CatalogueRow {
  name: string;
  type: string;
  unit: string;
  help: string;
  /** Null where it is not among those counted. */
  series: number | null;
  query: string;
}

const pageRows = 25;
const countedMax = 10_000;

/** Every metric: what it is, what it means, how many series it has, and a query to begin with. */
export default function CataloguePage() {
  const [typed, setTyped] = useState('');
  const [filter] = useDebouncedValue(typed, 150);
  const [type, setType] = useState<string | null>(null);
  const [offset, setOffset] = useState(0);
  const catalogue = useQuery({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => fetchCatalogue(signal),
    staleTime: 15_000,
  });
  const types = useMemo(
    () => [...new Set((catalogue.data ?? []).map((row) => row.type))].sort(),
    [catalogue.data],
  );
  const found = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return (catalogue.data ?? []).filter((row) => {
      const text = `${row.name} ${row.help}`.toLowerCase();
      return (type === null || row.type === type) && words.every((word) => text.includes(word));
    });
  }, [catalogue.data, filter, type]);
  const page = useMemo(
    () => ({
      ...catalogue,
      data: catalogue.data ? found.slice(offset, offset + pageRows) : undefined,
    }),
    [catalogue, found, offset],
  );
  return (
    <div className={classes.page}>
      <Header title="Metrics" />
      <MetricTabs />
      <ScrollingMain className={classes.main}>
        <div className={classes.tools}>
          <TextInput
            size="sm"
            w={320}
            aria-label="Find a metric"
            placeholder="Name or words of its help"
            leftSection={<IconSearch size={15} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setOffset(0);
            }}
          />
          <Select
            size="sm"
            w={160}
            aria-label="Type"
            placeholder="All types"
            clearable
            data={types}
            value={type}
            onChange={(chosen) => {
              setType(chosen);
              setOffset(0);
            }}
          />
          <Text size="sm" c="var(--ink-dim)" role="status">
            {catalogue.data ? `${formatCount(found.length)} metrics` : ''}
          </Text>
        </div>
        <DataTable
          label="Metrics"
          columns={columns}
          query={page}
          keyOf={(row) => row.name}
          empty={
            catalogue.data?.length === 0
              ? 'No metrics yet. “Send data” says how some get in.'
              : 'No metric has these words.'
          }
        />
        <Pager offset={offset} limit={pageRows} total={found.length} onMove={setOffset} />
      </ScrollingMain>
    </div>
  );
}

const columns: Column<CatalogueRow>[] = [
  {
    name: 'Metric',
    render: ({ name, query }) => (
      <Link className={classes.name} href={chartUrl(query)}>
        {visibleText(name)}
      </Link>
    ),
  },
  {
    name: 'Type',
    render: ({ type, unit }) => (
      <>
        <span className={classes.type}>{visibleText(type)}</span>
        {unit && (
          <Text size="xs" c="var(--ink-dim)" mt={2}>
            {visibleText(unit)}
          </Text>
        )}
      </>
    ),
  },
  {
    name: 'What it is',
    render: ({ help }) => (
      <div className={classes.help} title={visibleText(clipText(help, 1000))}>
        {help ? visibleText(clipText(help, 300)) : 'No description'}
      </div>
    ),
  },
  {
    name: 'Series',
    align: 'right',
    render: ({ series }) => (series === null ? '–' : formatCount(series)),
  },
  { name: 'Last hour', render: ({ query }) => <Spark query={query} /> },
  {
    name: 'Begin with',
    render: ({ query }) => (
      <Tooltip label="Show it as a chart">
        <Link className={classes.first} href={chartUrl(query)}>
          <IconChartLine size={13} aria-hidden />
          <span>{visibleText(query)}</span>
        </Link>
      </Tooltip>
    ),
  },
];

async function fetchCatalogue(signal: AbortSignal): Promise<CatalogueRow[]> {
  const [names, metadata, status] = await Promise.all([
    fetchMetricNames(signal),
    fetchMetadata(signal),
    // Who may not see the store as a whole sees the catalogue without counts.
    fetchTsdbStatus(countedMax, signal).catch(() => null),
  ]);
  const counts = new Map(
    status?.seriesCountByMetricName.map(({ name, value }) => [name, value]) ?? [],
  );
  return names.map((name) => {
    const family = name.replace(/_(bucket|sum|count|total)$/, '');
    const known = metadata[name]?.[0] ?? metadata[family]?.[0];
    const type = known?.type ?? 'unknown';
    return {
      name,
      type,
      unit: known?.unit ?? '',
      help: known?.help ?? '',
      series: counts.get(name) ?? null,
      query: firstQuery(name, partType(name, type)),
    };
  });
}

/** `_sum` and `_count` of histograms and summaries are counters by themselves. */
function partType(name: string, type: string): string {
  const part = /_(sum|count)$/.test(name) && (type === 'histogram' || type === 'summary');
  return part ? 'counter' : type;
}

const sparkPoints = 40;
const sparkWidth = 110;
const sparkHeight = 28;

/** The query's first series over the last hour, as a line without numbers. */
function Spark({ query }: { query: string }) {
  const answer = useQuery({
    queryKey: ['spark', query],
    queryFn: ({ signal }) => {
      const end = Math.floor(serverNowMillis() / 60_000) * 60;
      return queryRange(query, end - 3600, end, 3600 / sparkPoints, signal);
    },
    staleTime: 60_000,
    retry: false,
  });
  const points = (answer.data?.data.result[0]?.values ?? [])
    .map(([at, text]) => [at, parseValue(text)] as const)
    .filter(([, value]) => Number.isFinite(value));
  const last = points.at(-1);
  const first = points[0];
  if (!last || !first) return <span className={classes.help}>{answer.isPending ? '' : '–'}</span>;
  const values = points.map(([, value]) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const end = Math.floor(serverNowMillis() / 60_000) * 60;
  const path = points
    .map(([at, value], position) => {
      const x = ((at - (end - 3600)) / 3600) * sparkWidth;
      const y =
        high === low ? sparkHeight / 2 : (1 - (value - low) / (high - low)) * (sparkHeight - 4) + 2;
      return `${position === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${sparkWidth} ${sparkHeight}`}
      role="img"
      aria-label={`From ${formatValue(first[1])} to ${formatValue(last[1])}`}
    >
      {points.length > 1 ? (
        <path className={classes.sparkPath} d={path} />
      ) : (
        <circle
          className={classes.sparkPoint}
          cx={((first[0] - (end - 3600)) / 3600) * sparkWidth}
          cy={sparkHeight / 2}
          r={2}
        />
      )}
    </svg>
  );
}
