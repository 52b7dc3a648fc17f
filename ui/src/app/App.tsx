import { Center, Loader } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ChangePasswordPage } from '../auth/ChangePasswordPage';
import { LoginPage } from '../auth/LoginPage';
import { startSession, useSession } from '../auth/session';
import { Shell } from '../shell/Shell';
import { useFirstPage } from '../start/firstPage';
import type { User } from '../api';
import { ErrorPanel } from './ErrorPanel';

/** Login before everything; the URL stays, so that logging in leads to what was asked for. */
export function App() {
  const session = useSession();
  const client = useQueryClient();
  if (session.isPending) {
    return <Waiting />;
  }
  if (session.isError) {
    return (
      <Center h="100dvh">
        <ErrorPanel error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  const { user, ended } = session.data;
  if (!user) return <LoginPage ended={ended} />;
  if (user.must_change_password) {
    return (
      <ChangePasswordPage
        onChanged={() => startSession(client, { ...user, must_change_password: false })}
      />
    );
  }
  return <FirstPage user={user} />;
}

/** Who has no events yet is led to the page that says how to send some. */
function FirstPage({ user }: { user: User }) {
  return useFirstPage() ? <Shell user={user} /> : <Waiting />;
}

function Waiting() {
  return (
    <Center h="100dvh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
