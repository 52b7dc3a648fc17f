import { Text } from '@mantine/core';
import { useEffect } from 'react';
import { AuthCard } from './AuthCard';
import { usePasswordChange } from './PasswordForm';

/** Comes after the first login, when somebody else chose the password. */
export function ChangePasswordPage({ onChanged }: { onChanged: () => void }) {
  const { fields, submit } = usePasswordChange(onChanged);
  useEffect(() => document.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);
  return (
    <AuthCard title="Choose your own password" onSubmit={submit}>
      <Text size="sm" c="var(--ink-dim)">
        The one you logged in with was made for you. Only you should know the next.
      </Text>
      {fields}
    </AuthCard>
  );
}
