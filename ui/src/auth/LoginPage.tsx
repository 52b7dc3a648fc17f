import { Alert, Button, Divider, PasswordInput, Text, TextInput } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError, fetchProviders, logIn, type Provider } from '../api';
import { AuthCard } from './AuthCard';
import { formatLength } from '../lib/timeRange';
import { startSession } from './session';

/** Asks who is there. */
export function LoginPage({ ended }: { ended: boolean }) {
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const login = useMutation({
    mutationFn: () => logIn(username.trim(), password),
    onSuccess: (user) => startSession(client, user),
    meta: { asks: true },
  });
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => fetchProviders(signal),
  });
  const byPassword = providers.data?.password_login !== false;
  return (
    <AuthCard title="Log in to Belfry" onSubmit={() => login.mutate()}>
      {ended && !login.isError && (
        <Alert color="indigo" variant="light" p="xs">
          Your session has ended. Log in to go on where you were.
        </Alert>
      )}
      {login.isError && (
        <Alert color="red" variant="light" p="xs" role="alert">
          {loginError(login.error)}
        </Alert>
      )}
      {byPassword && (
        <>
          <TextInput
            label="User name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            ref={first}
            required
            withAsterisk={false}
            value={username}
            onChange={(change) => setUsername(change.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(change) => setPassword(change.currentTarget.value)}
          />
          <Button type="submit" fullWidth loading={login.isPending} mt={6}>
            Log in
          </Button>
        </>
      )}
      {providers.data && providers.data.data.length > 0 && (
        <Providers providers={providers.data.data} alone={!byPassword} />
      )}
      {byPassword && (
        <Text size="xs" c="var(--ink-dim)">
          On the first start Belfry prints the password of <code>admin</code> to its console.
        </Text>
      )}
    </AuthCard>
  );
}

function Providers({ providers, alone }: { providers: Provider[]; alone: boolean }) {
  return (
    <>
      {!alone && <Divider label="or" />}
      {providers.map(({ id, label, url }) => (
        <Button
          key={id}
          component="a"
          href={webAddress(url)}
          variant="default"
          fullWidth
          leftSection={<IconLogin2 size={16} />}
        >
          {label}
        </Button>
      ))}
    </>
  );
}

/** The provider's address, with the place to come back to; only addresses of the web. */
function webAddress(url: string): string {
  const target = new URL(url, window.location.href);
  if (target.origin === window.location.origin) {
    target.searchParams.set('return_to', window.location.pathname + window.location.search);
  }
  return /^https?:$/.test(target.protocol) ? target.toString() : '#';
}

function loginError(error: Error): string {
  if (error instanceof ApiError && error.status === 401) {
    return 'The user name or the password is wrong.';
  }
  const details = error instanceof ApiError ? (error.details as Record<string, unknown>) : null;
  const seconds = details?.retry_after_seconds;
  if (typeof seconds === 'number') {
    return `Too many failed logins. Try again in ${formatLength(seconds * 1000)}.`;
  }
  return error.message;
}
