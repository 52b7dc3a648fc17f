import { ActionIcon, Button, CloseButton, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconLayoutSidebar, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { addFilter, filterParts, removeFilter, type Filter } from '../lib/filters';
import { hasOpenQuote, readSearch } from '../lib/searchText';
import { visibleText } from '../lib/visible';
import classes from './SearchBar.module.css';
import { change } from './store';

interface SearchBarProps {
  q: string;
  filters: Filter[];
  /** The fields of what is shown, as the field list names them. */
  known: readonly string[];
  sidebarShown: boolean;
  onToggleSidebar: () => void;
}

/** The search field and the conditions that are in force. */
export function SearchBar({ q, filters, known, sidebarShown, onToggleSidebar }: SearchBarProps) {
  return (
    <div className={classes.bar} role="search">
      <Group gap={8} wrap="nowrap">
        <Tooltip label={sidebarShown ? 'Hide the fields' : 'Show the fields'}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Fields"
            aria-pressed={sidebarShown}
            onClick={onToggleSidebar}
          >
            <IconLayoutSidebar size={17} />
          </ActionIcon>
        </Tooltip>
        <SearchField key={q} q={q} filters={filters} known={known} />
      </Group>
      {filters.length > 0 && <Chips filters={filters} />}
    </div>
  );
}

/* Its key is the search in the URL, so that going back in history also changes the field. */
function SearchField({ q, filters, known }: Pick<SearchBarProps, 'q' | 'filters' | 'known'>) {
  const [text, setText] = useState(q);
  const [problem, setProblem] = useState<string | null>(null);
  const changed = text.trim() !== q;
  return (
    <form
      className={classes.form}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (hasOpenQuote(text)) {
          setProblem('A quote is not closed: put " at the end of the phrase.');
          return;
        }
        const search = readSearch(text.trim(), known);
        setText(search.q);
        change({ q: search.q, filters: search.filters.reduce(addFilter, filters) });
      }}
    >
      <TextInput
        id="search"
        size="sm"
        aria-label="Search"
        placeholder='Search: words, "phrases", level:error'
        error={problem}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        leftSection={<IconSearch size={16} />}
        rightSectionWidth={74}
        rightSection={
          <Group gap={4} wrap="nowrap" className={classes.hints}>
            {text !== '' && (
              <CloseButton
                size="sm"
                aria-label="Clear the search"
                onClick={() => {
                  setText('');
                  setProblem(null);
                  if (q !== '') change({ q: '' });
                }}
              />
            )}
            <kbd>{changed ? 'Enter' : '/'}</kbd>
          </Group>
        }
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(null);
        }}
      />
    </form>
  );
}

function Chips({ filters }: { filters: Filter[] }) {
  return (
    <ul className={classes.chips} aria-label="Filters">
      {filters.map((filter) => (
        <li
          key={`${filter.field}=${filter.value}`}
          className={classes.chip}
          data-excludes={filterParts(filter.field).excludes || undefined}
        >
          <Text component="span" className={classes.field}>
            <ChipField field={filter.field} />
          </Text>
          <Text component="span" className={classes.value} title={visibleText(filter.value)}>
            {visibleText(filter.value)}
          </Text>
          <button
            type="button"
            className={classes.remove}
            aria-label={`Remove the filter ${filterParts(filter.field).excludes ? 'not ' : ''}${filterParts(filter.field).name} ${filter.value}`}
            onClick={() => change({ filters: removeFilter(filters, filter) })}
          >
            <IconX size={12} />
          </button>
        </li>
      ))}
      <li>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => change({ filters: [] })}
        >
          Clear all
        </Button>
      </li>
    </ul>
  );
}

function ChipField({ field }: { field: string }) {
  const { name, excludes } = filterParts(field);
  return (
    <>
      {excludes && <b>not </b>}
      {visibleText(name)}:
    </>
  );
}
