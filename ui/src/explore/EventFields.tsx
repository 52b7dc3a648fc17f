import {
  IconColumnInsertRight,
  IconColumnRemove,
  IconFilter,
  IconFilterOff,
  IconFilterSearch,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { BelfryEvent } from '../api';
import { CopyButton } from '../app/CopyButton';
import { addColumn, removeColumn } from '../lib/columns';
import { excludeFilter, filterField, includeFilter, type Filter } from '../lib/filters';
import { flatten, leafText, type Leaf } from '../lib/flatten';
import { clipText, visibleText } from '../lib/visible';
import classes from './EventDetails.module.css';

/** What can be done with a field of an event. */
export interface FieldActions {
  filters: Filter[];
  columns: string[];
  onFilters: (filters: Filter[]) => void;
  /** Everything with this value, and no other condition. */
  onOnly: (filter: Filter) => void;
  /** Absent where there is no list. */
  onColumns?: (columns: string[]) => void;
}

/** Every tag, every member of the payload and every column of an event. */
export function EventFields({ event, ...actions }: FieldActions & { event: BelfryEvent }) {
  return (
    <>
      <Leaves title="Tags" prefix="tags." leaves={flatten(event.tags)} actions={actions} />
      <Leaves title="Payload" prefix="payload." leaves={flatten(event.payload)} actions={actions} />
      <Leaves title="Event" prefix="" leaves={ownFields(event)} actions={actions} />
    </>
  );
}

interface LeavesProps {
  title: string;
  prefix: string;
  leaves: Leaf[];
  actions: FieldActions;
}

function Leaves({ title, prefix, leaves, actions }: LeavesProps) {
  if (leaves.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      <dl className={classes.leaves}>
        {leaves.map((leaf) => (
          <LeafRow key={leaf.path} name={prefix + leaf.path} leaf={leaf} actions={actions} />
        ))}
      </dl>
    </section>
  );
}

/* Longer ones make a URL that no server takes. */
const valueCharsMax = 2000;
/* What a browser lays out at once without a pause. */
const shownCharsMax = 20_000;

function LeafRow({ name, leaf, actions }: { name: string; leaf: Leaf; actions: FieldActions }) {
  const { filters, columns, onFilters, onOnly, onColumns } = actions;
  const text = leafText(leaf.value);
  const field = filterField(name);
  const filterable =
    field !== null && text !== '' && text.length <= valueCharsMax && typeof leaf.value !== 'object';
  const filter = { field: field ?? '', value: text };
  const words = visibleText(`${field ?? name} = ${clipText(text, 80)}`);
  const isColumn = columns.includes(name);
  const shown = visibleText(clipText(leaf.path, 80));
  return (
    <div className={classes.leaf}>
      <dt title={visibleText(name)}>{visibleText(clipText(leaf.path, 200))}</dt>
      <dd>
        <span className={classes.text} data-type={leaf.value === null ? 'null' : typeof leaf.value}>
          {visibleText(clipText(text, shownCharsMax))}
        </span>
        <span className={classes.actions}>
          {filterable && (
            <>
              <LeafAction
                label={`Filter for ${words}`}
                icon={<IconFilter size={14} />}
                onPress={() => onFilters(includeFilter(filters, filter))}
              />
              <LeafAction
                label={`Filter out ${words}`}
                icon={<IconFilterOff size={14} />}
                onPress={() => onFilters(excludeFilter(filters, filter))}
              />
              <LeafAction
                label={`Everything with ${words}`}
                icon={<IconFilterSearch size={14} />}
                onPress={() => onOnly(filter)}
              />
            </>
          )}
          {onColumns && (
            <LeafAction
              label={isColumn ? `Remove the column ${shown}` : `Add the column ${shown}`}
              icon={isColumn ? <IconColumnRemove size={14} /> : <IconColumnInsertRight size={14} />}
              onPress={() =>
                onColumns(isColumn ? removeColumn(columns, name) : addColumn(columns, name))
              }
            />
          )}
          <CopyButton label={`Copy ${shown}`} text={() => text} />
        </span>
      </dd>
    </div>
  );
}

interface LeafActionProps {
  label: string;
  icon: ReactNode;
  onPress: () => void;
}

/* Plain, since an event may have hundreds of fields with five of them each. */
function LeafAction({ label, icon, onPress }: LeafActionProps) {
  return (
    <button
      type="button"
      className={classes.action}
      title={label}
      aria-label={label}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}

const shownElsewhere = ['message', 'tags', 'payload'];

/** The event's own columns, without what stands above and what is empty. */
function ownFields(event: BelfryEvent): Leaf[] {
  return Object.entries(event)
    .filter(([key, value]) => !shownElsewhere.includes(key) && value !== null && value !== '')
    .flatMap(([key, value]) => flatten(value, key));
}
