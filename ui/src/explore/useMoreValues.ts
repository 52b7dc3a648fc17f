import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { runQuery } from '../api';
import { findField, type KnownField } from '../lib/complete';
import { searchName } from '../lib/insight';
import type { ResolvedRange } from '../lib/timeRange';

const debounceMillis = 120;
const valuesMax = 50;

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
    queryFn: async ({ signal }) => {
      if (!field || !range) throw new Error('BUG: values of no field');
      const answer = await runQuery(valuesQuery(field.name, prefix), range, valuesMax, signal);
      return answer.data.rows.map(([value, count]) => ({ value, count: Number(count) }));
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

function valuesQuery(name: string, prefix: string): string {
  const escaped = prefix.replaceAll('*', '').replaceAll(/[^\p{L}\p{N}_]/gu, '\\$&');
  const search = `search ${searchName(name)}:${escaped}*`;
  return `${search} | stats count() as n by \`${name.replaceAll('`', '')}\` as value | sort n desc`;
}
