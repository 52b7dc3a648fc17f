import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconBan, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import {
  createKey,
  fetchKeys,
  revokeKey,
  serverNowMillis,
  type ApiKey,
  type Permission,
  type User,
} from '../api';
import { CopyButton } from '../app/CopyButton';
import { visibleText } from '../lib/visible';
import { useShell } from '../shell/shellContext';
import { DataTable, Pager, type Column } from './DataTable';
import { hasLimits, limitsText } from './limits';
import { useUserNames } from './names';
import { Confirm, Problem, useChange, useDialogue, When } from './parts';
import { Section } from './Section';
import { StateTag } from './StateTag';

const pageRows = 50;
const lists = ['keys'];

const permissions: { value: Permission; label: string; about: string; least: User['role'][] }[] = [
  {
    value: 'monitoring:events:write',
    label: 'Send events',
    about: 'All receiving protocols',
    least: ['user', 'moderator', 'admin'],
  },
  {
    value: 'monitoring:events:read',
    label: 'Read events',
    about: 'Search, live tail, metrics',
    least: ['user', 'moderator', 'admin'],
  },
  {
    value: 'monitoring:alerts:manage',
    label: 'Manage alerts',
    about: '',
    least: ['moderator', 'admin'],
  },
  {
    value: 'monitoring:incidents:manage',
    label: 'Manage incidents',
    about: '',
    least: ['moderator', 'admin'],
  },
  {
    value: 'monitoring:admin',
    label: 'Administer',
    about: 'Users, configuration, SQL',
    least: ['admin'],
  },
];

const expiries = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
];

