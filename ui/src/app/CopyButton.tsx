import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, type Icon } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from './clipboard';

interface CopyButtonProps {
  /** Read when pressed, so that a large text is not made for nothing. */
  text: () => string;
  label: string;
  icon?: Icon;
  size?: number;
}

/** Copies a text and shows for a moment that it did. */
export function CopyButton({ text, label, icon: IdleIcon = IconCopy, size = 24 }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Shown = copied ? IconCheck : IdleIcon;
  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon
        variant="subtle"
        color={copied ? 'green' : 'gray'}
        size={size}
        aria-label={label}
        onClick={() => void copyText(text()).then(setCopied)}
      >
        <Shown size={Math.round(size * 0.6)} />
      </ActionIcon>
    </Tooltip>
  );
}
