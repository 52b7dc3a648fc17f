import {
  IconChartLine,
  IconListSearch,
  IconSearch,
  IconSettings,
  IconUpload,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '../app/router';
import { Logo } from '../app/Logo';
import { exploreUrl, useView } from '../explore/store';
import { explorePage, isAt, savedPage, startPage } from '../lib/pages';
import { metricsUrl, useMetricsView } from '../metrics/store';
import classes from './NavBar.module.css';
import { useShell } from './shellContext';

/** The pages, at the left; on a phone at the bottom. */
export function NavBar({ path }: { path: string }) {
  const { openPalette } = useShell();
  useView();
  useMetricsView();
  return (
    <nav className={classes.bar} aria-label="Pages">
      <Link className={classes.brand} href="/" aria-label="Belfry, to the start">
        <Logo size={26} />
      </Link>
      <Entry
        href={exploreUrl()}
        label={explorePage.label}
        icon={IconListSearch}
        current={isAt(path, explorePage) || isAt(path, savedPage)}
      />
      <Entry
        href={metricsUrl()}
        label="Metrics"
        icon={IconChartLine}
        current={path.startsWith('/query')}
      />
      <Entry
        href={startPage.path}
        label={startPage.label}
        icon={IconUpload}
        current={isAt(path, startPage)}
      />
      <span className={classes.space} />
      <button
        type="button"
        className={classes.entry}
        title="Go to … (Ctrl K)"
        aria-keyshortcuts="Control+K"
        onClick={openPalette}
      >
        <IconSearch size={19} stroke={1.7} aria-hidden />
        Go to
      </button>
      <Entry
        href="/settings/account"
        label="Settings"
        icon={IconSettings}
        current={path.startsWith('/settings')}
      />
    </nav>
  );
}

interface EntryProps {
  href: string;
  label: string;
  icon: Icon;
  current: boolean;
}

function Entry({ href, label, icon: EntryIcon, current }: EntryProps) {
  return (
    <Link className={classes.entry} href={href} aria-current={current ? 'page' : undefined}>
      <EntryIcon size={20} stroke={1.7} aria-hidden />
      {label}
    </Link>
  );
}
