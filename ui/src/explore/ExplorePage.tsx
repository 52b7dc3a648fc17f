import { Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useSidebarOpen, useUtc, useWrap } from '../app/preferences';
import { isRelative } from '../lib/timeRange';
import { Header } from '../shell/Header';
import { LiveToggle } from '../shell/LiveToggle';
import { RefreshControl } from '../shell/RefreshControl';
import { TimeRangePicker } from '../shell/TimeRangePicker';
import { useOpenEvent } from './data';
import { EventDetails } from './EventDetails';
import classes from './ExplorePage.module.css';
import { FieldSidebar } from './FieldSidebar';
import { useResults, useSelection } from './results';
import { ResultsPane } from './ResultsPane';
import { SearchBar } from './SearchBar';
import { useShortcuts } from '../app/shortcuts';
import { change, changeZone, refresh, setLive, unzoom, useView } from './store';

/** Search, histogram, fields, list and details of events. */
export function ExplorePage() {
  const view = useView();
  const { state } = view;
  const [utc, preferUtc] = useUtc();
  const [wrap, setWrap] = useWrap();
  const [sidebarOpen, setSidebarOpen] = useSidebarOpen();
  const [drawer, fieldDrawer] = useDisclosure(false);
  const [atTop, setAtTop] = useState(true);
  const narrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const results = useResults(view, narrow ? 60 : 120, atTop);
  const { event, asked } = useOpenEvent(state.eventId, results.rows);
  const selection = useSelection(results.rows, state.eventId);
  const resolved = results.range ?? null;

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
  });

  const known = results.fields.fields?.map((field) => field.name) ?? [];
  const fields = (
    <FieldSidebar query={results.fields} state={state} quiet={results.failed !== null} />
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
        <RefreshControl busy={results.busy} seconds={state.refreshSeconds} live={state.live} />
      </Header>
      <SearchBar
        q={state.q}
        filters={state.filters}
        known={known}
        sidebarShown={narrow ? drawer : sidebarOpen}
        onToggleSidebar={narrow ? fieldDrawer.toggle : () => setSidebarOpen(!sidebarOpen)}
      />
      <div className={classes.body}>
        {!narrow && sidebarOpen && (
          <nav className={classes.sidebar} aria-label="Fields">
            {fields}
          </nav>
        )}
        <ResultsPane
          view={view}
          results={results}
          selectedId={selection.selectedId}
          onOpen={selection.open}
          onAtTop={setAtTop}
        />
        {state.eventId !== null && (
          <EventDetails
            event={event}
            error={asked.error}
            view={view}
            resolved={resolved}
            terms={results.terms}
            utc={utc}
            onRetry={() => void asked.refetch()}
            onClose={selection.close}
            onStep={selection.step}
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
        {fields}
      </Drawer>
    </div>
  );
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#search');
  field?.focus();
  field?.select();
}
