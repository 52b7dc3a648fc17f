import {
  ActionIcon,
  Anchor,
  CloseButton,
  Skeleton,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import {
  IconChevronRight,
  IconColumnInsertRight,
  IconColumnRemove,
  IconFilter,
  IconFilterOff,
  IconScale,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Field, FieldValue } from '../api';
import { plainMessage } from '../app/ErrorPanel';
import { addColumn, removeColumn } from '../lib/columns';
import { excludeFilter, filterField, hasFilter, toggleFilter } from '../lib/filters';
import { leafText } from '../lib/flatten';
import { formatCompact, formatCount } from '../lib/format';
import { searchTerm } from '../lib/insight';
import { levelColor, levelKey, mergeLevels } from '../lib/levels';
import type { ExploreState } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import type { useFields } from './data';
import classes from './FieldSidebar.module.css';
import { change } from './store';

interface FieldSidebarProps {
  query: ReturnType<typeof useFields>;
  state: ExploreState;
  /** The list says already what went wrong. */
  quiet: boolean;
  columns: string[];
  onColumns: (columns: string[]) => void;
}

const keyFields = ['level', 'source', 'event_type'];
const groups: { title: string; has: (field: Field) => boolean }[] = [
  { title: 'Event', has: (field) => keyFields.includes(field.name) },
  { title: 'Tags', has: (field) => field.name.startsWith('tags.') },
  { title: 'Payload', has: (field) => field.name.startsWith('payload.') },
];

/** The fields of what matches and their most frequent values; a click filters by one. */
export function FieldSidebar({ query, state, quiet, ...list }: FieldSidebarProps) {
  const [find, setFind] = useState('');
  const words = find.trim().toLowerCase();
  const fields = query.fields?.filter((field) => field.name.toLowerCase().includes(words));
  return (
    <div className={classes.sidebar}>
      <TextInput
        size="xs"
        aria-label="Find a field"
        placeholder="Find a field"
        leftSection={<IconFilter size={13} />}
        rightSection={
          find && <CloseButton size="xs" aria-label="Clear" onClick={() => setFind('')} />
        }
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
      />
      {query.isError && !quiet && (
        <Text size="xs" c="var(--ink-dim)" p={8} role="alert">
          The fields could not be read. {plainMessage(query.error)}{' '}
          <Anchor component="button" size="xs" onClick={() => void query.refetch()}>
            Try again
          </Anchor>
        </Text>
      )}
      {!fields && !query.isError && !quiet && <Loading />}
      {fields?.length === 0 && (
        <Text size="xs" c="var(--ink-dim)" p={8}>
          {words ? 'No field has this in its name.' : 'No fields in this time range.'}
        </Text>
      )}
      {fields &&
        groups.map((group) => (
          <FieldGroup
            key={group.title}
            title={group.title}
            fields={fields.filter((field) => group.has(field))}
            state={state}
            list={list}
          />
        ))}
    </div>
  );
}

type ListColumns = Pick<FieldSidebarProps, 'columns' | 'onColumns'>;

interface FieldGroupProps {
  title: string;
  fields: Field[];
  state: ExploreState;
  list: ListColumns;
}

/* Names with a common beginning stand together: http.method beside http.route. */
function FieldGroup({ title, fields, state, list }: FieldGroupProps) {
  if (fields.length === 0) return null;
  const ordered = [...fields].sort((a, b) =>
    title === 'Event'
      ? keyFields.indexOf(a.name) - keyFields.indexOf(b.name)
      : a.name.localeCompare(b.name, 'en'),
  );
  return (
    <section>
      <h2 className={classes.title}>{title}</h2>
      {ordered.map((field) => (
        <FieldSection key={field.name} field={field} state={state} list={list} />
      ))}
    </section>
  );
}

interface FieldSectionProps {
  field: Field;
  state: ExploreState;
  list: ListColumns;
}

function FieldSection({ field, state, list }: FieldSectionProps) {
  const name = filterField(field.name);
  const chosen = state.filters.some((filter) => filter.field === name);
  const [opened, setOpened] = useState(keyFields.includes(field.name) || chosen);
  const label = field.name.replace(/^(tags|payload)\./, '');
  const values = field.name === 'level' ? mergeLevels(field.values) : field.values;
  const complete = field.values.length >= field.distinct;
  const distinct = complete ? values.length : field.distinct;
  const most = Math.max(1, ...values.map((value) => value.count));
  const { columns, onColumns } = list;
  const isColumn = columns.includes(field.name);
  const column = `${isColumn ? 'Remove' : 'Add'} the column ${visibleText(clipText(label, 60))}`;
  return (
    <div className={classes.field}>
      <div className={classes.head}>
        <UnstyledButton
          className={classes.name}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <IconChevronRight
            size={13}
            className={classes.chevron}
            data-opened={opened || undefined}
          />
          <span className={classes.label} title={visibleText(field.name)}>
            {visibleText(label)}
          </span>
          <span
            className={classes.distinct}
            title={`${formatCount(distinct)} different ${distinct === 1 ? 'value' : 'values'}`}
          >
            {formatCompact(distinct)}
          </span>
        </UnstyledButton>
        <ActionIcon
          className={classes.act}
          variant="subtle"
          color="gray"
          size={22}
          title={column}
          aria-label={column}
          onClick={() =>
            onColumns(isColumn ? removeColumn(columns, field.name) : addColumn(columns, field.name))
          }
        >
          {isColumn ? <IconColumnRemove size={14} /> : <IconColumnInsertRight size={14} />}
        </ActionIcon>
      </div>
      {opened && (
        <ul className={classes.values}>
          {values.map((value) => (
            <ValueRow
              key={leafText(value.value)}
              field={field}
              value={value}
              share={value.count / most}
              state={state}
            />
          ))}
          {field.distinct > field.values.length && (
            <li className={classes.more}>
              and {formatCount(field.distinct - field.values.length)} more
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/* A comparison is of a search. */
const inSearch = { tab: 'compare', query: null } as const;

interface ValueRowProps {
  field: Field;
  value: FieldValue;
  share: number;
  state: ExploreState;
}

function ValueRow({ field, value, share, state }: ValueRowProps) {
  const text = leafText(value.value);
  const name = filterField(field.name);
  const active = name !== null && hasFilter(state.filters, { field: name, value: text });
  const press = () => {
    if (name !== null)
      change({ filters: toggleFilter(state.filters, { field: name, value: text }) });
  };
  const words = visibleText(clipText(text, 60));
  return (
    <li className={classes.row}>
      <UnstyledButton
        className={classes.value}
        aria-pressed={active}
        data-active={active || undefined}
        title={`${visibleText(clipText(text, 300))}: ${formatCount(value.count)}`}
        onClick={press}
      >
        <span className={classes.bar} style={{ width: `${share * 100}%` }} />
        {field.name === 'level' && (
          <i className={classes.dot} style={{ background: levelColor(levelKey(text)) }} />
        )}
        <span className={classes.text}>
          {text === '' ? '(empty)' : visibleText(clipText(text, 200))}
        </span>
        <span className={classes.count}>{formatCompact(value.count)}</span>
      </UnstyledButton>
      {name !== null && (
        <span className={classes.acts}>
          <ActionIcon
            className={classes.act}
            variant="subtle"
            color="gray"
            size={20}
            title="Leave it out"
            aria-label={`Filter out ${words}`}
            onClick={() =>
              change({ filters: excludeFilter(state.filters, { field: name, value: text }) })
            }
          >
            <IconFilterOff size={13} />
          </ActionIcon>
          <ActionIcon
            className={classes.act}
            variant="subtle"
            color="gray"
            size={20}
            title="Compare with the rest"
            aria-label={`Compare ${words} with the rest`}
            onClick={() =>
              change({
                ...inSearch,
                part: { kind: 'search', search: searchTerm(name, text) },
              })
            }
          >
            <IconScale size={13} />
          </ActionIcon>
        </span>
      )}
    </li>
  );
}

function Loading() {
  return (
    <Stack gap={10} mt={14} aria-hidden>
      {[70, 90, 84, 60, 78, 66, 88, 72].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </Stack>
  );
}
