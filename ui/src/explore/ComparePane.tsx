import { Anchor, Button, SegmentedControl, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { compareEvents } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { formatCount } from '../lib/format';
import { describeRange, resolveRange, type ResolvedRange } from '../lib/timeRange';
import { conditionParams, type Part } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import { CompareFields } from './CompareFields';
import classes from './ComparePane.module.css';
import { Cost } from './Cost';
import { EventListLoading } from './EventList';
import line from './StatusLine.module.css';
import { change, type View } from './store';

interface ComparePaneProps {
  view: View;
  range: ResolvedRange | null | undefined;
  utc: boolean;
}

/** How a part of the events differs from the rest: every field and template, ranked. */
export default function ComparePane({ view, range, utc }: ComparePaneProps) {
  const { state } = view;
  const { part, baseline } = state;
  const conditions = conditionParams(state).toString();
  const selection = selectionOf(part, view.nowMillis, utc);
  const query = useQuery({
    queryKey: ['compare', conditions, range, selection, baseline],
    queryFn: ({ signal }) => {
      if (!range || !selection) throw new Error('BUG: a comparison without its sides');
      return compareEvents({ conditions, range, selection, baseline }, signal);
    },
    enabled: !!range && selection !== null,
    placeholderData: keepPreviousData,
  });
  if (!part || !selection) return <Choose />;
  const { data } = query;
  // A score of 0 says that what differs may be chance.
  const fields = data?.data.fields.filter(({ score }) => score >= 0.005) ?? [];
  return (
    <>
      <div className={classes.sides}>
        <span className={classes.side} data-side="selection">
          <i aria-hidden /> <b>{partLabel(part, utc)}</b>
          {data && ` ${formatCount(data.data.selection.count)} events`}
        </span>
        <span className={classes.side} data-side="baseline">
          <i aria-hidden /> against
          <SegmentedControl
            size="xs"
            aria-label="Compare with"
            data={[
              { value: 'rest', label: 'the rest' },
              { value: 'before', label: 'the time before' },
            ]}
            value={baseline}
            onChange={(value) => change({ baseline: value === 'before' ? 'before' : 'rest' })}
          />
          {data && ` ${formatCount(data.data.baseline.count)} events`}
        </span>
        <Anchor component="button" size="xs" onClick={() => change({ part: null })}>
          Choose another part
        </Anchor>
      </div>
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {!data && !query.isError && <EventListLoading />}
      {data && !query.isError && (
        <>
          <div className={line.line}>
            <Cost
              busy={query.isFetching}
              statistics={data.statistics}
              found={
                <>
                  <b>{formatCount(fields.length)}</b>{' '}
                  {fields.length === 1 ? 'field differs' : 'fields differ'}
                </>
              }
            >
              {data.data.sampled && <span>counts are estimates from a sample</span>}
            </Cost>
          </div>
          {fields.length === 0 ? (
            <Text size="sm" c="var(--ink-dim)" ta="center" p="30px 20px">
              {data.data.selection.count === 0 || data.data.baseline.count === 0
                ? 'One side has no events: choose another part, or another baseline.'
                : 'Nothing differs that is more than chance.'}
            </Text>
          ) : (
            <CompareFields fields={fields} filters={state.filters} />
          )}
        </>
      )}
    </>
  );
}

function Choose() {
  const [text, setText] = useState('');
  return (
    <div className={classes.choose}>
      <Text fw={600}>What is different about a part of these events?</Text>
      <Text size="sm" c="var(--ink-dim)">
        Drag over a part of the histogram above, such as a peak, or say which events are meant.
        Every field, tag and message pattern is then ranked by how much it differs.
      </Text>
      <form
        className={classes.form}
        onSubmit={(submit) => {
          submit.preventDefault();
          if (text.trim() !== '') change({ part: { kind: 'search', search: text.trim() } });
        }}
      >
        <TextInput
          size="xs"
          aria-label="Events to compare"
          placeholder="level:error"
          value={text}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={text.trim() === ''}>
          Compare
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => change({ part: { kind: 'search', search: 'level:(error OR fatal)' } })}
        >
          Errors with the rest
        </Button>
      </form>
    </div>
  );
}

function selectionOf(
  part: Part | null,
  nowMillis: number,
  utc: boolean,
): ResolvedRange | { search: string } | null {
  if (!part) return null;
  if (part.kind === 'search') return { search: part.search };
  return resolveRange(part.range, nowMillis, utc);
}

function partLabel(part: Part, utc: boolean): string {
  if (part.kind === 'search') return visibleText(clipText(part.search, 120));
  return describeRange(part.range, utc);
}
