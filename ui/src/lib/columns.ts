import type { BelfryEvent } from '../api';
import { formatJson } from './exactJson';
import { leafText } from './flatten';

/*
 * A column of the list is named as the list of fields names its field: source, level, trace_id,
 * tags.KEY, payload.PATH. The time stands before all of them.
 */

export const defaultColumns = ['level', 'source', 'message'];

/** The value of a column as text; empty where the event has none. */
export function columnText(event: BelfryEvent, column: string): string {
  if (column === 'message') return messageText(event);
  const value = columnValue(event, column);
  return value === null || value === undefined ? '' : leafText(value);
}

function columnValue(event: BelfryEvent, column: string): unknown {
  if (column.startsWith('tags.')) return member(event.tags, column.slice('tags.'.length));
  if (column.startsWith('payload.')) return member(event.payload, column.slice('payload.'.length));
  return (event as unknown as Record<string, unknown>)[column];
}

/** What an object has under a name, or at a path of names; a name with dots comes first. */
function member(object: Record<string, unknown>, path: string): unknown {
  if (path in object) return object[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const inner = object[path.slice(0, dot)];
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) {
      const found = member(inner as Record<string, unknown>, path.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The message, or the payload where there is none. */
export function messageText(event: BelfryEvent): string {
  if (event.message) return event.message;
  const payload = formatJson(event.payload);
  return payload === '{}' ? formatJson(event.tags) : payload;
}

/** How a column is called at its head. */
export function columnLabel(column: string): string {
  const label = column.replace(/^(tags|payload)\./, '');
  return label === column
    ? label.charAt(0).toUpperCase() + label.slice(1).replaceAll('_', ' ')
    : label;
}

const widths: Record<string, string> = {
  level: '74px',
  source: 'minmax(80px, 150px)',
  message: 'minmax(120px, 1fr)',
  event_type: '84px',
  trace_id: '250px',
  span_id: '140px',
};

/** The widths of the list's columns, the time first. */
export function columnTemplate(columns: readonly string[]): string {
  const others = columns.map((column) => widths[column] ?? 'minmax(70px, 170px)');
  if (!columns.includes('message')) others.splice(-1, 1, 'minmax(120px, 1fr)');
  return ['182px', ...others].join(' ');
}

/** The columns with one of them at another place. */
export function moveColumn(columns: readonly string[], column: string, to: number): string[] {
  const rest = columns.filter((name) => name !== column);
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, column);
  return rest;
}

/** The columns with one more; before the message, which is the widest. */
export function addColumn(columns: readonly string[], column: string): string[] {
  if (columns.includes(column)) return [...columns];
  const message = columns.indexOf('message');
  return moveColumn([...columns, column], column, message < 0 ? columns.length : message);
}

export function removeColumn(columns: readonly string[], column: string): string[] {
  return columns.filter((name) => name !== column);
}
