import { takeAsked } from '../first/asked';
import { parseJson } from '../lib/exactJson';

/** What the server, or the way to it, says went wrong. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: unknown = null,
    /** How long to wait before asking again. */
    readonly retryAfterMillis = 1000,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/* By how much the server's clock is ahead of the browser's; small differences are transfer time. */
let clockAheadMillis = 0;
const clockToleranceMillis = 2000;

/** Now, by the server's clock. */
export function serverNowMillis(): number {
  return Date.now() + clockAheadMillis;
}

export function get<T>(path: string, params?: URLSearchParams, signal?: AbortSignal): Promise<T> {
  const query = params?.toString() ?? '';
  return request<T>(query === '' ? path : `${path}?${query}`, { signal: signal ?? null });
}

/** For answers that are no JSON. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(path, { credentials: 'same-origin', signal: signal ?? null });
  if (!response.ok) throw readError(response, await response.text());
  return response.text();
}

export function post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return send<T>('POST', path, body ?? {}, signal);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return send<T>('PUT', path, body);
}

export function remove<T>(path: string): Promise<T> {
  return request<T>(path, { method: 'DELETE' });
}

/** A form, as the HTTP API of Prometheus takes long queries. */
export function postForm<T>(path: string, form: URLSearchParams, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { method: 'POST', signal: signal ?? null, body: form });
}

/** For answers that say something with a status that is an error elsewhere. */
export function getWhateverStatus<T>(
  path: string,
  statuses: readonly number[],
  signal?: AbortSignal,
): Promise<T> {
  return request<T>(path, { signal: signal ?? null }, statuses);
}

function send<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, {
    method,
    signal: signal ?? null,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The address of a WebSocket on this server. */
export function socketUrl(path: string, params: URLSearchParams): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = params.toString();
  return url.toString();
}

async function request<T>(
  path: string,
  init: RequestInit,
  good: readonly number[] = [],
): Promise<T> {
  const asked = init.method === undefined ? takeAsked(path) : undefined;
  const answer = asked ?? fetch(path, { credentials: 'same-origin', ...init });
  const response = await answer.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(
      0,
      'UNREACHABLE',
      'Belfry does not answer. Is it running, and is the network up?',
    );
  });
  readClock(response);
  const text = await response.text();
  if (!response.ok && !good.includes(response.status)) throw readError(response, text);
  return (text === '' ? undefined : parseJson(text)) as T;
}

function readError(response: Response, text: string): ApiError {
  const { status } = response;
  const waitMillis = Number(response.headers.get('retry-after') ?? 1) * 1000 || 1000;
  try {
    const { error, errorType } = JSON.parse(text) as {
      error?: string | { code?: string; message?: string; details?: unknown };
      errorType?: string;
    };
    if (typeof error === 'string') {
      // As the HTTP API of Prometheus says it.
      return new ApiError(status, errorType ?? String(status), error, null, waitMillis);
    }
    if (error?.message) {
      const code = error.code ?? String(status);
      return new ApiError(status, code, error.message, error.details, waitMillis);
    }
  } catch {
    // Not the server's envelope: a proxy in between, perhaps. Its status is all there is.
  }
  const message = `The server answered with status ${status}.`;
  return new ApiError(status, String(status), message, null, waitMillis);
}

function readClock(response: Response): void {
  const serverMillis = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(serverMillis)) return;
  const aheadMillis = serverMillis - Date.now();
  clockAheadMillis = Math.abs(aheadMillis) > clockToleranceMillis ? aheadMillis : 0;
}
