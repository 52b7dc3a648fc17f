import { Button, Group, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { BelfryEvent } from '../api';
import { CopyButton } from '../app/CopyButton';
import { formatJson } from '../lib/exactJson';
import type { Filter } from '../lib/filters';
import { formatAgo, formatCount } from '../lib/format';
import { formatTimestamp, parseInstant } from '../lib/instant';
import { clipText } from '../lib/visible';
import classes from './EventDetails.module.css';
import { EventFields, type FieldActions } from './EventFields';
import { Highlighted } from './Highlighted';
import { JsonView } from './JsonView';
import { SurroundingLines } from './SurroundingLines';

export interface EventBodyProps extends FieldActions {
  event: BelfryEvent;
  terms: string[];
  utc: boolean;
  nowMillis: number;
  /** Another event of the surrounding lines was chosen. */
  onOpen: (id: string) => void;
}

type Shown = 'fields' | 'lines' | 'json';

/** An event's message, its fields, the lines around it, and all of it as JSON. */
export function EventBody({ event, terms, utc, nowMillis, onOpen, ...actions }: EventBodyProps) {
  const [shown, setShown] = useState<Shown>('fields');
  const json = () => formatJson(event, 2);
  const instant = parseInstant(event.timestamp);
  return (
    <>
      <div className={classes.when}>
        {formatTimestamp(event.timestamp, { utc, detail: 'nanos' })} {utc ? 'UTC' : ''}
        {instant && <span> · {formatAgo(instant.epochMillis, nowMillis)}</span>}
      </div>
      {event.message && (
        <div className={classes.message}>
          <LongText key={event.id} text={event.message} terms={terms} />
          <CopyButton label="Copy the message" text={() => event.message ?? ''} />
        </div>
      )}
      <Related event={event} onOnly={actions.onOnly} />
      <Group justify="space-between" mt={14} mb={6}>
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: 'fields', label: 'Fields' },
            { value: 'lines', label: 'Surrounding lines' },
            { value: 'json', label: 'JSON' },
          ]}
          value={shown}
          onChange={(value) => setShown(value)}
        />
        <CopyButton label="Copy as JSON" text={json} size={26} />
      </Group>
      {shown === 'json' && <JsonView text={json()} />}
      {shown === 'lines' && <SurroundingLines event={event} utc={utc} onOpen={onOpen} />}
      {shown === 'fields' && <EventFields event={event} {...actions} />}
    </>
  );
}

const relatedTags =
  /^(?:.*[._-])?(?:request|trace|session|correlation|transaction|order|job|user)[._-]?id$/i;
const relatedMax = 5;

/** What else happened in the same request, trace or session: one click each. */
function Related({ event, onOnly }: Pick<EventBodyProps, 'event' | 'onOnly'>) {
  const found: Filter[] = [];
  if (event.trace_id) found.push({ field: 'trace_id', value: event.trace_id });
  for (const [place, members] of [
    ['tag', event.tags],
    ['payload', event.payload],
  ] as const) {
    for (const [name, value] of Object.entries(members)) {
      const plain = ['string', 'number', 'bigint'].includes(typeof value);
      if (plain && relatedTags.test(name) && String(value) !== '') {
        found.push({ field: `${place}.${name}`, value: String(value) });
      }
    }
  }
  if (found.length === 0) return null;
  return (
    <Group gap={6} mt={10} role="group" aria-label="Related events">
      {found.slice(0, relatedMax).map((filter) => (
        <Button
          key={filter.field}
          size="compact-xs"
          variant="default"
          title={`Show everything with ${filter.field} ${clipText(filter.value, 80)}`}
          onClick={() => onOnly(filter)}
        >
          Same {filter.field.replace(/^(tag|payload)\./, '')}
        </Button>
      ))}
    </Group>
  );
}

/* What a browser lays out at once without a pause. */
const messageCharsMax = 20_000;

function LongText({ text, terms }: { text: string; terms: string[] }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > messageCharsMax;
  return (
    // It scrolls, so that it must be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} aria-label="Message">
      <Highlighted text={cut ? clipText(text, messageCharsMax) : text} terms={terms} />
      {cut && (
        <Button size="compact-xs" variant="light" onClick={() => setWhole(true)}>
          Show all {formatCount(text.length)} characters
        </Button>
      )}
    </pre>
  );
}
