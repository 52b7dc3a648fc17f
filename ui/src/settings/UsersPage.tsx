import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  Modal,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  IconDots,
  IconKey,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconTrash,
  IconUserPlus,
} from '@tabler/icons-react';
import { useState } from 'react';
import {
  changeUser,
  createUser,
  deleteUser,
  fetchUsers,
  forcePasswordReset,
  type NewUser,
  type User,
} from '../api';
import { CopyButton } from '../app/CopyButton';
import { visibleText } from '../lib/visible';
import { useShell } from '../shell/shellContext';
import { DataTable, Pager, type Column } from './DataTable';
import { Confirm, Problem, useChange, useDialogue, When } from './parts';
import { hasLimits, limitsText } from './limits';
import { newPassword } from './password';
import { Section } from './Section';
import { StateTag } from './StateTag';

const pageRows = 50;
const lists = ['users'];

const roles = [
  { value: 'user', label: 'User: reads their sources, sends events' },
  { value: 'moderator', label: 'Moderator: reads all, manages alerts and incidents' },
  { value: 'admin', label: 'Administrator: everything' },
];

/** Who may log in, and what they may do. */
export default function UsersPage() {
  const [offset, setOffset] = useState(0);
  const dialogue = useDialogue<User | null>();
  const query = useQuery({
    queryKey: ['users', offset],
    queryFn: ({ signal }) =>
      fetchUsers(new URLSearchParams({ limit: String(pageRows), offset: String(offset) }), signal),
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const users = query.data?.data;
  const admins = users?.filter((user) => user.role === 'admin' && !user.disabled).length ?? 0;
  return (
    <Section
      title="Users"
      about="Who may log in, and what they may do."
      actions={
        <Button
          leftSection={<IconUserPlus size={16} />}
          onClick={() => dialogue.ask('create', null)}
        >
          Add a user
        </Button>
      }
    >
      <DataTable
        label="Users"
        columns={columns(users ?? [], dialogue.ask, admins)}
        query={{ ...query, data: users }}
        keyOf={(user) => user.id}
        faded={(user) => user.disabled}
        empty="There are no users here."
      />
      <Pager
        offset={offset}
        limit={pageRows}
        total={query.data?.pagination.total}
        onMove={setOffset}
      />
      <Dialogues dialogue={dialogue} />
    </Section>
  );
}

function columns(
  users: readonly User[],
  ask: (kind: string, user: User) => void,
  admins: number,
): Column<User>[] {
  const limits: Column<User> = { name: 'Limits', render: (user) => limitsText(user.rate_limits) };
  return [
    {
      name: 'Name',
      render: (user) => <NameCell user={user} />,
    },
    { name: 'Role', whole: true, render: (user) => user.role },
    { name: 'Sources', render: (user) => <SourcesCell user={user} /> },
    ...(users.some((user) => hasLimits(user.rate_limits)) ? [limits] : []),
    { name: 'State', render: (user) => <StateCell user={user} /> },
    { name: 'Last login', render: (user) => <When time={user.last_login_at} /> },
    {
      name: 'Actions',
      quiet: true,
      align: 'right',
      render: (user) => (
        <UserActions
          user={user}
          lastAdmin={user.role === 'admin' && !user.disabled && admins < 2}
          ask={ask}
        />
      ),
    },
  ];
}

function NameCell({ user }: { user: User }) {
  const { user: me } = useShell();
  return (
    <>
      <b style={{ fontWeight: 560 }}>{user.username}</b>
      {user.id === me.id && <span style={{ color: 'var(--ink-dim)' }}> (you)</span>}
    </>
  );
}

function SourcesCell({ user }: { user: User }) {
  if (user.role !== 'user') return <span style={{ color: 'var(--ink-dim)' }}>all</span>;
  if (user.sources.length === 0) return <span style={{ color: 'var(--ink-dim)' }}>none</span>;
  return <>{user.sources.map(visibleText).join(', ')}</>;
}

function StateCell({ user }: { user: User }) {
  return (
    <Group gap={4}>
      <StateTag tone={user.disabled ? 'bad' : 'good'}>
        {user.disabled ? 'locked' : 'active'}
      </StateTag>
      {user.must_change_password && <StateTag tone="warn">must change password</StateTag>}
    </Group>
  );
}

interface UserActionsProps {
  user: User;
  lastAdmin: boolean;
  ask: (kind: string, user: User) => void;
}

function UserActions({ user, lastAdmin, ask }: UserActionsProps) {
  const { user: me } = useShell();
  const fixed = lastAdmin || user.id === me.id;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.username}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => ask('edit', user)}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={15} />} onClick={() => ask('reset', user)}>
          Force a password change
        </Menu.Item>
        <Menu.Item
          disabled={fixed}
          leftSection={user.disabled ? <IconLockOpen size={15} /> : <IconLock size={15} />}
          onClick={() => ask('lock', user)}
        >
          {user.disabled ? 'Unlock' : 'Lock'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          disabled={fixed}
          leftSection={<IconTrash size={15} />}
          onClick={() => ask('delete', user)}
        >
          Delete
        </Menu.Item>
        {fixed && (
          <Menu.Label>
            {user.id === me.id
              ? 'You cannot lock or delete yourself.'
              : 'The last administrator stays.'}
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Dialogues({ dialogue }: { dialogue: ReturnType<typeof useDialogue<User | null>> }) {
  const { open, close } = dialogue;
  if (!open) return null;
  const user = open.about;
  if (!user) return <CreateUser onClose={close} />;
  const common = { changes: lists, onClose: close };
  switch (open.kind) {
    case 'edit':
      return <EditUser user={user} onClose={close} />;
    case 'reset':
      return (
        <Confirm
          {...common}
          title="Force a password change"
          action="Force it"
          run={() => forcePasswordReset(user.id)}
        >
          {user.username} is logged out everywhere and must choose a new password after the next
          login. API keys go on working.
        </Confirm>
      );
    case 'lock':
      return (
        <Confirm
          {...common}
          title={user.disabled ? 'Unlock' : 'Lock'}
          action={user.disabled ? 'Unlock' : 'Lock'}
          run={() => changeUser(user.id, { disabled: !user.disabled })}
        >
          {user.disabled
            ? `${user.username} may log in again.`
            : `${user.username} is logged out everywhere and cannot log in; the API keys of ${user.username} are refused.`}
        </Confirm>
      );
    default:
      return (
        <Confirm {...common} title="Delete" action="Delete" run={() => deleteUser(user.id)}>
          {user.username} is removed with all sessions and API keys. Events stay. This cannot be
          taken back.
        </Confirm>
      );
  }
}

interface AccessFieldsProps {
  role: string;
  sources: string[];
  onRole: (role: User['role']) => void;
  onSources: (sources: string[]) => void;
}

function AccessFields({ role, sources, onRole, onSources }: AccessFieldsProps) {
  return (
    <>
      <Select
        label="Role"
        data={roles}
        value={role}
        allowDeselect={false}
        onChange={(value) => value && onRole(value as User['role'])}
      />
      {role === 'user' && (
        <TagsInput
          label="Sources"
          description="Whose events they may read, beside what they send themselves. Enter adds one."
          placeholder={sources.length === 0 ? 'checkout' : ''}
          value={sources}
          onChange={onSources}
        />
      )}
    </>
  );
}

function CreateUser({ onClose }: { onClose: () => void }) {
  const [user, setUser] = useState<NewUser>(() => ({
    username: '',
    password: newPassword(),
    role: 'user',
    sources: [],
    must_change_password: true,
  }));
  const [done, setDone] = useState(false);
  const create = useChange(
    () => createUser({ ...user, username: user.username.trim() }),
    lists,
    () => setDone(true),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={done ? 'The user is made' : 'Add a user'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      {done ? (
        <Stack gap={12}>
          <Alert color="green" variant="light" p="sm">
            Give {user.username.trim()} this password: it is not shown again.
            {user.must_change_password && ' It must be changed at the first login.'}
          </Alert>
          <Group gap={6} wrap="nowrap">
            <code data-testid="new-password">{user.password}</code>
            <CopyButton label="Copy the password" text={() => user.password} />
          </Group>
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <Stack gap={12}>
            <Problem error={create.error} />
            <TextInput
              label="User name"
              required
              withAsterisk={false}
              data-autofocus
              autoComplete="off"
              maxLength={64}
              value={user.username}
              onChange={(event) => setUser({ ...user, username: event.currentTarget.value })}
            />
            <PasswordInput
              label="First password"
              description="Made up; change it if you like. 10 characters or more."
              required
              withAsterisk={false}
              autoComplete="new-password"
              value={user.password}
              onChange={(event) => setUser({ ...user, password: event.currentTarget.value })}
            />
            <AccessFields
              role={user.role ?? 'user'}
              sources={user.sources ?? []}
              onRole={(role) => setUser({ ...user, role })}
              onSources={(sources) => setUser({ ...user, sources })}
            />
            <Switch
              label="Must change the password at the first login"
              checked={user.must_change_password ?? false}
              onChange={(event) =>
                setUser({ ...user, must_change_password: event.currentTarget.checked })
              }
            />
            <Button type="submit" loading={create.isPending}>
              Add
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function EditUser({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState(user.role);
  const [sources, setSources] = useState(user.sources);
  const save = useChange(() => changeUser(user.id, { role, sources }), lists, onClose);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Edit ${user.username}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap={12}>
          <Problem error={save.error} />
          <AccessFields role={role} sources={sources} onRole={setRole} onSources={setSources} />
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
