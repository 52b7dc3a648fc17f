import { Group, Text } from '@mantine/core';
import type { User } from '../api';
import { Logo } from '../app/Logo';
import { isRelative, type ResolvedRange } from '../lib/timeRange';
import { change, setLive, unzoom, type View } from '../explore/store';
import classes from './Header.module.css';
import { LiveToggle } from './LiveToggle';
import { RefreshControl } from './RefreshControl';
import { SchemeToggle } from './SchemeToggle';
import { TimeRangePicker } from './TimeRangePicker';
import { UserMenu } from './UserMenu';

interface HeaderProps {
  user: User;
  view: View;
  resolved: ResolvedRange | null;
  busy: boolean;
  tailStatus: string | null;
  onHelp: () => void;
}

/** The bar above every page: where one is, which time is shown, who one is. */
export function Header({ user, view, resolved, busy, tailStatus, onHelp }: HeaderProps) {
  const { state } = view;
  return (
    <header className={classes.header}>
      <a className={classes.brand} href="/" aria-label="Belfry, to the start">
        <Logo />
        <Text component="span" fw={680} fz={15}>
          Belfry
        </Text>
      </a>
      <nav className={classes.nav} aria-label="Pages">
        <span className={classes.page} aria-current="page">
          Explore
        </span>
      </nav>
      <Group className={classes.time} gap={6} wrap="nowrap">
        <TimeRangePicker
          range={state.range}
          resolved={resolved}
          onChange={(range) => change({ range, live: state.live && isRelative(range) })}
          onZoomOut={() => unzoom(resolved)}
        />
        <RefreshControl busy={busy} seconds={state.refreshSeconds} live={state.live} />
      </Group>
      <Group className={classes.tools} gap={6} wrap="nowrap">
        <LiveToggle live={state.live} status={tailStatus} onChange={setLive} />
        <SchemeToggle />
        <UserMenu user={user} onHelp={onHelp} />
      </Group>
    </header>
  );
}
