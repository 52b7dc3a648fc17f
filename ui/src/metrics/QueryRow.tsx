import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { IconAlignLeft, IconEye, IconEyeOff, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Problem } from '../editor/CodeEditor';
import { visibleText } from '../lib/visible';
import type { MetricQuery } from '../lib/metricsUrl';
import { formatPromql } from './api';
import classes from './MetricsPage.module.css';
import type { Asked } from './data';
import { changeQuery, refresh, removeQuery } from './store';

const PromqlEditor = lazy(() => import('./PromqlEditor'));

interface QueryRowProps {
  position: number;
  query: MetricQuery;
  asked: Asked;
  /** Whether it is the only one. */
  only: boolean;
}

/** One query: its editor, what went wrong with it, and whether it is drawn. */
export function QueryRow({ position, query, asked, only }: QueryRowProps) {
  const [text, setText] = useState(query.text);
  const [seen, setSeen] = useState(query.text);
  if (query.text !== seen) {
    // It came from elsewhere: history, the catalogue.
    setSeen(query.text);
    setText(query.text);
  }
  const changed = text !== query.text;
  const run = () => {
    if (changed) changeQuery(query.key, { text, shown: true });
    else refresh();
  };
  const formatting = useMutation({ mutationFn: formatPromql, onSuccess: setText });
  const format = () => formatting.mutate(text);
  const problem = changed ? null : problemOf(asked.error, query.text);
  const name = `Query ${position + 1}`;
  return (
    <div className={classes.query} data-off={!query.shown || undefined}>
      <div className={classes.field}>
        <Suspense fallback={<div className={classes.editorWaiting} />}>
          <PromqlEditor
            label={name}
            value={text}
            problem={problem}
            onChange={setText}
            onRun={run}
            onFormat={format}
          />
        </Suspense>
        {asked.error && !changed && (
          <p className={classes.problem} role="alert">
            {visibleText(asked.error.message)}
          </p>
        )}
        {asked.notes.map((note) => (
          <p key={note} className={classes.note}>
            {visibleText(note)}
          </p>
        ))}
      </div>
      <div className={classes.queryButtons}>
        {asked.busy && <Loader size={14} aria-label={`${name} runs`} />}
        <Tooltip label="Format (Shift+Alt+F)">
          <ActionIcon variant="subtle" color="gray" aria-label={`Format ${name}`} onClick={format}>
            <IconAlignLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={query.shown ? 'Hide' : 'Show'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Show ${name}`}
            aria-pressed={query.shown}
            onClick={() => changeQuery(query.key, { shown: !query.shown })}
          >
            {query.shown ? <IconEye size={16} /> : <IconEyeOff size={16} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={only ? 'Clear' : 'Remove'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${only ? 'Clear' : 'Remove'} ${name}`}
            onClick={() => removeQuery(query.key)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}

const place = /^(?:invalid parameter "query": )?(\d+):(\d+): /;

/** Where the server found the mistake, when it says so. */
function problemOf(error: Error | null, text: string): Problem | null {
  const found = error && place.exec(error.message);
  if (!found) return null;
  const lines = text.split('\n');
  const line = Math.min(Number(found[1]), lines.length) - 1;
  const before = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  const from = Math.min(before + Number(found[2]) - 1, text.length);
  return { from, to: from + 1, message: error.message.slice(found[0].length) };
}
