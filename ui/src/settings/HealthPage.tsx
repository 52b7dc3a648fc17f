import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';
import { fetchHealth, fetchStatus, serverNowMillis, type CheckStatus, type Health } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { formatBytes, formatCount } from '../lib/format';
import { formatLength } from '../lib/timeRange';
import { visibleText } from '../lib/visible';
import { useShell } from '../shell/shellContext';
import classes from './HealthPage.module.css';
import { Figures, Section } from './Section';

const readMillis = 5000;

const looks: Record<CheckStatus, { icon: Icon; words: string }> = {
  UP: { icon: IconCircleCheck, words: 'All is well' },
  DEGRADED: { icon: IconAlertTriangle, words: 'Something is not as it should be' },
  DOWN: { icon: IconCircleX, words: 'A part is down' },
};

const about: Record<string, string> = {
  database: 'Users, keys and settings',
  disk: 'Room and permission to write',
  memory: 'Heap after the last collection',
  ingestion: 'Taking in events and making them readable',
  metrics: 'Making samples readable and writing them to files',
  retention: 'Dropping what is past its time',
  alert_evaluation: 'Looking at the rules in time',
};

/** How each part is, and how Belfry runs. */
export default function HealthPage() {
  const { user } = useShell();
  const query = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => fetchHealth(signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  return (
    <>
      <Section
        title="Health"
        about="Looked at every five seconds."
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={query.isFetching && !query.data}
            onClick={() => void query.refetch()}
          >
            Look now
          </Button>
        }
      >
        {query.isError ? (
          <ErrorPanel
            error={query.error}
            title="Health could not be read"
            onRetry={() => void query.refetch()}
          />
        ) : query.data ? (
          <Checks health={query.data} />
        ) : (
          <Skeleton height={150} radius={10} />
        )}
      </Section>
      {user.role === 'admin' && <Running />}
    </>
  );
}

function Checks({ health }: { health: Health }) {
  const { icon: StatusIcon, words } = looks[health.status];
  return (
    <>
      <div className={classes.whole} data-status={health.status} role="status">
        <StatusIcon size={24} aria-hidden />
        <b>{health.status}</b>
        <span>{words}</span>
      </div>
      <ul className={classes.checks} aria-label="Checks">
        {Object.entries(health.checks ?? {}).map(([name, status]) => (
          <CheckCard key={name} name={name} status={status} problem={health.problems?.[name]} />
        ))}
      </ul>
    </>
  );
}

interface CheckCardProps {
  name: string;
  status: CheckStatus;
  problem: string | undefined;
}

function CheckCard({ name, status, problem }: CheckCardProps) {
  const { icon: CheckIcon } = looks[status];
  return (
    <li className={classes.check} data-status={status}>
      <CheckIcon size={20} aria-hidden />
      <div>
        <div className={classes.name}>
          {name.replaceAll('_', ' ')} <span className={classes.status}>{status}</span>
        </div>
        <div className={classes.about}>{problem ? visibleText(problem) : about[name]}</div>
      </div>
    </li>
  );
}

function Running() {
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => fetchStatus(signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  const status = query.data;
  return (
    <Section title="Process">
      {query.isError && !status && (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!status && !query.isError && <Skeleton height={84} radius={10} />}
      {status && (
        <Figures
          figures={[
            { name: 'Version', value: status.version },
            {
              name: 'Up for',
              value: formatLength(
                Math.max(1000, serverNowMillis() - Date.parse(status.started_at)),
              ),
            },
            {
              name: 'Lag',
              value: formatBytes(status.store.lag_bytes),
              more: 'acknowledged, not readable yet',
            },
            {
              name: 'Journal',
              value: status.journal.state.toLowerCase(),
              more: `${formatCount(status.journal.damages)} damages found`,
            },
            {
              name: 'Records lost',
              value: formatCount(status.journal.lost_records),
              more: 'by damage on the disk',
            },
          ]}
        />
      )}
    </Section>
  );
}
