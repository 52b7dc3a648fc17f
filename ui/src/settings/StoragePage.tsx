import { Alert, Progress, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  fetchRetention,
  fetchSegments,
  fetchStatus,
  runQuery,
  serverNowMillis,
  type RetentionRule,
  type Segment,
  type SystemStatus,
} from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { formatBytes, formatCount, plural } from '../lib/format';
import { visibleText } from '../lib/visible';
import { DataTable, Pager, type Column } from './DataTable';
import { ExactTime, When } from './parts';
import { Figures, Section } from './Section';

const pageRows = 25;
const readMillis = 10_000;

/** What is kept, in how many bytes, and for how long. */
export default function StoragePage() {
  return (
    <>
      <Kept />
      <Sources />
      <Retention />
      <Segments />
    </>
  );
}

function Kept() {
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => fetchStatus(signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  return (
    <Section title="Storage" about="What is kept now.">
      {query.data ? (
        <KeptFigures status={query.data} />
      ) : query.isError ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Text size="sm" c="var(--ink-dim)" role="status">
          Loading …
        </Text>
      )}
    </Section>
  );
}

function KeptFigures({ status }: { status: SystemStatus }) {
  const { store, journal } = status;
  const usable = status.disk_usable_bytes;
  const total = status.disk_total_bytes;
  const perEvent =
    store.events > store.hot_events ? store.segment_bytes / (store.events - store.hot_events) : 0;
  return (
    <>
      {store.seal_failure && (
        <Alert color="red" variant="light" mb={12} title="Segments cannot be written">
          {store.seal_failure}
        </Alert>
      )}
      <Figures
        figures={[
          {
            name: 'Events stored',
            value: formatCount(store.events),
            more: `${formatCount(store.events_ever)} ever taken in`,
          },
          {
            name: 'Segments',
            value: formatBytes(store.segment_bytes),
            more: `${formatCount(store.segments)} ${plural(store.segments, 'file')}${perEvent > 0 ? `, ${Math.round(perEvent)} B an event` : ''}`,
          },
          {
            name: 'Not in segments yet',
            value: formatCount(store.hot_events),
            more: `${formatBytes(store.hot_bytes)} of memory`,
          },
          {
            name: 'Journal',
            value: formatBytes(journal.bytes),
            more: `${formatCount(journal.files)} ${plural(journal.files, 'file')}, ${journal.state.toLowerCase()}`,
          },
          {
            name: 'Dropped by retention',
            value: formatCount(store.events_expired),
            more: 'since the start',
          },
          {
            name: 'Disk',
            value: typeof usable === 'number' ? `${formatBytes(usable)} free` : 'unknown',
            more:
              typeof usable === 'number' && typeof total === 'number' && total > 0 ? (
                <Progress
                  mt={6}
                  size={6}
                  value={((total - usable) / total) * 100}
                  color={
                    usable < total * 0.05 ? 'red' : usable < total * 0.15 ? 'yellow' : 'indigo'
                  }
                  aria-label={`${Math.round(((total - usable) / total) * 100)} % of the disk in use`}
                />
              ) : undefined,
          },
        ]}
      />
      <Text size="xs" c="var(--ink-dim)" mt={10}>
        In <code>{visibleText(status.data_folder)}</code>
      </Text>
    </>
  );
}

function Sources() {
  const query = useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => fetchSources(signal),
    staleTime: 0,
  });
  return (
    <Section
      title="By source"
      about="How many events each source has stored, and from when to when."
    >
      <DataTable
        label="Sources"
        columns={sourceColumns}
        query={query}
        keyOf={(source) => source.source}
        empty="No events yet."
      />
    </Section>
  );
}

interface SourceCount {
  source: string;
  events: number;
  /** Of all events, 0 to 1. */
  share: number;
  oldest: string;
  newest: string;
}

const sourcesMax = 200;

async function fetchSources(signal: AbortSignal): Promise<SourceCount[]> {
  const query =
    'stats count() as events, min(@timestamp) as oldest, max(@timestamp) as newest by source | sort events desc';
  const range = { startMillis: 0, endMillis: serverNowMillis() + 86_400_000 };
  const { data } = await runQuery(query, range, sourcesMax, signal);
  const all = data.rows.reduce((sum, row) => sum + Number(row[1]), 0);
  return data.rows.map(([source, events, oldest, newest]) => ({
    source: String(source),
    events: Number(events),
    share: Number(events) / Math.max(1, all),
    oldest: String(oldest),
    newest: String(newest),
  }));
}

