import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '../app/Logo';
import classes from './Header.module.css';
import { SchemeToggle } from './SchemeToggle';
import { UserMenu } from './UserMenu';

interface HeaderProps {
  title: string;
  /** What belongs to the page: its time range, say. */
  children?: ReactNode;
  /** What stands beside the account. */
  tools?: ReactNode;
}

/** The bar above every page: where one is, which time is shown, who one is. */
export function Header({ title, children, tools }: HeaderProps) {
  return (
    <header className={classes.header}>
      <span className={classes.brand}>
        <Logo size={22} />
      </span>
      <h1 className={classes.title}>{title}</h1>
      {children && <div className={classes.time}>{children}</div>}
      <Group className={classes.tools} gap={6} wrap="nowrap">
        {tools}
        <SchemeToggle />
        <UserMenu />
      </Group>
    </header>
  );
}
