import { Button, Drawer, Progress } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { BelfryEvent, User } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { useSidebarOpen, useUtc, useWrap } from '../app/preferences';
import { formatCount } from '../lib/format';
import { searchTerms } from '../lib/highlight';
import { dateParts } from '../lib/instant';
import { joinLines } from '../lib/tail';
import type { ResolvedRange } from '../lib/timeRange';
import { conditionParams } from '../lib/urlState';
import { Header } from '../shell/Header';
import { HelpSheet } from '../shell/HelpSheet';
import {
  rowsMax,
  useEmptyReason,
  useEvents,
  useFields,
  useHistogram,
  useOpenEvent,
  useOwnLogsHint,
  useResolvedRange,
} from './data';
import { EmptyState } from './EmptyState';
import { EventDetails } from './EventDetails';
import { EventList, EventListLoading } from './EventList';
import classes from './ExplorePage.module.css';
import { FieldSidebar } from './FieldSidebar';
import { HistogramPanel } from './HistogramPanel';
import { OwnLogsHint } from './OwnLogsHint';
import { SearchBar } from './SearchBar';
import { useShortcuts } from './shortcuts';
import { StatusLine } from './StatusLine';
import { change, refresh, refreshChart, setLive, unzoom, useView } from './store';
import { useTail } from './useTail';

const liveChartMillis = 5000;

