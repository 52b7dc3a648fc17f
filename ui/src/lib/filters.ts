/** One condition `field = value`; several of one field are alternatives. */
export interface Filter {
  /**
   * `source`, `level`, `event_type`, `trace_id`, `tag.KEY`, `payload.KEY`, or `like` for messages of
   * a template; `not.` before it excludes.
   */
  field: string;
  value: string;
}

/** The field of conditions on messages: `%` stands for anything. */
export const likeField = 'like';

/** Whether it asks for messages of a template, which only the query language can. */
export function isLike(filter: Filter): boolean {
  return filterParts(filter.field).name === likeField;
}

const plainFields = ['source', 'level', 'event_type', 'trace_id', likeField];

/** Whether a condition on this field can be in the URL. */
export function isFilterField(field: string): boolean {
  const plain = field.replace(/^not\./, '');
  return plainFields.includes(plain) || /^(tag|payload)\../.test(plain);
}

/** The field without `not.`, and whether it had one. */
export function filterParts(field: string): { name: string; excludes: boolean } {
  return field.startsWith('not.')
    ? { name: field.slice('not.'.length), excludes: true }
    : { name: field, excludes: false };
}

/** Leaves out what has this value, instead of asking for it. */
export function excludeFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  const others = removeFilter(filters, filter);
  return addFilter(others, { field: `not.${filter.field}`, value: filter.value });
}

/** Asks for this value, instead of leaving it out. */
export function includeFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  const others = removeFilter(filters, { field: `not.${filter.field}`, value: filter.value });
  return addFilter(others, filter);
}

/** The filter of a field as the field list names it: `tags.host` is asked for as `tag.host`. */
export function filterField(name: string): string | null {
  if (name.startsWith('tags.')) return `tag.${name.slice('tags.'.length)}`;
  return isFilterField(name) ? name : null;
}

export function hasFilter(filters: readonly Filter[], filter: Filter): boolean {
  return filters.some((other) => sameFilter(other, filter));
}

export function addFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  return hasFilter(filters, filter) ? [...filters] : [...filters, filter];
}

export function removeFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  return filters.filter((other) => !sameFilter(other, filter));
}

export function toggleFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  return hasFilter(filters, filter) ? removeFilter(filters, filter) : addFilter(filters, filter);
}

function sameFilter(left: Filter, right: Filter): boolean {
  return left.field === right.field && left.value === right.value;
}
