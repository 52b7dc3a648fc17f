import { Text } from '@mantine/core';
import { AuthCard } from './AuthCard';
import { usePasswordChange } from './PasswordForm';

/** Comes after the first login, when somebody else chose the password. */
export function ChangePasswordPage({ onChanged }: { onChanged: () => void }) {
  const { fields, submit } = usePasswordChange(onChanged);
  return (
    <AuthCard title="Choose your own password" onSubmit={submit}>
      <Text size="sm" c="var(--ink-dim)">
        The one you logged in with was made for you. Only you should know the next.
      </Text>
      {fields}
    </AuthCard>
  );
}
