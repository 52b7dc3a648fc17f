import { Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useSidebarOpen, useUtc, useWrap } from '../app/preferences';
import { isRelative } from '../lib/timeRange';
import { Header } from '../shell/Header';
import { LiveToggle } from '../shell/LiveToggle';
import { RefreshControl } from '../shell/RefreshControl';
import { TimeRangePicker } from '../shell/TimeRangePicker';
import { useOpenEvent } from './data';
import { EventListLoading } from './EventList';
import classes from './ExplorePage.module.css';
import { FieldSidebar } from './FieldSidebar';
import { useResults, useSelection } from './results';
import { ResultsPane } from './ResultsPane';
import { rowsFirst, useInsight, useInsightHistogram, useLimit } from './insight/data';
import { SearchBar, switchMode } from './SearchBar';
import { useShortcuts } from '../app/shortcuts';
import { useColumns } from './useColumns';
import { tabsOf } from './ViewTabs';
import { change, changeZone, refresh, setLive, unzoom, useView } from './store';

/* What most visits do not show at first. */
const InsightPane = lazy(() => import('./insight/InsightPane'));
const EventDetails = lazy(() => import('./EventDetails'));

/** Search, histogram, fields, list and details of events. */
export function ExplorePage() {
  const view = useView();
  const { state } = view;
  const [utc, preferUtc] = useUtc();
  const [wrap, setWrap] = useWrap();
  const [sidebarOpen, setSidebarOpen] = useSidebarOpen();
  const [columns, setColumns] = useColumns(state);
  const [drawer, fieldDrawer] = useDisclosure(false);
  const [atTop, setAtTop] = useState(true);
  const narrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const bucketsMax = narrow ? 60 : 120;
  const results = useResults(view, bucketsMax, atTop);
  const resolved = results.range ?? null;
  const asksQuery = state.query !== null;
  const [limit, setLimit] = useLimit(state.query, rowsFirst);
  const insight = useInsight(state, results.range, limit);
  const insightHistogram = useInsightHistogram(state, results.range, bucketsMax);
  const ids = useMemo(
    () => (asksQuery ? (insight.answer.data?.data.ids ?? []) : results.rows.map(({ id }) => id)),
    [asksQuery, insight.answer.data, results.rows],
  );
  const { event, asked } = useOpenEvent(state.eventId, asksQuery ? noRows : results.rows);
  const selection = useSelection(ids, state.eventId);
  const tabs = tabsOf(state);
  const toTab = (at: number) => {
    const tab = tabs[at];
    if (tab) change({ tab });
  };

  useShortcuts({
    '/': focusSearch,
    j: () => selection.step(1),
    ArrowDown: () => selection.step(1),
    k: () => selection.step(-1),
    ArrowUp: () => selection.step(-1),
    Enter: selection.openSelected,
    Escape: selection.close,
    undo: () => unzoom(resolved),
    r: refresh,
    l: () => setLive(!state.live),
    t: () => document.querySelector<HTMLElement>('[data-shortcut="t"]')?.click(),
    u: () => changeZone(!utc, preferUtc),
    w: () => setWrap(!wrap),
    i: () => switchMode(state),
    s: () => document.querySelector<HTMLElement>('[data-shortcut="s"]')?.click(),
    c: () => change({ tab: 'compare', query: null }),
    '1': () => toTab(0),
    '2': () => toTab(1),
    '3': () => toTab(2),
  });

  const busy = asksQuery ? insight.answer.isFetching : results.busy;
  const fields = (
    <FieldSidebar
      query={results.fields}
      state={state}
      quiet={results.failed !== null}
      columns={columns}
      onColumns={setColumns}
    />
  );
  return (
    <div className={classes.page}>
      <Header
        title="Explore"
        tools={
          <LiveToggle
            live={state.live}
            status={state.live ? results.tail.status : null}
            onChange={setLive}
          />
        }
      >
        <TimeRangePicker
          range={state.range}
          resolved={resolved}
          onChange={(range) => change({ range, live: state.live && isRelative(range) })}
          onZoomOut={() => unzoom(resolved)}
        />
        <RefreshControl
          busy={busy}
          seconds={state.refreshSeconds}
          live={state.live}
          onRefresh={refresh}
          onSeconds={(refreshSeconds) => change({ refreshSeconds }, 'replace')}
        />
      </Header>
      <SearchBar
        state={state}
        fields={results.fields.fields ?? noFields}
        columns={columns}
        range={resolved}
        busy={busy}
        failed={insight.problem}
        sidebarShown={narrow ? drawer : sidebarOpen}
        onToggleSidebar={narrow ? fieldDrawer.toggle : () => setSidebarOpen(!sidebarOpen)}
      />
      <div className={classes.body}>
        {!narrow && sidebarOpen && (
          <nav className={classes.sidebar} aria-label="Fields">
            {fields}
          </nav>
        )}
        {asksQuery ? (
          <Suspense fallback={<PaneLoading />}>
            <InsightPane
              view={view}
              range={results.range}
              insight={insight}
              histogram={insightHistogram}
              limit={limit}
              onLimit={setLimit}
            />
          </Suspense>
        ) : (
          <ResultsPane
            view={view}
            results={results}
            selectedId={selection.selectedId}
            onOpen={selection.open}
            onAtTop={setAtTop}
          />
        )}
        {state.eventId !== null && (
          <Suspense fallback={null}>
            <EventDetails
              event={event}
              error={asked.error}
              view={view}
              terms={results.terms}
              columns={columns}
              onColumns={setColumns}
              utc={utc}
              onRetry={() => void asked.refetch()}
              onClose={selection.close}
              onStep={selection.step}
            />
          </Suspense>
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
        {fields}
      </Drawer>
    </div>
  );
}

function PaneLoading() {
  return (
    <main className={classes.main}>
      <EventListLoading />
    </main>
  );
}

const noRows: never[] = [];
const noFields: never[] = [];

function focusSearch(): void {
  const field = document.querySelector<HTMLElement>('#search, #query');
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}
