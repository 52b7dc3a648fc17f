import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconSearchOff, IconUpload } from '@tabler/icons-react';
import { ErrorPanel } from '../app/ErrorPanel';
import { navigate } from '../app/router';
import { formatTimestamp } from '../lib/instant';
import { startPage } from '../lib/pages';
import { allTime, describeRange } from '../lib/timeRange';
import { fieldLikeWords } from '../lib/searchText';
import type { ExploreState } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import type { useEmptyReason } from './data';
import { change, refresh } from './store';

interface EmptyStateProps {
  reason: ReturnType<typeof useEmptyReason>;
  state: ExploreState;
  utc: boolean;
}

/** Instead of an empty list: what to do about it. */
export function EmptyState({ reason, state, utc }: EmptyStateProps) {
  if (reason.isError) {
    return <ErrorPanel error={reason.error} onRetry={() => void reason.refetch()} />;
  }
  if (!reason.data) {
    return (
      <Center p={40}>
        <Loader size="sm" aria-label="Loading" />
      </Center>
    );
  }
  const asked = state.q !== '' || state.filters.length > 0;
  if (reason.data.onlyOwn && !asked) {
    return <NothingYet />;
  }
  return <NoMatch state={state} utc={utc} newest={reason.data.newestMatch?.timestamp ?? null} />;
}

function NothingYet() {
  return (
    <Stack align="center" gap={6} p="36px 20px" ta="center">
      <IconUpload size={30} color="var(--ink-dim)" aria-hidden />
      <Text fw={600}>No events yet</Text>
      <Text size="sm" c="var(--ink-dim)" maw={460}>
        Belfry has taken in nothing but its own logs so far.
      </Text>
      <Group gap={8} mt={8} justify="center">
        <Button size="xs" onClick={() => navigate(startPage.path)}>
          Send the first events
        </Button>
        <Button size="xs" variant="default" onClick={() => change({ own: true })}>
          Show Belfry’s own logs
        </Button>
      </Group>
    </Stack>
  );
}

interface NoMatchProps {
  state: ExploreState;
  utc: boolean;
  /** Timestamp of the newest event that matches at another time. */
  newest: string | null;
}

function NoMatch({ state, utc, newest }: NoMatchProps) {
  const asked = state.q !== '' || state.filters.length > 0;
  const asWords = fieldLikeWords(state.q);
  return (
    <Stack align="center" gap={6} p="36px 20px" ta="center">
      <IconSearchOff size={30} color="var(--ink-dim)" aria-hidden />
      <Text fw={600}>
        {asked ? 'No event matches' : 'No events'} in {quoted(describeRange(state.range, utc))}
      </Text>
      <Text size="sm" c="var(--ink-dim)" maw={460}>
        {newest
          ? `The newest ${asked ? 'one that matches' : 'event'} is of ${formatTimestamp(newest, { utc, detail: 'full' }).slice(0, 19)}.`
          : 'Nothing stored matches, at any time: change the words or remove a filter.'}
      </Text>
      {asWords.length > 0 && (
        <Text size="sm" c="var(--ink-dim)" maw={460}>
          <code>{visibleText(clipText(asWords.join(' '), 80))}</code> was searched as words. Written
          as <code>field:value</code>, these filter: level, source, event_type, trace_id, tags.
          <i>name</i> and payload.<i>name</i>.
        </Text>
      )}
      <Group gap={8} mt={8} justify="center">
        {newest && (
          <Button size="xs" onClick={() => change({ range: allTime, live: false })}>
            Show all time
          </Button>
        )}
        {state.filters.length > 0 && (
          <Button size="xs" variant="default" onClick={() => change({ filters: [] })}>
            Remove the filters
          </Button>
        )}
        {state.q !== '' && (
          <Button size="xs" variant="default" onClick={() => change({ q: '' })}>
            Clear the search
          </Button>
        )}
        <Button size="xs" variant="default" onClick={refresh}>
          Refresh
        </Button>
      </Group>
    </Stack>
  );
}

function quoted(label: string): string {
  return label.startsWith('Last') ? `the ${label.toLowerCase()}` : label;
}
