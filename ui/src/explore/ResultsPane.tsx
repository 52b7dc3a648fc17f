import { Anchor, Button, Progress } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { useUtc, useWrap } from '../app/preferences';
import { formatCount } from '../lib/format';
import { dateParts } from '../lib/instant';
import {
  defaultRange,
  fixedRange,
  notARange,
  resolveRange,
  type ResolvedRange,
} from '../lib/timeRange';
import type { ExploreState } from '../lib/urlState';
import { rowsMax } from './data';
import { EmptyState } from './EmptyState';
import { EventList, EventListLoading } from './EventList';
import classes from './ExplorePage.module.css';
import { ExportMenu } from './ExportMenu';
import { HistogramPanel, type Drag } from './HistogramPanel';
import type { Results } from './results';
import { StatusLine } from './StatusLine';
import { change, type View } from './store';
import { useColumns } from './useColumns';
import { ViewTabs } from './ViewTabs';

const ComparePane = lazy(() => import('./ComparePane'));
const PatternsPane = lazy(() => import('./PatternsPane'));

interface ResultsPaneProps {
  view: View;
  results: Results;
  selectedId: string | null;
  onOpen: (id: string) => void;
  onAtTop: (atTop: boolean) => void;
}

/** Histogram, cost and list, or what there is instead of them. */
export function ResultsPane(props: ResultsPaneProps) {
  const { view, results } = props;
  const { state } = view;
  const { empty, failed, range } = results;
  const [utc, preferUtc] = useUtc();
  const [dragged, setDrag] = useState<Drag>('zoom');
  const drag = state.tab === 'compare' ? 'compare' : dragged;
  return (
    <main className={classes.main}>
      {results.busy && (
        <Progress
          className={classes.progress}
          aria-label="Searching"
          value={100}
          size={2}
          animated
          radius={0}
        />
      )}
      {!empty && !failed && (
        <HistogramPanel
          query={results.histogram}
          filters={state.filters}
          marked={markedPart(state, view.nowMillis, utc)}
          comparing={{
            drag,
            onDrag: (next) => {
              setDrag(next);
              if (state.tab === 'compare' && next === 'zoom') change({ tab: 'events' });
            },
            onCompare: (chosen) =>
              change({ tab: 'compare', part: { kind: 'range', range: fixedRange(chosen) } }),
          }}
        />
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
      {range !== null && (
        <Suspense fallback={<EventListLoading />}>
          {state.tab === 'patterns' && <PatternsPane view={view} range={range} utc={utc} />}
          {state.tab === 'compare' && <ComparePane view={view} range={range} utc={utc} />}
        </Suspense>
      )}
      {state.tab === 'events' && range !== null && <EventsPane {...props} utc={utc} />}
    </main>
  );
}

/** The part that is compared, where it is a time. */
function markedPart(
  { tab, part }: ExploreState,
  nowMillis: number,
  utc: boolean,
): ResolvedRange | null {
  return tab === 'compare' && part?.kind === 'range'
    ? resolveRange(part.range, nowMillis, utc)
    : null;
}

/** The list with its cost. */
function EventsPane(props: ResultsPaneProps & { utc: boolean }) {
  const { view, results, utc } = props;
  const { state } = view;
  const { events, empty, failed, range, rows, tail } = results;
  const [wrap, setWrap] = useWrap();
  const [columns] = useColumns(state);
  const live = { received: tail.receivedCount, dropped: tail.lines.droppedCount };
  return (
    <>
      {!failed && (
        <StatusLine
          loading={events.isPending}
          busy={results.busy}
          shown={rows.length}
          total={results.total}
          statistics={results.statistics}
          live={state.live ? live : null}
          refreshHeld={results.refreshHeld}
          wrap={wrap}
          tools={<ExportMenu state={state} columns={columns} range={range} />}
          onWrap={setWrap}
        />
      )}
      {tail.lines.waiting.length > 0 && <Waiting tail={tail} />}
      {failed && <ErrorPanel error={failed} onRetry={() => void events.refetch()} />}
      {events.isPending && <EventListLoading />}
      {empty && <EmptyState reason={results.emptyReason} state={state} utc={utc} />}
      {rows.length > 0 && <Rows {...props} wrap={wrap} />}
    </>
  );
}

function Waiting({ tail }: { tail: Results['tail'] }) {
  return (
    <Button
      className={classes.waiting}
      size="xs"
      radius="xl"
      leftSection={<IconArrowUp size={14} />}
      onClick={() => {
        tail.release();
        document.querySelector('[data-testid="events"]')?.scrollTo({ top: 0 });
      }}
    >
      {formatCount(tail.lines.waiting.length)} new
    </Button>
  );
}

interface RowsProps extends ResultsPaneProps {
  utc: boolean;
  wrap: boolean;
}

function Rows({ view, results, selectedId, onOpen, onAtTop, utc, wrap }: RowsProps) {
  const { state } = view;
  const [columns, setColumns] = useColumns(state);
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = results.events;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const openRow = useCallback((event: { id: string }) => onOpen(event.id), [onOpen]);
  return (
    <EventList
      rows={results.rows}
      columns={columns}
      onColumns={setColumns}
      terms={results.terms}
      selectedId={selectedId}
      openId={state.eventId}
      order={state.order}
      utc={utc}
      wrap={wrap}
      detail={rowDetail(results.range, view.nowMillis, utc)}
      loadingMore={isFetchingNextPage}
      end={endOfList(results, state.order)}
      queryKey={results.queryKey}
      onOrder={() => change({ order: state.order === 'desc' ? 'asc' : 'desc', live: false })}
      onOpen={openRow}
      onNearEnd={nearEnd}
      onAtTop={onAtTop}
    />
  );
}

/** The year only where it is not the one that everybody thinks of. */
function rowDetail(
  range: ResolvedRange | null | undefined,
  nowMillis: number,
  utc: boolean,
): 'day' | 'full' {
  const year = (millis: number) => dateParts(millis, utc).year;
  return range && year(range.startMillis) === year(nowMillis) ? 'day' : 'full';
}

function endOfList({ events, storedCount }: Results, order: 'asc' | 'desc'): ReactNode {
  if (events.isFetchNextPageError) {
    return (
      <span role="alert">
        The next rows could not be read: {events.error.message}{' '}
        <Anchor component="button" size="xs" onClick={() => void events.fetchNextPage()}>
          Try again
        </Anchor>
      </span>
    );
  }
  if (events.hasNextPage) return null;
  if (storedCount >= rowsMax) {
    return `${formatCount(rowsMax)} rows: narrow the time range to see others`;
  }
  return order === 'desc' ? 'No older events in this range' : 'No newer events in this range';
}
