import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlignLeft, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatQuery } from '../../api';
import { CodeEditor, type Problem } from '../../editor/CodeEditor';
import type { KnownField } from '../../lib/complete';
import { change, refresh } from '../store';
import classes from './InsightEditor.module.css';
import { completeInsight, insightColors } from './language';
import { problemOf } from './problem';

interface InsightEditorProps {
  query: string;
  fields: readonly KnownField[];
  busy: boolean;
  /** What the server said of the query when it ran. */
  failed: Problem | null;
}

const checkMillis = 350;

/** The editor of the query language; Enter runs what stands in it. */
export default function InsightEditor({ query, fields, busy, failed }: InsightEditorProps) {
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  if (query !== seen) {
    // It came from elsewhere: history, a saved query.
    setSeen(query);
    setText(query);
  }
  const [settled] = useDebouncedValue(text, checkMillis);
  const changed = text !== query;
  const check = useQuery({
    queryKey: ['check', settled],
    queryFn: ({ signal }) => formatQuery(settled, signal),
    enabled: settled.trim() !== '',
    retry: false,
    gcTime: 10_000,
  });
  const wrong = settled === text && settled.trim() !== '' ? problemOf(check.error, text) : null;
  const problem = wrong ?? (changed ? null : failed);
  const run = () => {
    if (changed) change({ query: text, sort: null });
    else refresh();
  };
  const formatting = useMutation({
    mutationFn: (query: string) => formatQuery(query),
    onSuccess: setText,
  });
  const format = () => formatting.mutate(text);
  return (
    <div className={classes.frame}>
      <div className={classes.editor}>
        <CodeEditor
          id="query"
          label="Query"
          placeholder='filter level = "error" | stats count() by source'
          value={text}
          language={insightColors}
          complete={(context) => completeInsight(context, fields)}
          problem={problem}
          onChange={setText}
          onRun={run}
          keys={{ 'Shift-Alt-f': format }}
        />
        {problem && (
          <p className={classes.problem} role="alert">
            {problem.message}
          </p>
        )}
      </div>
      <Group gap={6} wrap="nowrap" className={classes.buttons}>
        <Tooltip label="Format (Shift+Alt+F)">
          <ActionIcon variant="default" size={36} aria-label="Format the query" onClick={format}>
            <IconAlignLeft size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Run (Enter)">
          <Button
            size="sm"
            loading={busy}
            variant={changed ? 'filled' : 'default'}
            leftSection={<IconPlayerPlayFilled size={12} />}
            onClick={run}
          >
            Run
          </Button>
        </Tooltip>
      </Group>
    </div>
  );
}
