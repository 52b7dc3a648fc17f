import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconPencil, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { SavedQuery } from '../api';
import { useUtc } from '../app/preferences';
import { Link } from '../app/router';
import { savedUrl, useSaved } from '../explore/saved';
import { answersPath } from '../lib/pages';
import { rangeOf } from '../lib/saved';
import { describeRange } from '../lib/timeRange';
import { clipText, visibleText } from '../lib/visible';
import { DataTable, type Column } from '../settings/DataTable';
import { useDialogue, When } from '../settings/parts';
import { Section } from '../settings/Section';
import { StateTag } from '../settings/StateTag';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { useShell } from '../shell/shellContext';
import { EditDialog } from './EditDialog';
import RemoveDialog from './RemoveDialog';
import classes from './SavedPage.module.css';

/** What one has saved, and what others share: to open, rename, schedule, remove. */
export default function SavedPage() {
  const { user } = useShell();
  const [utc] = useUtc();
  const [typed, setTyped] = useState('');
  const query = useSaved(true);
  const dialogue = useDialogue<SavedQuery>();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = query.data?.filter(({ name, query: text }) => {
    const all = `${name} ${text}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const columns: Column<SavedQuery>[] = [
    {
      name: 'Name',
      render: (saved) => (
        <>
          <Link className={classes.name} href={savedUrl(saved)}>
            {visibleText(saved.name)}
          </Link>
          <span className={classes.query}>{visibleText(clipText(saved.query, 300))}</span>
        </>
      ),
    },
    {
      name: 'Time',
      render: (saved) => (
        <span className={classes.short}>{describeRange(rangeOf(saved), utc)}</span>
      ),
    },
    {
      name: 'Seen by',
      render: ({ own, shared }) =>
        own ? shared ? 'all' : 'you' : <StateTag tone="dim">shared by another</StateTag>,
    },
    {
      name: 'Runs',
      render: ({ schedule }) => (
        <span className={classes.short}>{schedule === null ? '–' : `every ${schedule}`}</span>
      ),
    },
    { name: 'Last answer', render: (saved) => <LastAnswer saved={saved} /> },
    {
      name: 'Actions',
      quiet: true,
      align: 'right',
      render: (saved) => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {saved.own && (
            <ActionIcon
              variant="subtle"
              color="gray"
              title="Change"
              aria-label={`Change ${visibleText(saved.name)}`}
              onClick={() => dialogue.ask('change', saved)}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )}
          {(saved.own || user.role === 'admin') && (
            <ActionIcon
              variant="subtle"
              color="gray"
              title="Remove"
              aria-label={`Remove ${visibleText(saved.name)}`}
              onClick={() => dialogue.ask('remove', saved)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ),
    },
  ];
  const about = dialogue.open?.about;
  return (
    <div className={classes.page}>
      <Header title="Saved searches" />
      <ScrollingMain className={classes.main}>
        <Section
          title="Saved searches"
          about="What you have saved in Explore, and what others share. A query that runs by itself keeps its last ten answers."
        >
          <TextInput
            className={classes.find}
            aria-label="Find a saved search"
            placeholder="Name or words of the query"
            leftSection={<IconSearch size={15} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <DataTable
            label="Saved searches"
            columns={columns}
            query={{ ...query, data: found }}
            keyOf={({ id }) => id}
            empty={
              query.data?.length === 0
                ? 'Nothing yet. The bookmark in Explore (s) saves what is shown there.'
                : 'None has these words.'
            }
          />
        </Section>
      </ScrollingMain>
      {about && dialogue.open?.kind === 'change' && (
        <EditDialog saved={about} onClose={dialogue.close} />
      )}
      {about && dialogue.open?.kind === 'remove' && (
        <RemoveDialog saved={about} onClose={dialogue.close} />
      )}
    </div>
  );
}

function LastAnswer({ saved }: { saved: SavedQuery }) {
  const { id, own, schedule, last_run: last } = saved;
  if (!own || (schedule === null && !last)) return '–';
  if (!last) return <span style={{ color: 'var(--ink-dim)' }}>none yet</span>;
  return (
    <Group gap={8} wrap="nowrap">
      <Link className={classes.name} href={answersPath(id)}>
        <When time={last.at} />
      </Link>
      {!last.good && <StateTag tone="bad">failed</StateTag>}
    </Group>
  );
}
