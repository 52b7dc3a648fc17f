import { CloseButton, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { completeSearch, type KnownField, type Suggestion } from '../lib/complete';
import { addFilter, type Filter } from '../lib/filters';
import { formatCompact } from '../lib/format';
import { hasOpenQuote, readSearch } from '../lib/searchText';
import type { ResolvedRange } from '../lib/timeRange';
import { clipText, visibleText } from '../lib/visible';
import classes from './SearchField.module.css';
import { change } from './store';
import { useMoreValues } from './useMoreValues';

interface SearchFieldProps {
  q: string;
  filters: Filter[];
  /** The fields of what is shown, as the field list names them. */
  fields: readonly KnownField[];
  range: ResolvedRange | null;
}

/* Its key is the search in the URL, so that going back in history also changes the field. */

/** The search field: words, phrases and `field:value`, with what may be meant below it. */
export function SearchField({ q, filters, fields, range }: SearchFieldProps) {
  const [text, setText] = useState(q);
  const [caret, setCaret] = useState(q.length);
  const [problem, setProblem] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  /* Which suggestion the arrows are at; -1 while Enter searches. */
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();

  const completion = useMemo(() => completeSearch(text, caret, fields), [text, caret, fields]);
  const known = useMoreValues(opened ? completion.valuesOf : null, fields, range);
  const shown = useMemo(
    () => (known === fields ? completion : completeSearch(text, caret, known)),
    [known, fields, completion, text, caret],
  ).suggestions;
  const open = opened && shown.length > 0;
  const chosen = Math.min(at, shown.length - 1);

  const write = (next: string, place: number) => {
    setText(next);
    setCaret(place);
    setProblem(null);
    setAt(-1);
  };
  const accept = (suggestion: Suggestion | undefined) => {
    if (!suggestion) return;
    const rest = text.slice(completion.to);
    const insert = rest.startsWith(' ') ? suggestion.insert.trimEnd() : suggestion.insert;
    const next = text.slice(0, completion.from) + insert + rest;
    const place = completion.from + suggestion.insert.length;
    write(next, place);
    setOpened(suggestion.kind === 'field');
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  };
  const submit = () => {
    setOpened(false);
    if (hasOpenQuote(text)) {
      setProblem('A quote is not closed: put " at the end of the phrase.');
      return;
    }
    const names = fields.map(({ name }) => name);
    const search = readSearch(text.trim(), names);
    setText(search.q);
    change({ q: search.q, filters: search.filters.reduce(addFilter, filters) });
  };
  const press = (key: KeyboardEvent<HTMLInputElement>) => {
    const step = key.key === 'ArrowDown' ? 1 : key.key === 'ArrowUp' ? -1 : 0;
    if (key.ctrlKey && key.key === ' ') {
      setOpened(true);
    } else if (step !== 0) {
      setOpened(true);
      const next = chosen + step;
      setAt(next < -1 ? shown.length - 1 : next >= shown.length ? -1 : next);
    } else if (open && key.key === 'Tab' && !key.shiftKey) {
      accept(shown[Math.max(chosen, 0)]);
    } else if (open && key.key === 'Enter' && chosen >= 0) {
      accept(shown[chosen]);
    } else if (open && key.key === 'Escape') {
      setOpened(false);
    } else {
      return;
    }
    key.preventDefault();
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        id="search"
        ref={input}
        size="sm"
        aria-label="Search"
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && chosen >= 0 ? `${listId}-${chosen}` : undefined}
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
                  write('', 0);
                  if (q !== '') change({ q: '' });
                }}
              />
            )}
            <kbd>{text.trim() !== q ? 'Enter' : '/'}</kbd>
          </Group>
        }
        value={text}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget;
          write(value, selectionStart ?? value.length);
          setOpened(value !== '');
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? text.length)}
        onBlur={() => setOpened(false)}
        onKeyDown={press}
      />
      <div
        id={listId}
        role="listbox"
        aria-label="Suggestions"
        className={classes.list}
        hidden={!open}
      >
        {shown.map((one, index) => (
          <Choice
            key={`${one.kind} ${one.label}`}
            id={`${listId}-${index}`}
            suggestion={one}
            chosen={index === chosen}
            onChoose={() => accept(one)}
          />
        ))}
        <div className={classes.foot} aria-hidden>
          <kbd>Tab</kbd> takes the first, <kbd>↓</kbd> chooses, <kbd>Enter</kbd> searches
        </div>
      </div>
    </form>
  );
}

interface ChoiceProps {
  id: string;
  suggestion: Suggestion;
  chosen: boolean;
  onChoose: () => void;
}

function Choice({ id, suggestion, chosen, onChoose }: ChoiceProps) {
  const { label, kind, detail } = suggestion;
  return (
    <div
      id={id}
      ref={chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={classes.choice}
      // Before the field loses the focus.
      onMouseDown={(press) => {
        press.preventDefault();
        onChoose();
      }}
    >
      <span className={classes.label}>{visibleText(clipText(label, 200)) || '(empty)'}</span>
      <span className={classes.detail}>
        {kind === 'field' && 'field'}
        {typeof detail === 'number' && ` ${formatCompact(detail)}`}
      </span>
    </div>
  );
}
