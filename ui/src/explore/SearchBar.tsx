import { ActionIcon, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconLayoutSidebar, IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Problem } from '../editor/CodeEditor';
import type { KnownField } from '../lib/complete';
import { filterParts, likeField, removeFilter, type Filter } from '../lib/filters';
import { stages } from '../lib/insight';
import type { ResolvedRange } from '../lib/timeRange';
import type { ExploreState } from '../lib/urlState';
import { visibleText } from '../lib/visible';
import classes from './SearchBar.module.css';
import { SavedMenu } from './SavedMenu';
import { SearchField } from './SearchField';
import { change, changeQuery } from './store';

const InsightEditor = lazy(() => import('./insight/InsightEditor'));

interface SearchBarProps {
  state: ExploreState;
  /** The fields of what is shown, as the field list names them. */
  fields: readonly KnownField[];
  columns: string[];
  range: ResolvedRange | null;
  busy: boolean;
  /** What was wrong with the query when it ran. */
  failed: Problem | null;
  sidebarShown: boolean;
  onToggleSidebar: () => void;
}

/** The search field or the editor of queries, and the conditions that are in force. */
export function SearchBar(props: SearchBarProps) {
  const { state, fields, columns, range, busy, failed, sidebarShown, onToggleSidebar } = props;
  const { q, query, filters } = state;
  return (
    <div className={classes.bar} role="search">
      <div className={classes.line}>
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
        <ModeSwitch state={state} />
        {query === null ? (
          <SearchField key={q} q={q} filters={filters} fields={fields} range={range} />
        ) : (
          <Suspense fallback={<Skeleton height={36} radius="sm" />}>
            <InsightEditor query={query} fields={fields} busy={busy} failed={failed} />
          </Suspense>
        )}
        <SavedMenu state={state} columns={columns} range={range} />
      </div>
      {filters.length > 0 && <Chips filters={filters} />}
    </div>
  );
}

const modes = [
  { query: false, label: 'Search', title: 'Words and field:value (i)' },
  { query: true, label: 'Insights', title: 'A query of stages: filter, parse, stats … (i)' },
];

function ModeSwitch({ state }: { state: ExploreState }) {
  const inQuery = state.query !== null;
  return (
    <Group gap={0} wrap="nowrap" className={classes.modes} role="group" aria-label="How to ask">
      {modes.map(({ query, label, title }) => (
        <button
          key={label}
          type="button"
          aria-pressed={query === inQuery}
          title={title}
          onClick={() => {
            if (query !== inQuery) switchMode(state);
          }}
        >
          {label}
        </button>
      ))}
    </Group>
  );
}

const firstQuery = 'fields @timestamp, level, source, @message';

/** From the search bar to the editor and back; the words of a search go with it. */
export function switchMode(state: ExploreState): void {
  if (state.query === null) {
    const search = state.q.trim() === '' ? '' : `search ${state.q.trim()}\n| `;
    changeQuery(search + firstQuery, '');
  } else {
    changeQuery(null, searchOfQuery(state.query));
  }
}

/** The search that a query begins with, as it stands in the search bar. */
function searchOfQuery(query: string): string {
  const first = stages(query)[0];
  if (first?.word !== 'search' || !first.tokens[0]) return '';
  return query.slice(first.tokens[0].from, first.to).trim();
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
      {name === likeField ? 'message like' : `${visibleText(name)}:`}
    </>
  );
}
