import { Button, Group, Switch, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { changeZone, change } from './store';
import type { ExploreState, Tab } from '../lib/urlState';
import { hidesOwn } from '../lib/urlState';
import classes from './ViewTabs.module.css';

interface ViewTabsProps {
  state: ExploreState;
  utc: boolean;
  preferUtc: (utc: boolean) => void;
  /** Further buttons at the right. */
  children?: ReactNode;
}

const searchTabs: { tab: Tab; label: string; title: string }[] = [
  { tab: 'events', label: 'Events', title: 'Every line (1)' },
  { tab: 'patterns', label: 'Patterns', title: 'What the lines have in common (2)' },
  { tab: 'compare', label: 'Compare', title: 'How a part differs from the rest (3)' },
];

const queryTabs: { tab: Tab; label: string; title: string }[] = [
  { tab: 'table', label: 'Table', title: 'The rows of the answer (1)' },
  { tab: 'chart', label: 'Chart', title: 'The answer as lines or bars (2)' },
];

/** The views that a search, or a query, has. */
export function tabsOf(state: ExploreState): Tab[] {
  return (state.query === null ? searchTabs : queryTabs).map(({ tab }) => tab);
}

/** Which view of the results is shown, and what holds for all of them. */
export function ViewTabs({ state, utc, preferUtc, children }: ViewTabsProps) {
  const ownFixed = state.filters.some(({ field }) => field === 'source');
  const own = !hidesOwn(state);
  return (
    <div className={classes.line}>
      <div className={classes.tabs} role="group" aria-label="View">
        {(state.query === null ? searchTabs : queryTabs).map(({ tab, label, title }) => (
          <button
            key={tab}
            type="button"
            className={classes.tab}
            aria-pressed={state.tab === tab}
            title={title}
            onClick={() => change({ tab })}
          >
            {label}
          </button>
        ))}
      </div>
      <Group gap={6} wrap="nowrap" className={classes.right}>
        {children}
        <Tooltip
          label={
            ownFixed
              ? 'A source is chosen: only that is shown'
              : own
                ? 'Belfry’s own logs are shown'
                : 'Belfry’s own logs are hidden'
          }
        >
          <Switch
            size="xs"
            label="Own logs"
            aria-label="Show Belfry’s own logs"
            checked={own && !ownFixed}
            disabled={ownFixed}
            onChange={(event) => change({ own: event.currentTarget.checked })}
          />
        </Tooltip>
        <Tooltip label={utc ? 'Times are in UTC (u)' : 'Times are in local time (u)'}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label="Time zone"
            aria-pressed={utc}
            onClick={() => changeZone(!utc, preferUtc)}
          >
            {utc ? 'UTC' : 'Local'}
          </Button>
        </Tooltip>
      </Group>
    </div>
  );
}