const sourceColumns: Column<SourceCount>[] = [
  { name: 'Source', render: ({ source }) => visibleText(source) },
  { name: 'Events', align: 'right', render: ({ events }) => formatCount(events) },
  { name: 'Share', align: 'right', render: ({ share }) => `${(share * 100).toFixed(1)} %` },
  { name: 'Oldest', align: 'right', render: ({ oldest }) => <When time={oldest} none="–" /> },
  { name: 'Newest', align: 'right', render: ({ newest }) => <When time={newest} none="–" /> },
];

function Retention() {
  const query = useQuery({
    queryKey: ['retention'],
    queryFn: ({ signal }) => fetchRetention(signal),
    staleTime: 0,
  });
  return (
    <Section
      title="Retention"
      about="How long events are kept: by the first rule that they fit. The rules stand in the configuration (retention.events). Counted is what lies in segments; what came in last does not yet."
    >
      <DataTable
        label="Retention rules"
        columns={ruleColumns}
        query={query}
        keyOf={(rule) => rule.name}
        empty="No rules."
      />
    </Section>
  );
}

const ruleColumns: Column<RetentionRule>[] = [
  { name: 'Rule', render: (rule) => <b style={{ fontWeight: 560 }}>{visibleText(rule.name)}</b> },
  { name: 'Events with', render: conditionsOf },
  { name: 'Kept', align: 'right', render: (rule) => `${formatCount(rule.days)} days` },
  {
    name: 'In segments',
    align: 'right',
    render: (rule) =>
      rule.segments === 0 ? (
        <span style={{ color: 'var(--ink-dim)' }}>none yet</span>
      ) : (
        `${formatCount(rule.events)} events`
      ),
  },
  {
    name: 'Bytes',
    align: 'right',
    render: (rule) => (rule.segments === 0 ? '–' : formatBytes(rule.bytes)),
  },
  { name: 'Oldest', align: 'right', render: (rule) => <When time={rule.oldest} none="–" /> },
  { name: 'Newest', align: 'right', render: (rule) => <When time={rule.newest} none="–" /> },
];

function conditionsOf(rule: RetentionRule) {
  const parts = [
    ...(rule.source ? [`source = ${rule.source}`] : []),
    ...(rule.level ? [`level = ${rule.level}`] : []),
    ...Object.entries(rule.tags).map(([tag, value]) => `${tag} = ${String(value)}`),
  ];
  if (parts.length === 0) return <span style={{ color: 'var(--ink-dim)' }}>all others</span>;
  return <code style={{ fontSize: 12 }}>{visibleText(parts.join(' and '))}</code>;
}

function Segments() {
  const [offset, setOffset] = useState(0);
  const query = useQuery({
    queryKey: ['segments', offset],
    queryFn: ({ signal }) =>
      fetchSegments(
        new URLSearchParams({ limit: String(pageRows), offset: String(offset) }),
        signal,
      ),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  return (
    <Section title="Segments" about="The Parquet files that events lie in, the newest first.">
      <DataTable
        label="Segments"
        columns={segmentColumns}
        query={{ ...query, data: query.data?.data }}
        keyOf={(segment) => segment.name}
        empty="No segment yet: what came in lies in the journal and in memory, and is searched there."
      />
      <Pager
        offset={offset}
        limit={pageRows}
        total={query.data?.pagination.total}
        onMove={setOffset}
      />
    </Section>
  );
}

const segmentColumns: Column<Segment>[] = [
  { name: 'Day', render: (segment) => segment.day },
  {
    name: 'File',
    render: (segment) => <code style={{ fontSize: 11.5 }}>{visibleText(segment.name)}</code>,
  },
  { name: 'Rule', render: (segment) => visibleText(segment.retention_class) },
  { name: 'Events', align: 'right', render: (segment) => formatCount(segment.events) },
  { name: 'Bytes', align: 'right', render: (segment) => formatBytes(segment.bytes) },
  { name: 'Oldest', align: 'right', render: (segment) => <ExactTime time={segment.oldest} /> },
  { name: 'Newest', align: 'right', render: (segment) => <ExactTime time={segment.newest} /> },
];