/** Search, histogram, fields, list and details of events. */
export function ExplorePage({ user }: { user: User }) {
  const view = useView();
  const { state } = view;
  const [utc, setUtc] = useUtc();
  const [wrap, setWrap] = useWrap();
  const [sidebarOpen, setSidebarOpen] = useSidebarOpen();
  const [help, helpSheet] = useDisclosure(false);
  const [drawer, fieldDrawer] = useDisclosure(false);
  const narrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const [atTop, setAtTop] = useState(true);
  const [selectedId, setSelectedId] = useState<string | null>(null);

  const conditions = conditionParams(state).toString();
  const terms = useMemo(() => searchTerms(state.q), [state.q]);
  const range = useResolvedRange(state, view.nowMillis);
  const chartRange = useResolvedRange(state, view.chartNowMillis);
  const events = useEvents(state, range);
  const histogram = useHistogram(state, chartRange, narrow ? 60 : 120);
  const fields = useFields(view, range);
  const ownLogs = useOwnLogsHint(state, fields.fields);
  const tail = useTail(state.live, conditions, !atTop);

  const stored = useMemo(
    () => events.data?.pages.flatMap((page) => page.data) ?? [],
    [events.data],
  );
  const rows = useMemo(() => joinLines(tail.lines.shown, stored), [tail.lines.shown, stored]);
  const { event, asked } = useOpenEvent(state.eventId, rows);
  const empty = events.isSuccess && !events.isPlaceholderData && rows.length === 0;
  const emptyReason = useEmptyReason(state, empty);

  useRefreshing(state.live ? 0 : state.refreshSeconds, atTop && state.eventId === null, refresh);
  useRefreshing(state.live ? liveChartMillis / 1000 : 0, true, refreshChart);

  const open = useCallback(
    (chosen: BelfryEvent) => {
      setSelectedId(chosen.id);
      change({ eventId: chosen.id }, state.eventId === null ? 'push' : 'replace');
    },
    [state.eventId],
  );
  const close = () => change({ eventId: null });
  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === (state.eventId ?? selectedId));
    const next = rows[at < 0 ? 0 : at + by];
    if (!next) return;
    if (state.eventId !== null) open(next);
    else setSelectedId(next.id);
  };
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = events;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  useShortcuts({
    '/': () => focusSearch(),
    '?': helpSheet.toggle,
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    Enter: () => {
      const chosen = rows.find((row) => row.id === selectedId) ?? rows[0];
      if (chosen) open(chosen);
    },
    Escape: () => {
      if (state.eventId !== null) close();
    },
    undo: () => unzoom(range ?? null),
    r: refresh,
    l: () => setLive(!state.live),
    t: () => document.querySelector<HTMLElement>('[data-shortcut="t"]')?.click(),
    u: () => setUtc(!utc),
    w: () => setWrap(!wrap),
  });

  const busy = events.isFetching || histogram.isFetching;
  const lastPage = events.data?.pages.at(-1);
  const counted = lastPage?.pagination.total ?? histogram.data?.data.total ?? null;
  const sidebar = <FieldSidebar query={fields} state={state} />;
  return (
    <div className={classes.page}>
      <Header
        user={user}
        view={view}
        resolved={range ?? null}
        busy={busy}
        tailStatus={state.live ? tail.status : null}
        onHelp={helpSheet.open}
      />
      <SearchBar
        q={state.q}
        filters={state.filters}
        sidebarShown={narrow ? drawer : sidebarOpen}
        onToggleSidebar={narrow ? fieldDrawer.toggle : () => setSidebarOpen(!sidebarOpen)}
      />
      <div className={classes.body}>
        {!narrow && sidebarOpen && (
          <nav className={classes.sidebar} aria-label="Fields">
            {sidebar}
          </nav>
        )}
        <main className={classes.main}>
          <h1 className={classes.title}>Explore</h1>
          {busy && (
            <Progress className={classes.progress} value={100} size={2} animated radius={0} />
          )}
          {ownLogs && !empty && <OwnLogsHint kind={ownLogs} />}
          {!empty && !events.isError && (
            <HistogramPanel query={histogram} filters={state.filters} />
          )}
          {!empty && !events.isError && (
            <StatusLine
              loading={events.isPending}
              shown={rows.length}
              total={counted}
              statistics={lastPage?.statistics}
              live={
                state.live
                  ? { received: tail.receivedCount, dropped: tail.lines.droppedCount }
                  : null
              }
              refreshHeld={state.refreshSeconds > 0 && !state.live && !(atTop && !state.eventId)}
              utc={utc}
              wrap={wrap}
              onUtc={setUtc}
              onWrap={setWrap}
            />
          )}
          {tail.lines.waiting.length > 0 && (
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
          )}
          {range === null && (
            <ErrorPanel
              error={new Error(`“${state.range.from}” to “${state.range.to}” is not a time range.`)}
              onRetry={() => change({ range: { from: 'now-1h', to: 'now' } })}
            />
          )}
          {events.isError && rows.length === 0 && (
            <ErrorPanel error={events.error} onRetry={() => void events.refetch()} />
          )}
          {range !== null && events.isPending && <EventListLoading />}
          {empty && <EmptyState reason={emptyReason} state={state} utc={utc} />}
          {rows.length > 0 && (
            <EventList
              rows={rows}
              terms={terms}
              selectedId={selectedId}
              openId={state.eventId}
              order={state.order}
              utc={utc}
              wrap={wrap}
              detail={rowDetail(range, view.nowMillis, utc)}
              loadingMore={isFetchingNextPage}
              end={hasNextPage ? null : endText(stored.length, state.order)}
              queryKey={`${conditions} ${state.range.from} ${state.range.to} ${state.order}`}
              onOrder={() =>
                change({ order: state.order === 'desc' ? 'asc' : 'desc', live: false })
              }
              onOpen={open}
              onNearEnd={nearEnd}
              onAtTop={setAtTop}
            />
          )}
        </main>
        {state.eventId !== null && (
          <EventDetails
            event={event}
            error={asked.error}
            view={view}
            resolved={range ?? null}
            terms={terms}
            utc={utc}
            onRetry={() => void asked.refetch()}
            onClose={close}
            onStep={step}
          />
        )}
      </div>
      <Drawer
        opened={narrow && drawer}
        onClose={fieldDrawer.close}
        title="Fields"
        closeButtonProps={{ 'aria-label': 'Close' }}
        size={300}
        padding="xs"
      >
        {sidebar}
      </Drawer>
      <HelpSheet opened={help} onClose={helpSheet.close} />
    </div>
  );
}

/** Calls again and again while it may; 0 seconds is never. */
function useRefreshing(seconds: number, allowed: boolean, run: () => void): void {
  useEffect(() => {
    if (seconds === 0 || !allowed) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') run();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, allowed, run]);
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

function endText(count: number, order: 'asc' | 'desc'): string {
  if (count >= rowsMax) return `${formatCount(rowsMax)} rows: narrow the time range to see others`;
  return order === 'desc' ? 'No older events in this range' : 'No newer events in this range';
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#search');
  field?.focus();
  field?.select();
}