/** What programs send and read with. */
export default function KeysPage() {
  const { user } = useShell();
  const [offset, setOffset] = useState(0);
  const [revoked, setRevoked] = useState(false);
  const dialogue = useDialogue<ApiKey | null>();
  const query = useQuery({
    queryKey: ['keys', offset],
    queryFn: ({ signal }) =>
      fetchKeys(new URLSearchParams({ limit: String(pageRows), offset: String(offset) }), signal),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const keys = query.data?.data.filter((key) => revoked || key.revoked_at === null);
  const others = keys?.some((key) => key.owner_id !== user.id) === true;
  const names = useUserNames(others && user.role === 'admin');
  const ownerOf = others
    ? (key: ApiKey) => (key.owner_id === user.id ? user.username : names.get(key.owner_id))
    : null;
  const { open, close } = dialogue;
  return (
    <Section
      title="API keys"
      about={
        user.role === 'admin'
          ? 'What programs send and read with; these are the keys of all users.'
          : 'What your programs send and read with.'
      }
      actions={
        <Group gap={14}>
          <Switch
            size="xs"
            label="Show revoked"
            checked={revoked}
            onChange={(event) => setRevoked(event.currentTarget.checked)}
          />
          <Button leftSection={<IconPlus size={16} />} onClick={() => dialogue.ask('create', null)}>
            Make a key
          </Button>
        </Group>
      }
    >
      <DataTable
        label="API keys"
        columns={columns(keys ?? [], ownerOf, (key) => dialogue.ask('revoke', key))}
        query={{ ...query, data: keys }}
        keyOf={(key) => key.id}
        faded={(key) => stateOf(key) !== 'active'}
        empty="There is no key yet. Make one for each program, so that one can be revoked without the others."
      />
      <Pager
        offset={offset}
        limit={pageRows}
        total={query.data?.pagination.total}
        onMove={setOffset}
      />
      {open && !open.about && <CreateKey role={user.role} onClose={close} />}
      {open?.about && (
        <Confirm
          title="Revoke the key"
          action="Revoke"
          run={() => revokeKey(open.about?.id ?? '')}
          changes={lists}
          onClose={close}
        >
          Programs that use {visibleText(open.about.name)} are refused from now on. This cannot be
          taken back.
        </Confirm>
      )}
    </Section>
  );
}

function columns(
  keys: readonly ApiKey[],
  ownerOf: ((key: ApiKey) => string | undefined) | null,
  revoke: (key: ApiKey) => void,
): Column<ApiKey>[] {
  const owner: Column<ApiKey> = {
    name: 'Owner',
    render: (key) => visibleText(ownerOf?.(key) ?? key.owner_id.slice(0, 8)),
  };
  const group: Column<ApiKey> = {
    name: 'Log group',
    render: (key) => visibleText(key.log_group ?? '–'),
  };
  const limits: Column<ApiKey> = { name: 'Limits', render: (key) => limitsText(key.rate_limits) };
  return [
    {
      name: 'Name',
      render: (key) => (
        <>
          <b style={{ fontWeight: 560 }}>{visibleText(key.name)}</b>
          <br />
          <code style={{ color: 'var(--ink-dim)', fontSize: 11.5 }}>{key.hint}…</code>
        </>
      ),
    },
    ...(ownerOf ? [owner] : []),
    { name: 'May', render: (key) => key.permissions.map(permissionLabel).join(', ') },
    {
      name: 'Sources',
      render: (key) =>
        key.sources.length === 0 ? (
          <span style={{ color: 'var(--ink-dim)' }}>its owner’s</span>
        ) : (
          key.sources.map(visibleText).join(', ')
        ),
    },
    ...(keys.some((key) => key.log_group) ? [group] : []),
    ...(keys.some((key) => hasLimits(key.rate_limits)) ? [limits] : []),
    { name: 'State', render: (key) => <KeyState state={stateOf(key)} /> },
    { name: 'Expires', render: (key) => <When time={key.expires_at} /> },
    { name: 'Last used', render: (key) => <When time={key.last_used_at} /> },
    {
      name: 'Actions',
      quiet: true,
      align: 'right',
      render: (key) =>
        key.revoked_at === null && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            c="var(--level-error-text)"
            leftSection={<IconBan size={14} />}
            aria-label={`Revoke ${visibleText(key.name)}`}
            onClick={() => revoke(key)}
          >
            Revoke
          </Button>
        ),
    },
  ];
}

type KeyStateWord = 'active' | 'expired' | 'revoked';

function stateOf(key: ApiKey): KeyStateWord {
  if (key.revoked_at !== null) return 'revoked';
  const expired = key.expires_at !== null && Date.parse(key.expires_at) <= serverNowMillis();
  return expired ? 'expired' : 'active';
}

function KeyState({ state }: { state: KeyStateWord }) {
  const tone = state === 'active' ? 'good' : state === 'expired' ? 'warn' : 'dim';
  return <StateTag tone={tone}>{state}</StateTag>;
}

function permissionLabel(permission: Permission): string {
  const known = permissions.find(({ value }) => value === permission);
  return known ? known.label.toLowerCase() : permission;
}

function CreateKey({ role, onClose }: { role: User['role']; onClose: () => void }) {
  const [name, setName] = useState('');
  const [may, setMay] = useState<string[]>(['monitoring:events:write']);
  const [sources, setSources] = useState<string[]>([]);
  const [expiry, setExpiry] = useState('never');
  const [made, setMade] = useState<ApiKey | null>(null);
  const create = useChange(
    async () => {
      const expires = expiry === 'never' ? null : inDays(Number(expiry));
      const key = await createKey({
        name: name.trim(),
        permissions: may as Permission[],
        sources,
        expires_at: expires,
      });
      setMade(key);
    },
    lists,
    () => undefined,
  );
  if (made) return <MadeKey made={made} onClose={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Make a key"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap={14}>
          <Problem error={create.error} />
          <TextInput
            label="Name"
            description="Which program it is for."
            required
            withAsterisk={false}
            data-autofocus
            autoComplete="off"
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group label="It may" value={may} onChange={setMay}>
            <Stack gap={8} mt={6}>
              {permissions
                .filter(({ least }) => least.includes(role))
                .map(({ value, label, about }) => (
                  <Checkbox key={value} value={value} label={label} description={about} />
                ))}
            </Stack>
          </Checkbox.Group>
          <TagsInput
            label="Only these sources"
            description="Empty: all that you may. Enter adds one."
            value={sources}
            onChange={setSources}
          />
          <Select
            label="Expires"
            data={expiries}
            value={expiry}
            allowDeselect={false}
            onChange={(value) => setExpiry(value ?? 'never')}
          />
          <Button type="submit" loading={create.isPending} disabled={may.length === 0}>
            Make it
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function MadeKey({ made, onClose }: { made: ApiKey; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="The key is made"
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={false}
      centered
    >
      <Stack gap={12}>
        <Alert color="green" variant="light" p="sm">
          Copy it now: it is not shown again.
        </Alert>
        <Group gap={6} wrap="nowrap">
          <code data-testid="made-key" style={{ fontSize: 12.5, overflowWrap: 'anywhere' }}>
            {made.key}
          </code>
          <CopyButton label="Copy the key" text={() => made.key ?? ''} />
        </Group>
        <Button onClick={onClose}>Done</Button>
      </Stack>
    </Modal>
  );
}

function inDays(days: number): string {
  return new Date(serverNowMillis() + days * 86_400_000).toISOString();
}
