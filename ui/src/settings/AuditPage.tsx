import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { fetchAudit, type AuditEntry } from '../api';
import { navigate, useSearch } from '../app/router';
import { clipText, visibleText } from '../lib/visible';
import { DataTable, Pager, type Column } from './DataTable';
import classes from './AuditPage.module.css';
import { useNames } from './names';
import { ExactTime } from './parts';
import { Section } from './Section';

const pageRows = 50;

const ranges = [
  { value: '', label: 'All time' },
  { value: 'now-1h', label: 'Last hour' },
  { value: 'now-1d', label: 'Last 24 hours' },
  { value: 'now-7d', label: 'Last 7 days' },
  { value: 'now-30d', label: 'Last 30 days' },
];

const actionGroups = ['auth.', 'user.', 'key.', 'session.', 'config.', 'sql', 'audit.'];

/** Who did what to what, when, from where. */
export default function AuditPage() {
  const asked = new URLSearchParams(useSearch());
  const actor = asked.get('actor') ?? '';
  const action = asked.get('action') ?? '';
  const from = asked.get('from') ?? '';
  const offset = Math.max(0, Math.floor(Number(asked.get('offset') ?? 0)) || 0);
  const query = useQuery({
    queryKey: ['audit', actor, action, from, offset],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ limit: String(pageRows), offset: String(offset) });
      if (actor) params.set('actor', actor);
      if (action) params.set('action', action);
      if (from) params.set('start_time', from);
      return fetchAudit(params, signal);
    },
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const names = useNames(query.data?.data ?? []);
  const show = (changes: Record<string, string>) => {
    const next = { actor, action, from, ...changes };
    const params = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''));
    const text = params.toString();
    navigate(`/settings/audit${text && `?${text}`}`);
  };
  return (
    <Section
      title="Audit"
      about="Who did what to what, when, from where. Reading this page is in it too."
      actions={
        <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          Refresh
        </Button>
      }
    >
      <Filters key={`${actor} ${action}`} actor={actor} action={action} from={from} onShow={show} />
      <DataTable
        label="Audit"
        columns={columnsOf(names)}
        query={{ ...query, data: query.data?.data }}
        keyOf={(entry) => entry.id}
        empty={
          actor || action || from ? 'Nothing in the trail matches.' : 'The trail is still empty.'
        }
      />
      <Pager
        offset={offset}
        limit={pageRows}
        total={query.data?.pagination.total}
        onMove={(next) => show({ offset: String(next) })}
      />
    </Section>
  );
}

interface FiltersProps {
  actor: string;
  action: string;
  from: string;
  onShow: (changes: Record<string, string>) => void;
}

function Filters({ actor, action, from, onShow }: FiltersProps) {
  return (
    <form
      role="search"
      aria-label="Filter the audit trail"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const text = (name: string) => {
          const value = form.get(name);
          return typeof value === 'string' ? value.trim() : '';
        };
        onShow({ actor: text('actor'), action: text('action') });
      }}
    >
      <Group gap={10} mb={12} align="flex-end" className={classes.filters}>
        <TextInput
          size="xs"
          label="Who"
          name="actor"
          placeholder="admin"
          defaultValue={actor}
          autoComplete="off"
        />
        <TextInput
          size="xs"
          label="What"
          name="action"
          placeholder="user."
          list="audit-actions"
          defaultValue={action}
          autoComplete="off"
        />
        <datalist id="audit-actions">
          {actionGroups.map((group) => (
            <option key={group} value={group} />
          ))}
        </datalist>
        <Select
          size="xs"
          label="When"
          data={ranges}
          value={from}
          allowDeselect={false}
          onChange={(value) => onShow({ from: value ?? '' })}
        />
        <Button size="xs" type="submit" variant="light">
          Show
        </Button>
        {(actor || action || from) && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() => onShow({ actor: '', action: '', from: '' })}
          >
            Clear
          </Button>
        )}
      </Group>
    </form>
  );
}

function columnsOf(names: ReadonlyMap<string, string>): Column<AuditEntry>[] {
  return [
    { name: 'When', render: (entry) => <ExactTime time={entry.timestamp} /> },
    {
      name: 'Who',
      render: (entry) => (
        <span title={entry.actor}>{visibleText(clipText(entry.actor_name, 80))}</span>
      ),
    },
    {
      name: 'What',
      whole: true,
      render: (entry) => <code style={{ fontSize: 12 }}>{visibleText(entry.action)}</code>,
    },
    { name: 'Target', render: (entry) => <Target target={entry.target} names={names} /> },
    {
      name: 'From',
      render: (entry) =>
        entry.ip_address ? (
          <span className={classes.address}>{visibleText(entry.ip_address)}</span>
        ) : (
          <Nothing />
        ),
    },
    { name: 'Details', render: (entry) => <Details details={entry.details} /> },
  ];
}

function Target({ target, names }: { target: string | null; names: ReadonlyMap<string, string> }) {
  if (!target) return <Nothing />;
  const name = names.get(target);
  if (name === undefined) return <>{visibleText(clipText(target, 120))}</>;
  return (
    <span title={visibleText(target)}>
      {target.slice(0, target.indexOf(':'))} <b>{visibleText(clipText(name, 80))}</b>
    </span>
  );
}

function Details({ details }: { details: AuditEntry['details'] }) {
  const facts = Object.entries(details).filter(([, value]) => detailText(value) !== '');
  if (facts.length === 0) return <Nothing />;
  return (
    <Stack gap={1}>
      {facts.map(([name, value]) => (
        <span key={name} style={{ fontSize: 12 }}>
          <span style={{ color: 'var(--ink-dim)' }}>{visibleText(clipText(name, 60))}</span>{' '}
          {visibleText(clipText(detailText(value), 300))}
        </span>
      ))}
    </Stack>
  );
}

/** A detail in words; nothing where it says nothing. */
function detailText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(detailText).join(', ');
  const text = JSON.stringify(value);
  return text === '{}' ? '' : text;
}

function Nothing() {
  return <span style={{ color: 'var(--ink-dim)' }}>–</span>;
}
