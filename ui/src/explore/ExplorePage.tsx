import { Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { User } from '../api';
import { useSidebarOpen, useUtc, useWrap } from '../app/preferences';
import { Header } from '../shell/Header';
import { HelpSheet } from '../shell/HelpSheet';
import { useOpenEvent } from './data';
import { EventDetails } from './EventDetails';
import classes from './ExplorePage.module.css';
import { FieldSidebar } from './FieldSidebar';
import { useResults, useSelection } from './results';
import { ResultsPane } from './ResultsPane';
import { SearchBar } from './SearchBar';
import { useShortcuts } from '../app/shortcuts';
import { refresh, setLive, unzoom, useView } from './store';

/** Search, histogram, fields, list and details of events. */
export function ExplorePage({ user }: { user: User }) {
  const view = useView();
  const { state } = view;
  const [utc, setUtc] = useUtc();
  const [wrap, setWrap] = useWrap();
  const [sidebarOpen, setSidebarOpen] = useSidebarOpen();
  const [help, helpSheet] = useDisclosure(false);
  const [drawer, fieldDrawer] = useDisclosure(false);
  const [atTop, setAtTop] = useState(true);
  const narrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const results = useResults(view, narrow ? 60 : 120, atTop);
  const { event, asked } = useOpenEvent(state.eventId, results.rows);
  const selection = useSelection(results.rows, state.eventId);
  const resolved = results.range ?? null;

  useShortcuts({
    '/': focusSearch,
    '?': helpSheet.toggle,
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
    u: () => setUtc(!utc),
    w: () => setWrap(!wrap),
  });

  const fields = <FieldSidebar query={results.fields} state={state} />;
  return (
    <div className={classes.page}>
      <Header
        user={user}
        view={view}
        resolved={resolved}
        busy={results.busy}
        tailStatus={state.live ? results.tail.status : null}
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
      <HelpSheet opened={help} onClose={helpSheet.close} />
    </div>
  );
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#search');
  field?.focus();
  field?.select();
}
