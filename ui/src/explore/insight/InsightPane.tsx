import { Anchor, Button, Group, Menu, Progress, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { queryRowsMax } from '../../api';
import { saveFile } from '../../app/saveFile';
import { ErrorPanel } from '../../app/ErrorPanel';
import { useUtc } from '../../app/preferences';
import { formatCount, plural } from '../../lib/format';
import { toCsv, toNdjson } from '../../lib/resultChart';
import { defaultRange, notARange, type ResolvedRange } from '../../lib/timeRange';
import { Cost } from '../Cost';
import { EventListLoading } from '../EventList';
import classes from '../ExplorePage.module.css';
import { HistogramPanel } from '../HistogramPanel';
import { change, type View } from '../store';
import { ViewTabs } from '../ViewTabs';
import { type useInsight, type useInsightHistogram } from './data';
import { ResultChart } from './ResultChart';
import { ResultTable } from './ResultTable';
import line from '../StatusLine.module.css';

interface InsightPaneProps {
  view: View;
  range: ResolvedRange | null | undefined;
  insight: ReturnType<typeof useInsight>;
  histogram: ReturnType<typeof useInsightHistogram>;
  limit: number;
  onLimit: (limit: number) => void;
}

/** The answer of a query: the events that it looks at over time, and its rows or a chart. */
export default function InsightPane(props: InsightPaneProps) {
  const { view, range, insight, histogram, limit, onLimit } = props;
  const { state } = view;
  const { answer, problem } = insight;
  const [utc, preferUtc] = useUtc();
  const shown = answer.isError ? undefined : answer.data;
  const busy = answer.isFetching || histogram.isFetching;
  const rows = shown?.data.rows.length ?? 0;
  const cut = shown?.statistics.truncated === true && limit < queryRowsMax;
  return (
    <main className={classes.main}>
      {busy && (
        <Progress
          className={classes.progress}
          aria-label="Searching"
          value={100}
          size={2}
          animated
          radius={0}
        />
      )}
      {!answer.isError && range !== null && (
        <HistogramPanel query={histogram} filters={state.filters} marked={null} />
      )}
      <ViewTabs state={state} utc={utc} preferUtc={preferUtc} />
      {range === null && (
        <ErrorPanel
          title="When?"
          error={notARange(state.range)}
          action="Show the last hour"
          onRetry={() => change({ range: defaultRange })}
        />
      )}
      {answer.isError && !problem && (
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {problem && (
        <Text size="sm" c="var(--ink-dim)" ta="center" p="36px 20px">
          The query cannot be read. The editor says where.
        </Text>
      )}
      {range !== null && answer.isPending && <EventListLoading />}
      {shown && (
        <>
          <div className={line.line}>
            <Cost
              busy={busy}
              statistics={shown.statistics}
              found={
                <>
                  <b>{formatCount(rows)}</b> {plural(rows, 'row')}
                </>
              }
            >
              {cut && (
                <Anchor component="button" size="xs" onClick={() => onLimit(queryRowsMax)}>
                  Show up to {formatCount(queryRowsMax)}
                </Anchor>
              )}
            </Cost>
            <Save answer={shown.data} disabled={rows === 0} />
          </div>
          {rows === 0 && (
            <Text size="sm" c="var(--ink-dim)" ta="center" p="36px 20px">
              The query has no rows in this time range.
            </Text>
          )}
          {rows > 0 && state.tab === 'table' && (
            <ResultTable
              answer={shown.data}
              sort={state.sort}
              openId={state.eventId}
              onSort={(sort) => change({ sort }, 'replace')}
              onOpen={(eventId) => change({ eventId })}
            />
          )}
          {rows > 0 && state.tab === 'chart' && range && (
            <ResultChart answer={shown.data} text={shown.text} range={range} kind={state.chart} />
          )}
        </>
      )}
    </main>
  );
}

interface SaveProps {
  answer: { columns: string[]; rows: unknown[][] };
  disabled: boolean;
}

function Save({ answer: { columns, rows }, disabled }: SaveProps) {
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            disabled={disabled}
            leftSection={<IconDownload size={14} />}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => saveFile('belfry-result.csv', 'text/csv', toCsv(columns, rows))}
          >
            These rows as CSV
          </Menu.Item>
          <Menu.Item
            onClick={() =>
              saveFile('belfry-result.ndjson', 'application/x-ndjson', toNdjson(columns, rows))
            }
          >
            These rows as NDJSON
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
