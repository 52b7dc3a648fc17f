import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '../app/Logo';
import classes from './AuthCard.module.css';

interface AuthCardProps {
  title: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The frame of the pages before the session. */
export function AuthCard({ title, onSubmit, children }: AuthCardProps) {
  return (
    <main className={classes.page}>
      <form
        className={classes.card}
        onSubmit={(submit) => {
          submit.preventDefault();
          onSubmit();
        }}
      >
        <Stack gap={14}>
          <Logo size={36} />
          <Title order={1} fz={19} fw={650}>
            {title}
          </Title>
          {children}
        </Stack>
      </form>
    </main>
  );
}
