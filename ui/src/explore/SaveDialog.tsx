import { Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { saveQuery } from '../api';
import { savedOf } from '../lib/saved';
import { describeRange } from '../lib/timeRange';
import type { ExploreState } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import { Problem } from '../settings/parts';

interface SaveDialogProps {
  state: ExploreState;
  columns: string[];
  onClose: () => void;
  onSaved: () => void;
}

const schedules = [
  { value: '', label: 'Only when it is opened' },
  { value: '1m', label: 'Every minute' },
  { value: '5m', label: 'Every 5 minutes' },
  { value: '15m', label: 'Every 15 minutes' },
  { value: '1h', label: 'Every hour' },
  { value: '1d', label: 'Every day' },
];

/** Gives what is shown a name. */
export function SaveDialog({ state, columns, onClose, onSaved }: SaveDialogProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [schedule, setSchedule] = useState('');
  const kept = savedOf(state, columns);
  const save = useMutation({
    mutationFn: () =>
      saveQuery({
        ...kept,
        name: name.trim(),
        shared,
        schedule: schedule === '' ? null : schedule,
      }),
    onSuccess: () => {
      onSaved();
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={state.query === null ? 'Save this search' : 'Save this query'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
      size="md"
    >
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (name.trim() !== '') save.mutate();
        }}
      >
        <Stack gap={14}>
          <Problem error={save.error} />
          <TextInput
            label="Name"
            data-autofocus
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="xs" c="var(--ink-dim)">
            <code style={{ overflowWrap: 'anywhere' }}>
              {visibleText(clipText(kept.query, 300))}
            </code>
            , {describeRange(state.range, true)}
          </Text>
          <Switch
            label="Others see it too"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          {state.query !== null && (
            <Select
              label="Run it"
              description="Its last answers are kept."
              data={schedules}
              value={schedule}
              allowDeselect={false}
              onChange={(value) => setSchedule(value ?? '')}
            />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
