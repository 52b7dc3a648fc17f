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
  /** What the button does; by default it tries again. */
  action?: string;
}

/** What went wrong, in words for who reads a page and not the API's documentation. */
export function plainMessage(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.status === 429) {
    const seconds = Math.ceil(error.retryAfterMillis / 1000);
    return `You ask more often than your limit allows. Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`;
  }
  if (/^q: the quote at character \d+ is not closed/.test(error.message)) {
    return 'The search has a quote that is not closed: put " at the end of the phrase.';
  }
  // The position counts words that the page put before what was typed.
  return error.message.replace(/^query: \d+:\d+: /, '');
}

/** What the server says went wrong, and a way to try again. */
export function ErrorPanel(props: ErrorPanelProps) {
  const { error, onRetry, compact = false, title, action = 'Try again' } = props;
  const status = error instanceof ApiError && error.status > 0 ? error.status : null;
  const unreachable = error instanceof ApiError && error.status === 0;
  const heading = title ?? (unreachable ? 'No connection' : 'The query failed');
  const code = error instanceof ApiError ? error.code : null;
  return (
    <Stack role="alert" className={classes.panel} gap={8} data-compact={compact || undefined}>
      <IconAlertTriangle className={classes.icon} size={compact ? 18 : 28} aria-hidden />
      {!compact && <Text fw={600}>{heading}</Text>}
      <Text size="sm" className={classes.message}>
        {plainMessage(error)}
      </Text>
      {status && !compact && (
        <Text size="xs" className={classes.code}>
          {status} {code}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={onRetry} mt={4}>
        {action}
      </Button>
    </Stack>
  );
}
