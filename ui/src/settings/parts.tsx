import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { serverNowMillis } from '../api';
import { useUtc } from '../app/preferences';
import { formatAgo } from '../lib/format';
import { formatTimestamp, parseInstant } from '../lib/instant';

interface WhenProps {
  time: string | null | undefined;
  /** What stands there when there is no time. */
  none?: string;
}

/** A time as one speaks of it; the exact one is its title. */
export function When({ time, none = 'never' }: WhenProps) {
  const [utc] = useUtc();
  if (!time) return <span style={{ color: 'var(--ink-dim)' }}>{none}</span>;
  const instant = parseInstant(time);
  const exact = formatTimestamp(time, { utc, detail: 'full' }).slice(0, 19);
  return (
    <time dateTime={time} title={exact} style={{ whiteSpace: 'nowrap' }}>
      {instant ? formatAgo(instant.epochMillis, serverNowMillis()) : exact}
    </time>
  );
}

/** A time to the second. */
export function ExactTime({ time }: { time: string }) {
  const [utc] = useUtc();
  return (
    <time dateTime={time} style={{ whiteSpace: 'nowrap' }}>
      {formatTimestamp(time, { utc, detail: 'full' }).slice(0, 19)}
    </time>
  );
}

/** What went wrong with a change, above its form. */
export function Problem({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <Alert color="red" variant="light" p="xs" role="alert">
      {error.message}
    </Alert>
  );
}

interface ConfirmProps {
  title: string;
  /** What will happen. */
  children: ReactNode;
  action: string;
  run: () => Promise<unknown>;
  /** The lists that change by it. */
  changes: string[];
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, action, run, changes, onClose }: ConfirmProps) {
  const change = useChange(run, changes, onClose);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
      size="sm"
    >
      <Stack gap={14}>
        <Problem error={change.error} />
        <Text size="sm">{children}</Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={change.isPending} onClick={() => change.mutate()}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Runs a change and reads the lists anew that it touches. */
export function useChange(run: () => Promise<unknown>, changes: string[], onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await Promise.all(changes.map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone();
    },
  });
}

/** Which dialogue is open over a list, about what. */
export function useDialogue<T>() {
  const [open, setOpen] = useState<{ kind: string; about: T } | null>(null);
  return {
    open,
    ask: (kind: string, about: T) => setOpen({ kind, about }),
    close: () => setOpen(null),
  };
}
