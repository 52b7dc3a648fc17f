import { Badge, Button, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Statistics } from '../api';
import { formatBytes, formatCompact, formatCount, formatMillis } from '../lib/format';
import classes from './StatusLine.module.css';

interface CostProps {
  /** What was found, in words; null while nothing is known. */
  found: ReactNode | null;
  busy: boolean;
  statistics: Statistics | undefined;
  children?: ReactNode;
}

/** What a query found and what that cost; while it runs, a way to stop it. */
export function Cost({ found, busy, statistics, children }: CostProps) {
  const client = useQueryClient();
  return (
    <div className={classes.clip}>
      <div className={classes.cost} role="status" data-testid="cost">
        <span>{found ?? 'Searching …'}</span>
        {busy && (
          <span className={classes.slow}>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => void client.cancelQueries()}
            >
              Stop
            </Button>
          </span>
        )}
        {statistics && <Figures statistics={statistics} />}
        {children}
      </div>
    </div>
  );
}

function Figures({ statistics }: { statistics: Statistics }) {
  const { segments_total: total, segments_skipped: skipped } = statistics;
  const detail = `${formatCount(statistics.rows_read)} rows read; ${formatCount(skipped)} of ${formatCount(total)} segments skipped`;
  return (
    <>
      <span>{formatMillis(statistics.elapsed_ms)}</span>
      <span className={classes.wide} title={detail}>
        {formatCompact(statistics.rows_read)} rows read
      </span>
      {statistics.bytes_read > 0 && <span>{formatBytes(statistics.bytes_read)} read</span>}
      {skipped > 0 && total > 0 && (
        <span className={classes.wide} title={detail}>
          {Math.floor((skipped / total) * 100)} % of segments skipped
        </span>
      )}
      {statistics.truncated && (
        <span>
          <Tooltip label="The result was over a limit of the server and was cut.">
            <Badge size="sm" color="yellow" variant="light" tt="none">
              cut short
            </Badge>
          </Tooltip>
        </span>
      )}
      {statistics.warnings.length > 0 && (
        <span>
          <Tooltip multiline label={statistics.warnings.join('; ')}>
            <Badge size="sm" color="red" variant="light" tt="none">
              incomplete
            </Badge>
          </Tooltip>
        </span>
      )}
    </>
  );
}
