import { Button, Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endOtherSessions, endSessionOf, fetchSessions, type SessionInfo } from '../api';
import { usePasswordChange } from '../auth/PasswordForm';
import { clientName } from '../lib/clientName';
import { visibleText } from '../lib/visible';
import { useShell } from '../shell/shellContext';
import { DataTable, type Column } from './DataTable';
import { Confirm, Problem, useChange, useDialogue, When } from './parts';
import { Figures, Section } from './Section';
import { StateTag } from './StateTag';

const lists = ['sessions'];

/** Oneself: role, password, where one is logged in. */
export default function AccountPage() {
  const { user } = useShell();
  return (
    <>
      <Section title="Account">
        <Figures
          figures={[
            { name: 'User name', value: user.username },
            { name: 'Role', value: user.role },
            {
              name: 'Reads',
              value: user.role === 'user' ? 'Own sources' : 'All sources',
              more: user.role === 'user' ? user.sources.map(visibleText).join(', ') : undefined,
            },
          ]}
        />
      </Section>
      <Sessions />
      <Password />
    </>
  );
}

function Password() {
  const [changes, setChanges] = useState(0);
  return (
    <Section
      title="Password"
      about={
        changes > 0 ? (
          <span role="status" style={{ color: 'var(--good)' }}>
            Your password is changed, and your other sessions have ended.
          </span>
        ) : (
          'A change ends your other sessions.'
        )
      }
    >
      <PasswordFields key={changes} onChanged={() => setChanges(changes + 1)} />
    </Section>
  );
}

function PasswordFields({ onChanged }: { onChanged: () => void }) {
  const { fields, submit } = usePasswordChange(onChanged);
  return (
    <Paper withBorder p={16} radius={10} maw={420} bg="var(--raised)">
      <form
        aria-label="Change password"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {fields}
      </form>
    </Paper>
  );
}

function Sessions() {
  const dialogue = useDialogue<SessionInfo>();
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => fetchSessions(signal),
    staleTime: 0,
  });
  const endOthers = useChange(endOtherSessions, lists, () => undefined);
  const { open, close } = dialogue;
  return (
    <Section
      title="Sessions"
      about="Where you are logged in."
      actions={
        (query.data?.length ?? 0) > 1 && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate()}
          >
            End all others
          </Button>
        )
      }
    >
      <Problem error={endOthers.error} />
      <DataTable
        label="Sessions"
        columns={columns((session) => dialogue.ask('end', session))}
        query={query}
        keyOf={(session) => session.id}
        empty="No sessions."
      />
      {open && (
        <Confirm
          title="End the session"
          action="End it"
          run={() => endSessionOf(open.about.id)}
          changes={lists}
          onClose={close}
        >
          {clientName(open.about.user_agent)} at {open.about.ip_address} is logged out.
        </Confirm>
      )}
    </Section>
  );
}

function columns(end: (session: SessionInfo) => void): Column<SessionInfo>[] {
  return [
    {
      name: 'Client',
      render: (session) => (
        <span title={visibleText(session.user_agent ?? '')}>
          {clientName(session.user_agent)}{' '}
          {session.current && <StateTag tone="good">this one</StateTag>}
        </span>
      ),
    },
    { name: 'Address', render: (session) => session.ip_address },
    { name: 'Began', render: (session) => <When time={session.created_at} /> },
    { name: 'Last used', render: (session) => <When time={session.last_used_at} /> },
    { name: 'Ends', render: (session) => <When time={session.expires_at} /> },
    {
      name: 'Actions',
      quiet: true,
      align: 'right',
      render: (session) =>
        !session.current && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            c="var(--level-error-text)"
            aria-label={`End the session of ${clientName(session.user_agent)} at ${session.ip_address}`}
            onClick={() => end(session)}
          >
            End
          </Button>
        ),
    },
  ];
}
