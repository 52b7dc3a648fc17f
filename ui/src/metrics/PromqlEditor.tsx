import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { endSession } from '../auth/session';
import { CodeEditor, type Problem } from '../editor/CodeEditor';
import { fetchMetadata } from './api';
import { promqlLanguage, type Families } from './promql';

interface PromqlEditorProps {
  label: string;
  value: string;
  problem: Problem | null;
  onChange: (text: string) => void;
  onRun: () => void;
  onFormat: () => void;
}

const noFamilies: Families = {};

/** A field for PromQL: colours, completion with this server's names, mistakes underlined, help below the pointer. */
export default function PromqlEditor(props: PromqlEditorProps) {
  const client = useQueryClient();
  useQuery({
    queryKey: ['metricMetadata'],
    queryFn: ({ signal }) => fetchMetadata(signal),
    staleTime: 60_000,
  });
  const language = useMemo(
    () =>
      promqlLanguage(
        () => client.getQueryData<Families>(['metricMetadata']) ?? noFamilies,
        () => endSession(client),
      ),
    [client],
  );
  const { onFormat, ...rest } = props;
  return (
    <CodeEditor
      {...rest}
      placeholder="sum by (job) (rate(http_requests_total[5m]))"
      language={language}
      keys={{ 'Shift-Alt-f': onFormat }}
    />
  );
}
