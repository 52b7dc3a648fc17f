import { Center, Loader } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import type { User } from '../api';
import { navigate, usePath } from '../app/router';
import { useShortcuts } from '../app/shortcuts';
import {
  eventOfPath,
  explorePage,
  isAt,
  maySee,
  metricPages,
  savedOfPath,
  savedPage,
  settingsPages,
  startPage,
} from '../lib/pages';
import { Header } from './Header';
import { HelpSheet } from './HelpSheet';
import { NavBar } from './NavBar';
import { NotFound } from './NotFound';
import { PageBoundary } from './PageBoundary';
import { Palette } from './Palette';
import classes from './Shell.module.css';
import { ShellContext } from './shellContext';

const ExplorePage = lazy(() =>
  import('../explore/ExplorePage').then((module) => ({ default: module.ExplorePage })),
);
const EventPage = lazy(() =>
  import('../explore/EventPage').then((module) => ({ default: module.EventPage })),
);
const MetricsPage = lazy(() => import('../metrics/MetricsPage'));
const CataloguePage = lazy(() => import('../metrics/CataloguePage'));
const TargetsPage = lazy(() => import('../metrics/TargetsPage'));
const CardinalityPage = lazy(() => import('../metrics/CardinalityPage'));
const SavedPage = lazy(() => import('../saved/SavedPage'));
const AnswersPage = lazy(() => import('../saved/AnswersPage'));
const StartPage = lazy(() =>
  import('../start/StartPage').then((module) => ({ default: module.StartPage })),
);
const SettingsPage = lazy(() =>
  import('../settings/SettingsPage').then((module) => ({ default: module.SettingsPage })),
);

/** Navigation around the pages, and what every page has: palette, help, keys. */
export function Shell({ user }: { user: User }) {
  const path = usePath();
  const [help, helpSheet] = useDisclosure(false);
  const [palette, paletteBox] = useDisclosure(false);
  useShortcuts({ '?': helpSheet.toggle, palette: paletteBox.toggle });

  useEffect(() => {
    document.title = `${titleOf(path)} · Belfry`;
  }, [path]);

  return (
    <ShellContext value={{ user, openHelp: helpSheet.open, openPalette: paletteBox.open }}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <div className={classes.shell}>
        <NavBar path={path} />
        <div id="content" className={classes.content} tabIndex={-1}>
          <PageBoundary key={path}>
            <Suspense fallback={<Waiting />}>{pageAt(path, user)}</Suspense>
          </PageBoundary>
        </div>
      </div>
      <Palette opened={palette} onClose={paletteBox.close} />
      <HelpSheet opened={help} onClose={helpSheet.close} />
    </ShellContext>
  );
}

function pageAt(path: string, user: User): ReactNode {
  if (isAt(path, explorePage)) return <ExplorePage />;
  if (isAt(path, startPage)) return <StartPage />;
  const eventId = eventOfPath(path);
  if (eventId !== null) return <EventPage id={eventId} />;
  const savedId = savedOfPath(path);
  if (savedId !== null) return <AnswersPage id={savedId} />;
  if (isAt(path, savedPage)) return <SavedPage />;
  if (path === '/query') return <MetricsPage />;
  if (path === '/query/catalogue') return <CataloguePage />;
  if (path === '/query/targets') return <TargetsPage />;
  if (path === '/query/cardinality') return <CardinalityPage />;
  if (path === '/settings' || path === '/settings/') return <ToAccount />;
  const page = settingsPages.find((candidate) => isAt(path, candidate));
  if (page && maySee(user.role, page)) return <SettingsPage page={page} />;
  return <NotFound refused={page !== undefined} />;
}

function titleOf(path: string): string {
  if (eventOfPath(path) !== null) return 'Event';
  const pages = [
    explorePage,
    savedPage,
    startPage,
    ...[...metricPages].reverse(),
    ...settingsPages,
  ];
  return pages.find((page) => isAt(path, page))?.label ?? 'Not found';
}

function ToAccount() {
  useEffect(() => navigate('/settings/account', 'replace'), []);
  return <Waiting />;
}

function Waiting() {
  return (
    <>
      <Header title="" />
      <Center p={60}>
        <Loader size="sm" aria-label="Loading" />
      </Center>
    </>
  );
}
