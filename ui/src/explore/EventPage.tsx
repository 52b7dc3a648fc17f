import { Anchor, Center, Group, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError, fetchEvent, serverNowMillis, type BelfryEvent } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { useUtc } from '../app/preferences';
import { Link, navigate } from '../app/router';
import type { Filter } from '../lib/filters';
import { parseInstant } from '../lib/instant';
import { eventPath } from '../lib/pages';
import { fixedRange, type TimeRange } from '../lib/timeRange';
import { emptyState, formatUrl } from '../lib/urlState';
import { visibleText } from '../lib/visible';
import { Header } from '../shell/Header';
import { EventBody } from './EventBody';
import classes from './EventPage.module.css';
import { LevelBadge } from './LevelBadge';

/** One event at an address of its own, which works whatever is searched for. */
export function EventPage({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['event', id],
    queryFn: ({ signal }) => fetchEvent(id, signal),
  });
  return (
    <>
      <Header title="Event" />
      <main className={classes.page}>
        {query.isError && isMissing(query.error) && (
          <ErrorPanel
            title="There is no such event"
            error={new Error('It is past its retention, or of a source that you may not see.')}
            action="To Explore"
            onRetry={() => navigate('/')}
          />
        )}
        {query.isError && !isMissing(query.error) && (
          <ErrorPanel
            error={query.error}
            title="The event could not be read"
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isPending && (
          <Center p={60}>
            <Loader size="sm" aria-label="Loading" />
          </Center>
        )}
        {query.data && <Shown event={query.data} />}
      </main>
    </>
  );
}

function isMissing(error: Error): boolean {
  return error instanceof ApiError && error.status === 404;
}

function Shown({ event }: { event: BelfryEvent }) {
  const [utc] = useUtc();
  const range = rangeAround(event);
  const explore = (filters: Filter[], eventId: string | null = null) =>
    `/${formatUrl({ ...emptyState, range, filters, eventId, own: true })}`;
  return (
    <article className={classes.card} aria-label="Event details">
      <Group gap={8} mb={8}>
        <LevelBadge level={event.level} />
        <b className={classes.source}>{visibleText(event.source)}</b>
        <Anchor
          component={Link}
          size="sm"
          ml="auto"
          href={explore([{ field: 'source', value: event.source }], event.id)}
        >
          Show in Explore
        </Anchor>
      </Group>
      <EventBody
        event={event}
        terms={noTerms}
        utc={utc}
        nowMillis={serverNowMillis()}
        filters={noFilters}
        columns={noColumns}
        onFilters={(filters) => navigate(explore(filters))}
        onOnly={(filter) => navigate(explore([filter]))}
        onOpen={(other) => navigate(eventPath(other))}
      />
    </article>
  );
}

const noTerms: string[] = [];
const noFilters: Filter[] = [];
const noColumns: string[] = [];
const aroundMillis = 15 * 60_000;

function rangeAround({ timestamp }: BelfryEvent): TimeRange {
  const at = parseInstant(timestamp)?.epochMillis ?? serverNowMillis();
  return fixedRange({ startMillis: at - aroundMillis, endMillis: at + aroundMillis });
}
