import { Modal, TextInput, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { logOut } from '../api';
import { leaveSession } from '../auth/session';
import { navigate } from '../app/router';
import { exploreUrl, useView } from '../explore/store';
import { openSaved, useSaved } from '../explore/saved';
import { explorePage, metricPages, savedPage, settingsOf, startPage } from '../lib/pages';
import { quickRanges } from '../lib/timeRange';
import { formatUrl, type ExploreState } from '../lib/urlState';
import { visibleText } from '../lib/visible';
import classes from './Palette.module.css';
import { useShell } from './shellContext';

interface Command {
  label: string;
  kind: string;
  words: string;
  run: () => void;
}

/** Goes to a page or does something by its name. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={540} yOffset="12dvh">
      <Modal.Overlay />
      <Modal.Content aria-label="Go to">
        <Choice onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Choice({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const commands = useCommands();
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label, kind, words: more }) => {
    const all = `${label} ${kind} ${more}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const search = text.trim();
  const shown: Command[] =
    search === ''
      ? found
      : [
          ...found,
          {
            label: `Search for ${search}`,
            kind: 'Explore',
            words: '',
            run: () => navigate(`/?${new URLSearchParams({ q: search }).toString()}`),
          },
        ];
  const chosen = Math.min(at, shown.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <div className={classes.palette}>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        leftSection={<IconSearch size={17} />}
        placeholder="Go to a page, or search the logs"
        aria-label="Go to a page or do something"
        role="combobox"
        aria-expanded
        aria-controls="palette-choices"
        aria-activedescendant={`palette-${chosen}`}
        value={text}
        onChange={(change) => {
          setText(change.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(key) => {
          const step = key.key === 'ArrowDown' ? 1 : key.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            key.preventDefault();
            const next = (chosen + step + shown.length) % shown.length;
            setAt(next);
            document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' });
          } else if (key.key === 'Enter') {
            key.preventDefault();
            run(shown[chosen]);
          }
        }}
      />
      <div id="palette-choices" role="listbox" aria-label="Choices" className={classes.choices}>
        {shown.map((command, index) => (
          // The field above handles the keys for the whole list.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={`${command.kind} ${command.label}`}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={classes.choice}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span className={classes.label}>{command.label}</span>
            <span className={classes.kind}>{command.kind}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function useCommands(): Command[] {
  const { user, openHelp } = useShell();
  const { setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const saved = useSaved(true);
  const { state } = useView();
  return [
    {
      label: explorePage.label,
      kind: 'Page',
      words: explorePage.words,
      run: () => navigate(exploreUrl()),
    },
    ...[startPage, savedPage, ...metricPages, ...settingsOf(user.role)].map((page) => ({
      label: page.label,
      kind: page.path.startsWith('/settings') ? 'Settings' : 'Page',
      words: page.words,
      run: () => navigate(page.path),
    })),
    ...quickRanges.map(({ label, from, to }) => ({
      label,
      kind: 'Time range',
      words: from,
      run: () => navigate(`/?${new URLSearchParams({ from, to }).toString()}`),
    })),
    ...(saved.data ?? []).map((query) => ({
      label: visibleText(query.name),
      kind: 'Saved',
      words: query.query,
      run: () => openSaved(query),
    })),
    ...exploreCommands(state),
    { label: 'Light', kind: 'Colours', words: 'theme', run: () => setColorScheme('light') },
    { label: 'Dark', kind: 'Colours', words: 'theme', run: () => setColorScheme('dark') },
    { label: 'Keyboard shortcuts', kind: 'Help', words: 'keys ?', run: openHelp },
    {
      label: 'Log out',
      kind: 'Account',
      words: 'leave',
      run: () => void logOut().finally(() => leaveSession(client)),
    },
  ];
}

/** What can be done with the results that Explore shows, or showed last. */
function exploreCommands(state: ExploreState): Command[] {
  const show = (patch: Partial<ExploreState>) => () =>
    navigate(explorePage.path + formatUrl({ ...state, live: false, ...patch }));
  const command = (label: string, words: string, patch: Partial<ExploreState>): Command => ({
    label,
    kind: 'Explore',
    words,
    run: show(patch),
  });
  const search = { query: null };
  return [
    command('Patterns of the messages', 'templates', { ...search, tab: 'patterns' }),
    command('Compare a part with the rest', 'bubble up differences', { ...search, tab: 'compare' }),
    command('Events', 'list lines', { ...search, tab: 'events' }),
    command('Follow new events live', 'tail', { ...search, tab: 'events', live: true }),
    command('Insights editor', 'query language stats', {
      query: state.query ?? 'fields @timestamp, level, source, @message',
    }),
  ];
}
