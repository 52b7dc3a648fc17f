import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { changeSaved, type SavedQuery } from '../api';
import { Problem, useChange } from '../settings/parts';
import { ScheduleSelect } from './ScheduleSelect';

interface EditDialogProps {
  saved: SavedQuery;
  onClose: () => void;
}

/** Changes what was saved: its name, what it asks, when it runs, who sees it. */
export function EditDialog({ saved, onClose }: EditDialogProps) {
  const [name, setName] = useState(saved.name);
  const [query, setQuery] = useState(saved.query);
  const [start, setStart] = useState(saved.start_time ?? '');
  const [end, setEnd] = useState(saved.end_time ?? '');
  const [shared, setShared] = useState(saved.shared);
  const [schedule, setSchedule] = useState(saved.schedule);
  const save = useChange(
    () =>
      changeSaved(saved.id, {
        name: name.trim(),
        query,
        start_time: start.trim() || null,
        end_time: end.trim() || null,
        shared,
        schedule,
      }),
    ['saved', 'savedOne', 'keptAnswers'],
    onClose,
  );
  const complete = name.trim() !== '' && query.trim() !== '';
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Change a saved ${saved.kind === 'insight' ? 'query' : 'search'}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
      size="lg"
    >
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (complete) save.mutate();
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
          <Textarea
            label={saved.kind === 'insight' ? 'Query' : 'Search'}
            autosize
            minRows={2}
            maxRows={12}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
          <Group gap={10} grow>
            <TextInput
              label="From"
              placeholder="the beginning"
              value={start}
              onChange={(event) => setStart(event.currentTarget.value)}
            />
            <TextInput
              label="To"
              placeholder="now"
              value={end}
              onChange={(event) => setEnd(event.currentTarget.value)}
            />
          </Group>
          <Switch
            label="Others see it too"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <ScheduleSelect value={schedule} onChange={setSchedule} />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!complete}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
