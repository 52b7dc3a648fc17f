import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { fetchConfig, fetchOwnMetrics, type ConfigKey } from '../api';
import { formatCount } from '../lib/format';
import { redactionCounts, redactionKinds, type RedactionKind } from '../lib/redaction';
import { visibleText } from '../lib/visible';
import { DataTable, type Column } from './DataTable';
import { Section } from './Section';
import { StateTag } from './StateTag';

const readMillis = 10_000;

/** Which secrets are replaced in events before they are kept, and how many were. */
export default function RedactionPage() {
  const config = useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => fetchConfig(signal),
    staleTime: 0,
  });
  const metrics = useQuery({
    queryKey: ['ownMetrics'],
    queryFn: ({ signal }) => fetchOwnMetrics(signal),
    staleTime: 0,
    refetchInterval: readMillis,
    retry: false,
  });
  const counts = metrics.data === undefined ? null : redactionCounts(metrics.data);
  const valueOf = (name: string) => config.data?.find(({ key }: ConfigKey) => key === name) ?? null;
  const enabled = valueOf('redaction.enabled')?.value !== 'false';
  const kinds = redactionKinds(valueOf('redaction.kinds'), valueOf('redaction.rules'), counts);
  return (
    <Section
      title="Redaction"
      about="What is replaced in messages, tags and payloads before an event is kept, so that it is in no file and no search. Kinds and rules of your own stand in the configuration (redaction.kinds, redaction.rules) and hold from the next start."
    >
      {config.data && !enabled && (
        <Alert color="red" variant="light" mb={12} title="Redaction is off">
          redaction.enabled is false: events are kept with the secrets in them.
        </Alert>
      )}
      <DataTable
        label="Kinds of secrets"
        columns={columns}
        query={{ ...config, data: config.data && kinds }}
        keyOf={({ name }) => name}
        empty="No kinds."
        faded={({ on }) => !on || !enabled}
      />
    </Section>
  );
}

const columns: Column<RedactionKind>[] = [
  {
    name: 'Kind',
    render: ({ name, own }) => (
      <>
        <code style={{ fontSize: 12.5 }}>{visibleText(name)}</code>
        {own && ' (a rule of yours)'}
      </>
    ),
  },
  { name: 'What', render: ({ about }) => about },
  {
    name: 'State',
    render: ({ on }) => <StateTag tone={on ? 'good' : 'dim'}>{on ? 'replaced' : 'kept'}</StateTag>,
  },
  {
    name: 'Replaced since the start',
    align: 'right',
    render: ({ count }) => (count === null ? '–' : formatCount(count)),
  },
];
