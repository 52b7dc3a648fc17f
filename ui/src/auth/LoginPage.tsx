import { Alert, Button, PasswordInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError, logIn } from '../api';
import { AuthCard } from './AuthCard';
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
  });
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
      <Text size="xs" c="var(--ink-dim)">
        On the first start Belfry prints the password of <code>admin</code> to its console.
      </Text>
    </AuthCard>
  );
}

function loginError(error: Error): string {
  if (error instanceof ApiError && error.status === 401) {
    return 'The user name or the password is wrong.';
  }
  return error.message;
}
