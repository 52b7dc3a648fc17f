import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword } from '../api';

/** The fields of a password change; `mutate` is called by the form around them. */
export function usePasswordChange(onChanged: () => void) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && next !== again;
  const mutation = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: onChanged,
    meta: { asks: true },
  });
  const submit = () => {
    if (next === again) mutation.mutate();
  };
  const fields = (
    <Stack gap={12}>
      {mutation.isError && (
        <Alert color="red" variant="light" p="xs" role="alert">
          {mutation.error.message}
        </Alert>
      )}
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        value={current}
        onChange={(change) => setCurrent(change.currentTarget.value)}
      />
      <PasswordInput
        label="New password"
        description="10 characters or more"
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={next}
        onChange={(change) => setNext(change.currentTarget.value)}
      />
      <PasswordInput
        label="New password, again"
        autoComplete="new-password"
        required
        withAsterisk={false}
        error={differs ? 'The two are not the same.' : undefined}
        value={again}
        onChange={(change) => setAgain(change.currentTarget.value)}
      />
      <Button type="submit" fullWidth loading={mutation.isPending} disabled={differs} mt={4}>
        Change password
      </Button>
    </Stack>
  );
  return { fields, submit };
}
