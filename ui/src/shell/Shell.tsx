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
const metricParts: Record<string, Part<object>> = {
  '/query': part(async () => (await import('../metrics/MetricsPage')).default),
  '/query/catalogue': part(async () => (await import('../metrics/CataloguePage')).default),
  '/query/targets': part(async () => (await import('../metrics/TargetsPage')).default),
  '/query/cardinality': part(async () => (await import('../metrics/CardinalityPage')).default),
};
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

/** Where a path leads: what is shown there, and the part of the program that shows it. */
interface Route {
  part: Pick<Part<never>, 'preload'> | null;
  show: ReactNode;
}

function routeOf(path: string): Route | null {
  const at = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const eventId = eventOfPath(at);
  if (eventId !== null) return { part: eventPage, show: <eventPage.Show id={eventId} /> };
  const savedId = savedOfPath(at);
  if (savedId !== null) return { part: answersPage, show: <answersPage.Show id={savedId} /> };
  if (isAt(at, explorePage)) return { part: null, show: <ExplorePage /> };
  if (isAt(at, startPage)) return { part: sendPage, show: <sendPage.Show /> };
  if (isAt(at, savedPage)) return { part: savedList, show: <savedList.Show /> };
  if (at === '/settings') return { part: settings, show: <ToAccount /> };
  const page = settingsPages.find((candidate) => isAt(at, candidate));
  if (page) return { part: settings, show: <settings.Show page={page} /> };
  const metrics = metricParts[at];
  return metrics ? { part: metrics, show: <metrics.Show /> } : null;
}

function pageAt(path: string, user: User): ReactNode {
  const page = settingsPages.find((candidate) => isAt(path, candidate));
  if (page && !maySee(user.role, page)) return <NotFound refused />;
  return routeOf(path)?.show ?? <NotFound refused={false} />;
}

/** Loads the page at `path` before anything is shown; what fails, the page itself shows. */
export async function preloadPage(path: string): Promise<void> {
  await routeOf(path)
    ?.part?.preload()
    .catch(() => undefined);
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
