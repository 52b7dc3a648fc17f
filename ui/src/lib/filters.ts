/** One condition `field = value`; several of one field are alternatives. */
export interface Filter {
  /** `source`, `level`, `event_type`, `trace_id` or `tag.KEY`. */
  field: string;
  value: string;
}

const plainFields = ['source', 'level', 'event_type', 'trace_id', 'span_id'];

/** Whether the API takes a condition on this field. */
export function isFilterField(field: string): boolean {
  return plainFields.includes(field) || field.startsWith('tag.');
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

/** Adds a word to the search field, quoted when it has more than letters and digits. */
export function addSearchTerm(q: string, value: string): string {
  const term = /^[\p{L}\p{N}]+$/u.test(value) ? value : `"${value.replaceAll('"', ' ').trim()}"`;
  const words = q.trim();
  if (words === '') return term;
  return words.includes(term) ? words : `${words} ${term}`;
}

function sameFilter(left: Filter, right: Filter): boolean {
  return left.field === right.field && left.value === right.value;
}
