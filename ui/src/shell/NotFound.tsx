import { Button, Stack, Text } from '@mantine/core';
import { IconError404, IconLock } from '@tabler/icons-react';
import { navigate } from '../app/router';
import { Header } from './Header';

/** For addresses that lead nowhere, or not for this person. */
export function NotFound({ refused }: { refused: boolean }) {
  const Shown = refused ? IconLock : IconError404;
  return (
    <>
      <Header title={refused ? 'You may not see this page' : 'Not found'} />
      <main>
        <Stack align="center" gap={8} p="64px 20px" ta="center">
          <Shown size={34} color="var(--ink-dim)" aria-hidden />
          <Text fw={600}>
            {refused
              ? 'This page is for administrators. Ask one if you need what is on it.'
              : 'There is no such page'}
          </Text>
          <Button size="xs" mt={6} onClick={() => navigate('/')}>
            To Explore
          </Button>
        </Stack>
      </main>
    </>
  );
}
