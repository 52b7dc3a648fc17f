import { Button, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changeSaved, saveQuery } from '../api';
import { savedOf } from '../lib/saved';
import { describeRange } from '../lib/timeRange';
import type { ExploreState } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import { ScheduleSelect } from '../saved/ScheduleSelect';
import { Problem } from '../settings/parts';
import { useSaved } from './saved';

interface SaveDialogProps {
  state: ExploreState;
  columns: string[];
  onClose: () => void;
  onSaved: () => void;
}

/** Gives what is shown a name. */
export default function SaveDialog({ state, columns, onClose, onSaved }: SaveDialogProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [schedule, setSchedule] = useState<string | null>(null);
  const kept = savedOf(state, columns);
  const known = useSaved(true).data?.find((one) => one.own && one.name === name.trim());
  const save = useMutation({
    mutationFn: () => {
      const query = { ...kept, name: name.trim(), shared, schedule };
      return known ? changeSaved(known.id, query) : saveQuery(query);
    },
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
            description={known ? 'You have one of this name. It will ask this instead.' : undefined}
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
          {state.query !== null && <ScheduleSelect value={schedule} onChange={setSchedule} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {known ? 'Replace' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
