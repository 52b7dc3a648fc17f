import { Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api';
import classes from './ErrorPanel.module.css';

interface ErrorPanelProps {
  error: Error;
  onRetry: () => void;
  compact?: boolean;
  /** What failed; by default a query. */
  title?: string;
}

/** What the server says went wrong, and a way to try again. */
export function ErrorPanel({ error, onRetry, compact = false, title }: ErrorPanelProps) {
  const status = error instanceof ApiError && error.status > 0 ? error.status : null;
  const unreachable = error instanceof ApiError && error.status === 0;
  const heading = title ?? (unreachable ? 'No connection' : 'The query failed');
  const code = error instanceof ApiError ? error.code : null;
  return (
    <Stack role="alert" className={classes.panel} gap={8} data-compact={compact || undefined}>
      <IconAlertTriangle className={classes.icon} size={compact ? 18 : 28} aria-hidden />
      {!compact && <Text fw={600}>{heading}</Text>}
      <Text size="sm" className={classes.message}>
        {error.message}
      </Text>
      {status && !compact && (
        <Text size="xs" className={classes.code}>
          {status} {code}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={onRetry} mt={4}>
        Try again
      </Button>
    </Stack>
  );
}
