import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetchValues } from '../api';
import { findField, type KnownField } from '../lib/complete';
import type { ResolvedRange } from '../lib/timeRange';

const debounceMillis = 40;

interface Wanted {
  field: string;
  prefix: string;
}

/**
 * The fields, with the values of one of them that begin with what was typed: those in the list of
 * fields at once, and the rarer ones when the server has found them.
 */
export function useMoreValues(
  wanted: Wanted | null,
  fields: readonly KnownField[],
  range: ResolvedRange | null,
): readonly KnownField[] {
  const [settled] = useDebouncedValue(wanted, debounceMillis);
  const field = settled ? findField(fields, settled.field) : undefined;
  const prefix = settled?.prefix ?? '';
  const rare = field !== undefined && prefix !== '' && field.distinct > field.values.length;
  const found = useQuery({
    queryKey: ['values', field?.name, prefix, range],
    queryFn: ({ signal }) => {
      if (!field || !range) throw new Error('BUG: values of no field');
      return fetchValues(field.name, prefix, range, signal);
    },
    enabled: rare && range !== null,
    retry: false,
  });
  return useMemo(() => {
    const more = found.data;
    if (!field || !more || more.length === 0) return fields;
    const seen = new Set(field.values.map(({ value }) => value));
    const values = [...field.values, ...more.filter(({ value }) => !seen.has(value))];
    return fields.map((one) => (one === field ? { ...field, values } : one));
  }, [fields, field, found.data]);
}
