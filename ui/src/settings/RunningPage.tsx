import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fetchRunning, stopQuery, type RunningQuery } from '../api';
import { formatCompact, formatMillis } from '../lib/format';
import { clipText, visibleText } from '../lib/visible';
import { useShell } from '../shell/shellContext';
import { DataTable, type Column } from './DataTable';
import { Problem } from './parts';
import { Section } from './Section';

const readMillis = 2000;

/** What is being asked at this moment, and the way to stop it. */
export default function RunningPage() {
  const { user } = useShell();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['running'],
    queryFn: ({ signal }) => fetchRunning(signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  const stop = useMutation({
    mutationFn: stopQuery,
    onSettled: () => client.invalidateQueries({ queryKey: ['running'] }),
  });
  const columns: Column<RunningQuery>[] = [
    {
      name: 'Query',
      render: ({ type, query: text }) => (
        <>
          <b style={{ fontWeight: 560 }}>{visibleText(type)}</b>{' '}
          <code style={{ fontSize: 12, overflowWrap: 'anywhere' }}>
            {visibleText(clipText(text, 400))}
          </code>
        </>
      ),
    },
    { name: 'Asked by', render: ({ principal_name: name }) => visibleText(name) },
    {
      name: 'State',
      render: ({ state }) => (state === 'waiting' ? 'waits for a place' : 'runs'),
    },
    { name: 'For', align: 'right', render: ({ elapsed_ms: ms }) => formatMillis(ms) },
    { name: 'Rows read', align: 'right', render: ({ rows_read: rows }) => formatCompact(rows) },
    {
      name: 'Stop',
      quiet: true,
      align: 'right',
      render: ({ id, query: text }) => (
        <Button
          size="compact-xs"
          variant="default"
          color="red"
          loading={stop.isPending && stop.variables === id}
          aria-label={`Stop ${visibleText(clipText(text, 60))}`}
          onClick={() => stop.mutate(id)}
        >
          Stop
        </Button>
      ),
    },
  ];
  return (
    <Section
      title="Running queries"
      about={
        user.role === 'admin'
          ? 'What people, keys and schedules ask at this moment. What is stopped tells who asked.'
          : 'What you and your keys ask at this moment.'
      }
    >
      <Problem error={stop.error} />
      <DataTable
        label="Running queries"
        columns={columns}
        query={query}
        keyOf={({ id }) => id}
        empty="No query runs now."
      />
      <Text size="xs" c="var(--ink-dim)" mt={10}>
        Read anew every two seconds. A search that takes long can be stopped in Explore too.
      </Text>
    </Section>
  );
}
