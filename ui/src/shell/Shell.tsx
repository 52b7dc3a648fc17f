import { Center, Loader } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect, type ReactNode } from 'react';
import type { User } from '../api';
import { part, type Part } from '../app/part';
import { navigate, usePath } from '../app/router';
import { useShortcuts } from '../app/shortcuts';
import { ExplorePage } from '../explore/ExplorePage';
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

/* Explore is the page that most people open: it comes with the program. The others are loaded when they are shown. */
const eventPage = part(async () => (await import('../explore/EventPage')).EventPage);
const metricsPage = part(async () => (await import('../metrics/MetricsPage')).default);
const cataloguePage = part(async () => (await import('../metrics/CataloguePage')).default);
const targetsPage = part(async () => (await import('../metrics/TargetsPage')).default);
const cardinalityPage = part(async () => (await import('../metrics/CardinalityPage')).default);
const savedList = part(async () => (await import('../saved/SavedPage')).default);
const answersPage = part(async () => (await import('../saved/AnswersPage')).default);
const sendPage = part(async () => (await import('../start/StartPage')).StartPage);
const settings = part(async () => (await import('../settings/SettingsPage')).SettingsPage);

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
  if (isAt(path, startPage)) return <sendPage.Show />;
  const eventId = eventOfPath(path);
  if (eventId !== null) return <eventPage.Show id={eventId} />;
  const savedId = savedOfPath(path);
  if (savedId !== null) return <answersPage.Show id={savedId} />;
  if (isAt(path, savedPage)) return <savedList.Show />;
  if (path === '/query') return <metricsPage.Show />;
  if (path === '/query/catalogue') return <cataloguePage.Show />;
  if (path === '/query/targets') return <targetsPage.Show />;
  if (path === '/query/cardinality') return <cardinalityPage.Show />;
  if (path === '/settings' || path === '/settings/') return <ToAccount />;
  const page = settingsPages.find((candidate) => isAt(path, candidate));
  if (page && maySee(user.role, page)) return <settings.Show page={page} />;
  return <NotFound refused={page !== undefined} />;
}

/** Loads the page at `path` before anything is shown; what fails, the page itself shows. */
export async function preloadPage(path: string): Promise<void> {
  await partAt(path)
    ?.preload()
    .catch(() => undefined);
}

function partAt(path: string): Pick<Part<never>, 'preload'> | null {
  if (isAt(path, explorePage)) return null;
  if (isAt(path, startPage)) return sendPage;
  if (eventOfPath(path) !== null) return eventPage;
  if (savedOfPath(path) !== null) return answersPage;
  if (isAt(path, savedPage)) return savedList;
  if (path === '/query') return metricsPage;
  if (path === '/query/catalogue') return cataloguePage;
  if (path === '/query/targets') return targetsPage;
  if (path === '/query/cardinality') return cardinalityPage;
  return path.startsWith('/settings/') ? settings : null;
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
