import type { ComparedField, ComparedValue } from '../api';
import { filterField, includeFilter, likeField, type Filter } from '../lib/filters';
import { leafText } from '../lib/flatten';
import { formatCompact, formatCount } from '../lib/format';
import { clipText, visibleText } from '../lib/visible';
import classes from './ComparePane.module.css';
import { percent, Template } from './PatternsPane';
import { change } from './store';

interface CompareFieldsProps {
  fields: ComparedField[];
  filters: Filter[];
}

/* What a card has room for; the most different stand first. */
const valuesMax = 6;

/** The fields that differ, a card each: how often a value is on both sides; a click filters. */
export function CompareFields({ fields, filters }: CompareFieldsProps) {
  return (
    <ol className={classes.fields} aria-label="Differences">
      {fields.map((field) => (
        <li
          key={`${field.kind} ${field.field}`}
          className={classes.card}
          data-wide={field.kind === 'template' || undefined}
        >
          <h3 className={classes.head}>
            {field.kind === 'template' ? 'Message pattern' : visibleText(field.field)}
            {field.kind !== 'template' && <span>{field.kind}</span>}
            <span className={classes.score} title="0: no sure difference, 1: nothing in common">
              {field.score.toFixed(2)}
            </span>
          </h3>
          <ul className={classes.values}>
            {field.values.slice(0, valuesMax).map((value, at) => (
              <Value key={at} field={field} value={value} filters={filters} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

interface ValueProps {
  field: ComparedField;
  value: ComparedValue;
  filters: Filter[];
}

function Value({ field, value, filters }: ValueProps) {
  const filter = filterOf(field, value);
  const [here, there] = [value.selection_share, value.baseline_share];
  const name = valueName(value);
  return (
    <li>
      <button
        type="button"
        className={classes.value}
        disabled={filter === null}
        title={`${name}: ${formatCount(value.selection)} here, ${formatCount(value.baseline)} there`}
        aria-label={`${name}: ${percent(here)} of the part, ${percent(there)} of the others${filter ? '; filter for it' : ''}`}
        onClick={() => {
          if (filter) change({ filters: includeFilter(filters, filter), tab: 'events' });
        }}
      >
        <span className={classes.name}>
          {field.kind === 'template' && typeof value.value === 'string' ? (
            <Template text={value.value} />
          ) : (
            name
          )}
        </span>
        <span className={classes.bars} aria-hidden>
          <span className={classes.bar} style={{ width: `${here * 100}%` }} />
          <span className={classes.bar} data-side="baseline" style={{ width: `${there * 100}%` }} />
        </span>
        <span className={classes.shares}>
          <b>{percent(here)}</b>
          {percent(there)}
        </span>
      </button>
    </li>
  );
}

function valueName({ value, from, to }: ComparedValue): string {
  if (from !== undefined) {
    const low = formatCompact(from);
    return to === undefined ? `from ${low}` : `${low} to ${formatCompact(to)}`;
  }
  if (value === null) return '(without it)';
  return visibleText(clipText(leafText(value), 300)) || '(empty)';
}

/** The filter of a value; null where none can say it: ranges, and events without the field. */
function filterOf(field: ComparedField, { value, from, like }: ComparedValue): Filter | null {
  if (like !== undefined) return { field: likeField, value: like };
  if (value === null || from !== undefined || field.kind === 'template') return null;
  const prefix = { column: '', tag: 'tags.', payload: 'payload.' }[field.kind];
  const named = field.field.startsWith(prefix) ? field.field : `${prefix}${field.field}`;
  const name = filterField(named);
  return name === null ? null : { field: name, value: leafText(value) };
}
