import { Center, Loader } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ChangePasswordPage } from '../auth/ChangePasswordPage';
import { LoginPage } from '../auth/LoginPage';
import { startSession, useSession } from '../auth/session';
import { ExplorePage } from '../explore/ExplorePage';
import { ErrorPanel } from './ErrorPanel';

/** Login before everything; the URL stays, so that logging in leads to what was asked for. */
export function App() {
  const session = useSession();
  const client = useQueryClient();
  if (session.isPending) {
    return (
      <Center h="100dvh">
        <Loader aria-label="Loading" />
      </Center>
    );
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
  return <ExplorePage user={user} />;
}
