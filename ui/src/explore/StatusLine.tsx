import { ActionIcon, Badge, Button, Group, Switch, Tooltip } from '@mantine/core';
import { IconTextWrap } from '@tabler/icons-react';
import type { Statistics } from '../api';
import { formatBytes, formatCompact, formatCount, formatMillis } from '../lib/format';
import classes from './StatusLine.module.css';

interface StatusLineProps {
  loading: boolean;
  shown: number;
  /** How many there are in all; null when nobody counted. */
  total: number | null;
  statistics: Statistics | undefined;
  live: { received: number; dropped: number } | null;
  refreshHeld: boolean;
  utc: boolean;
  wrap: boolean;
  /** Whether Belfry's own logs are among the rest. */
  own: boolean;
  /** A source is chosen, so that there is nothing to hide. */
  ownFixed: boolean;
  onOwn: (own: boolean) => void;
  onUtc: (utc: boolean) => void;
  onWrap: (wrap: boolean) => void;
}

/** What the query found and what it cost, and how the list is shown. */
export function StatusLine(props: StatusLineProps) {
  const { loading, shown, total, statistics, live, refreshHeld } = props;
  const { utc, wrap, own, ownFixed, onOwn, onUtc, onWrap } = props;
  return (
    <div className={classes.line}>
      <div className={classes.clip}>
        <div className={classes.cost} role="status" data-testid="cost">
          {loading ? (
            <span>Searching …</span>
          ) : (
            <span>
              <b>{formatCount(shown)}</b>
              {total !== null && ' of '}
              {total !== null && <b>{formatCount(Math.max(total, shown))}</b>} rows
            </span>
          )}
          {statistics && (
            <>
              <span>{formatMillis(statistics.elapsed_ms)}</span>
              <span title={`${formatCount(statistics.rows_read)} rows read`}>
                {formatCompact(statistics.rows_read)} rows read
              </span>
              <span>{formatBytes(statistics.bytes_read)} read</span>
              {!!statistics.segments_skipped && (
                <span className={classes.wide}>
                  {formatCount(statistics.segments_skipped)} of{' '}
                  {formatCount(statistics.segments_total ?? 0)} segments skipped
                </span>
              )}
            </>
          )}
          {statistics?.truncated && (
            <Tooltip label="The result was over a limit of the server and was cut.">
              <Badge size="sm" color="yellow" variant="light">
                cut
              </Badge>
            </Tooltip>
          )}
          {!!statistics?.warnings?.length && (
            <Tooltip multiline label={statistics.warnings.join('; ')}>
              <Badge size="sm" color="red" variant="light">
                incomplete
              </Badge>
            </Tooltip>
          )}
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
        </div>
      </div>
      <Group gap={4} wrap="nowrap" className={classes.switches}>
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
            onChange={(change) => onOwn(change.currentTarget.checked)}
          />
        </Tooltip>
        <Tooltip label={utc ? 'Times are in UTC (u)' : 'Times are in local time (u)'}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label="Time zone"
            aria-pressed={utc}
            onClick={() => onUtc(!utc)}
          >
            {utc ? 'UTC' : 'Local'}
          </Button>
        </Tooltip>
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
