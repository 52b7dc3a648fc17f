import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { IconBookmark, IconLink, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { SavedQuery } from '../api';
import { copyText } from '../app/clipboard';
import { navigate } from '../app/router';
import { savedPage } from '../lib/pages';
import { isWorthSaving } from '../lib/saved';
import { fixedRange, type ResolvedRange } from '../lib/timeRange';
import { formatUrl, type ExploreState } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import classes from './SavedMenu.module.css';
import { openSaved, useSaved } from './saved';

const SaveDialog = lazy(() => import('./SaveDialog'));
const RemoveDialog = lazy(() => import('../saved/RemoveDialog'));

interface SavedMenuProps {
  state: ExploreState;
  columns: string[];
  range: ResolvedRange | null;
}

/** Keeps what is shown, brings back what was kept, and shares it by a link. */
export function SavedMenu({ state, columns, range }: SavedMenuProps) {
  const [opened, setOpened] = useState(false);
  const [saving, setSaving] = useState(false);
  const [removing, setRemoving] = useState<SavedQuery | null>(null);
  const client = useQueryClient();
  const link = (fixed: boolean) => {
    const times = fixed && range ? fixedRange(range) : state.range;
    const shown = { ...state, range: times, columns, live: false, refreshSeconds: 0 };
    void copyText(window.location.origin + window.location.pathname + formatUrl(shown));
  };
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-end" width={330} shadow="lg">
        <Menu.Target>
          <Tooltip label="Save, share, open what was saved (s)" disabled={opened}>
            <ActionIcon variant="default" size={36} aria-label="Saved searches" data-shortcut="s">
              <IconBookmark size={17} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlus size={15} />}
            disabled={!isWorthSaving(state)}
            onClick={() => setSaving(true)}
          >
            Save this {state.query === null ? 'search' : 'query'} …
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={15} />} onClick={() => link(false)}>
            Copy a link
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLink size={15} />}
            disabled={!range}
            onClick={() => link(true)}
          >
            Copy a link to exactly this time
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Saved</Menu.Label>
          {opened && <Saved onRemove={setRemoving} />}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconPencil size={15} />}
            onClick={() => navigate(savedPage.path)}
          >
            Rename, schedule, see answers …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {saving && (
          <SaveDialog
            state={state}
            columns={columns}
            onClose={() => setSaving(false)}
            onSaved={() => void client.invalidateQueries({ queryKey: ['saved'] })}
          />
        )}
        {removing && <RemoveDialog saved={removing} onClose={() => setRemoving(null)} />}
      </Suspense>
    </>
  );
}

function Saved({ onRemove }: { onRemove: (saved: SavedQuery) => void }) {
  const query = useSaved(true);
  if (query.isError) {
    return (
      <Text size="xs" c="var(--ink-dim)" p="4px 12px 8px" role="alert">
        They could not be read. {query.error.message}
      </Text>
    );
  }
  if (!query.data) {
    return (
      <Text size="xs" c="var(--ink-dim)" p="4px 12px 8px" role="status">
        Loading …
      </Text>
    );
  }
  if (query.data.length === 0) {
    return (
      <Text size="xs" c="var(--ink-dim)" p="4px 12px 8px">
        Nothing yet. What you save is found here and by Ctrl-K.
      </Text>
    );
  }
  return (
    <div className={classes.list}>
      {query.data.map((saved) => (
        <div key={saved.id} className={classes.entry}>
          <Menu.Item className={classes.open} onClick={() => openSaved(saved)}>
            <span className={classes.name}>{visibleText(clipText(saved.name, 120))}</span>
            <span className={classes.about}>{aboutOf(saved)}</span>
          </Menu.Item>
          {saved.own && (
            <Menu.Item
              className={classes.remove}
              aria-label={`Remove ${visibleText(saved.name)}`}
              onClick={() => onRemove(saved)}
            >
              <IconTrash size={14} />
            </Menu.Item>
          )}
        </div>
      ))}
    </div>
  );
}

function aboutOf({ kind, shared, own, schedule, query }: SavedQuery): string {
  const words = [
    ...(kind === 'insight' ? ['Insights'] : []),
    ...(shared ? [own ? 'shared' : 'shared by another'] : []),
    ...(schedule === null ? [] : [`every ${schedule}`]),
  ];
  return [...words, visibleText(clipText(query.replaceAll(/\s+/g, ' '), 80))].join(' · ');
}
