import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';

/** Keeps a page that fails from taking the navigation with it. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    // A part of the page that a newer release has replaced is no longer there: only a reload helps.
    return <ErrorPanel title="This page failed" error={error} onRetry={() => location.reload()} />;
  }
}
