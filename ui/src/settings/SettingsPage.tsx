import { lazy, Suspense, type ComponentType } from 'react';
import { Center, Loader } from '@mantine/core';
import { Link } from '../app/router';
import { settingsOf, type Page } from '../lib/pages';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { useShell } from '../shell/shellContext';
import classes from './SettingsPage.module.css';

const pages: Record<string, ComponentType> = {
  '/settings/account': lazy(() => import('./AccountPage')),
  '/settings/keys': lazy(() => import('./KeysPage')),
  '/settings/users': lazy(() => import('./UsersPage')),
  '/settings/audit': lazy(() => import('./AuditPage')),
  '/settings/storage': lazy(() => import('./StoragePage')),
  '/settings/redaction': lazy(() => import('./RedactionPage')),
  '/settings/queries': lazy(() => import('./RunningPage')),
  '/settings/health': lazy(() => import('./HealthPage')),
};

/** One of the settings, beside the list of all that one may see. */
export function SettingsPage({ page }: { page: Page }) {
  const { user } = useShell();
  const Shown = pages[page.path];
  return (
    <>
      <Header title="Settings" />
      <div className={classes.body}>
        <nav className={classes.list} aria-label="Settings">
          {settingsOf(user.role).map(({ path, label }) => (
            <Link
              key={path}
              href={path}
              className={classes.entry}
              aria-current={path === page.path ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
        <ScrollingMain className={classes.main}>
          <Suspense
            fallback={
              <Center p={60}>
                <Loader size="sm" aria-label="Loading" />
              </Center>
            }
          >
            {Shown && <Shown />}
          </Suspense>
        </ScrollingMain>
      </div>
    </>
  );
}
