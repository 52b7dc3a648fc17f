import { ActionIcon, Badge, Group, Tooltip } from '@mantine/core';
import { IconTextWrap } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Statistics } from '../api';
import { formatCount, plural } from '../lib/format';
import { Cost } from './Cost';
import classes from './StatusLine.module.css';

interface StatusLineProps {
  loading: boolean;
  busy: boolean;
  shown: number;
  /** How many there are in all; null when nobody counted. */
  total: number | null;
  statistics: Statistics | undefined;
  live: { received: number; dropped: number } | null;
  refreshHeld: boolean;
  wrap: boolean;
  /** What else can be done with the results. */
  tools: ReactNode;
  onWrap: (wrap: boolean) => void;
}

/** What the search found and what it cost, and how the list is shown. */
export function StatusLine(props: StatusLineProps) {
  const { loading, busy, shown, total, statistics, live, refreshHeld, wrap, tools, onWrap } = props;
  const all = Math.max(total ?? 0, shown);
  const found = loading ? null : (
    <>
      <b>{formatCount(shown)}</b>
      {total !== null && ' of '}
      {total !== null && <b>{formatCount(all)}</b>} {plural(all, 'row')}
    </>
  );
  return (
    <div className={classes.line}>
      <Cost found={found} busy={busy} statistics={statistics}>
        {live && <span>{formatCount(live.received)} received live</span>}
        {live && live.dropped > 0 && (
          <Tooltip label="They came faster than this page could take them. A search finds them.">
            <Badge size="sm" color="yellow" variant="light">
              {formatCount(live.dropped)} left out
            </Badge>
          </Tooltip>
        )}
        {refreshHeld && (
          <span className={classes.held}>refresh waits until you are at the top</span>
        )}
      </Cost>
      <Group gap={4} wrap="nowrap" className={classes.switches}>
        {tools}
        <Tooltip label={wrap ? 'One line an event (w)' : 'Wrap long lines (w)'}>
          <ActionIcon
            size={24}
            variant={wrap ? 'light' : 'subtle'}
            color={wrap ? 'indigo' : 'gray'}
            aria-label="Wrap long lines"
            aria-pressed={wrap}
            onClick={() => onWrap(!wrap)}
          >
            <IconTextWrap size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </div>
  );
}
