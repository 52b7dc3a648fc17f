import { syntaxTree, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, type EditorView } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { functionIdentifierTerms } from '@prometheus-io/codemirror-promql/dist/esm/complete/promql.terms';
import { visibleText } from '../lib/visible';
import type { FamilyMetadata } from './api';

/* The language for the editor: its colours, what may stand at the cursor (asked of the server), what is wrong,
 * and what the word below the pointer means. */

export type Families = Record<string, FamilyMetadata[]>;

/**
 * PromQL with completion from this server; `families` says what metrics mean, `onRefused` is called when the server does
 * not know who asks.
 */
export function promqlLanguage(families: () => Families, onRefused: () => void): Extension {
  const language = new PromQLExtension().setComplete({
    remote: {
      url: '',
      httpMethod: 'POST',
      lookbackInterval: 12 * 3_600_000,
      fetchFn: async (input, init) => {
        const response = await fetch(input, { ...init, credentials: 'same-origin' });
        if (response.status === 401) onRefused();
        return response;
      },
    },
    maxMetricsMetadata: 10_000,
  });
  return [language.asExtension(), syntaxHighlighting(classHighlighter), hoverHelp(families)];
}

function hoverHelp(families: () => Families): Extension {
  return hoverTooltip(
    (view, position) => {
      const word = wordAt(view, position);
      const help = word && helpOf(word.text, families());
      if (!help) return null;
      return {
        pos: word.from,
        end: word.to,
        above: true,
        create: () => ({ dom: card(help) }),
      };
    },
    { hoverTime: 250 },
  );
}

interface Help {
  title: string;
  detail: string;
  text: string;
}

function wordAt(view: EditorView, position: number) {
  const node = syntaxTree(view.state).resolveInner(position, 0);
  const { from, to } = node;
  if (to - from > 200 || to === from) return null;
  return { from, to, text: view.state.sliceDoc(from, to).replace(/^["']|["']$/g, '') };
}

function helpOf(word: string, families: Families): Help | null {
  const term = functionIdentifierTerms.find(({ label }) => label === word);
  if (term) return { title: word, detail: term.detail, text: term.info };
  const family = word.replace(/_(bucket|sum|count|total)$/, '');
  const known = families[word]?.[0] ?? families[family]?.[0];
  if (!known) return null;
  return {
    title: word,
    detail: [known.type, known.unit].filter(Boolean).join(', '),
    text: known.help,
  };
}

function card({ title, detail, text }: Help): HTMLElement {
  const dom = document.createElement('div');
  dom.style.padding = '6px 9px';
  const head = document.createElement('div');
  const name = document.createElement('b');
  name.textContent = visibleText(title);
  const kind = document.createElement('span');
  kind.textContent = `  ${detail}`;
  kind.style.color = 'var(--ink-dim)';
  head.append(name, kind);
  const body = document.createElement('div');
  body.textContent = visibleText(text);
  dom.append(head, body);
  return dom;
}
