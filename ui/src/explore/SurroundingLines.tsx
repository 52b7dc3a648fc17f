import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchContext, type BelfryEvent } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { messageText } from '../lib/columns';
import { formatTimestamp } from '../lib/instant';
import { levelKey } from '../lib/levels';
import { clipText, firstLine, visibleText } from '../lib/visible';
import classes from './SurroundingLines.module.css';

interface SurroundingLinesProps {
  event: BelfryEvent;
  utc: boolean;
  onOpen: (id: string) => void;
}

const linesFirst = 10;
const linesMore = 40;
/* The server's own bound. */
const linesMax = 500;

/** The lines before and after an event, of the same source, whatever was searched for. */
export function SurroundingLines({ event, utc, onOpen }: SurroundingLinesProps) {
  const [before, setBefore] = useState(linesFirst);
  const [after, setAfter] = useState(linesFirst);
  const query = useQuery({
    queryKey: ['context', event.id, before, after],
    queryFn: ({ signal }) => fetchContext(event.id, { before, after }, signal),
    placeholderData: keepPreviousData,
  });
  if (query.isError) {
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <Stack gap={8} role="status" aria-label="Loading the lines">
        {[80, 94, 70, 88, 76].map((width) => (
          <Skeleton key={width} height={13} width={`${width}%`} />
        ))}
      </Stack>
    );
  }
  const lines = query.data;
  const all = [...lines.before, lines.event, ...lines.after];
  return (
    <>
      <Text size="xs" c="var(--ink-dim)" mb={6}>
        All lines of {visibleText(event.source)}, in their order
      </Text>
      <More
        label="Earlier lines"
        none="No earlier line"
        shown={lines.before.length >= before && before < linesMax}
        onMore={() => setBefore(Math.min(before + linesMore, linesMax))}
      />
      <ol className={classes.lines} aria-label="Surrounding lines">
        {all.map((line) => (
          <li key={line.id}>
            <button
              type="button"
              className={classes.line}
              data-level={levelKey(line.level)}
              aria-current={line.id === event.id ? 'true' : undefined}
              onClick={() => onOpen(line.id)}
            >
              <time dateTime={line.timestamp}>
                {formatTimestamp(line.timestamp, { utc, detail: 'time' })}
              </time>
              <span>{visibleText(clipText(firstLine(messageText(line)).first, 500))}</span>
            </button>
          </li>
        ))}
      </ol>
      <More
        label="Later lines"
        none="No later line"
        shown={lines.after.length >= after && after < linesMax}
        onMore={() => setAfter(Math.min(after + linesMore, linesMax))}
      />
    </>
  );
}

interface MoreProps {
  label: string;
  none: string;
  shown: boolean;
  onMore: () => void;
}

function More({ label, none, shown, onMore }: MoreProps) {
  return shown ? (
    <Button size="compact-xs" variant="subtle" color="gray" fullWidth onClick={onMore}>
      {label}
    </Button>
  ) : (
    <Text size="xs" c="var(--ink-dim)" ta="center" py={3}>
      {none}
    </Text>
  );
}
