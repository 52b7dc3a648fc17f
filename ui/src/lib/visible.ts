/*
 * Log lines come from strangers. React writes them as text, so that they cannot be markup; what is
 * left are characters that change how the text beside them is shown: terminal escapes, controls, and
 * the marks that turn the writing direction (which make "exe.gpj" look like a picture). Those are
 * taken out or shown by name. What is copied is always the original.
 */

// Control sequences (colours, cursor), operating system commands (titles, links), other escapes.
const terminalEscapes =
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[PX^_][^\u001b]*\u001b\\|\u001b(?![[\]PX^_])[ -/]*[0-~]/g;

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const suspicious =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The text without terminal escapes, with controls and direction marks made visible. */
export function visibleText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(terminalEscapes, '')
    .replace(/\r(?=\n|$)/g, '')
    .replace(controls, named)
    .replace(directionMarks, named);
}

/** At most `charsMax` of the text, not cutting a character in two. */
export function clipText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, half ? charsMax - 1 : charsMax)}…`;
}

/** The first line that says something, and how many more lines there are. */
export function firstLine(text: string): { first: string; more: number } {
  const lines = text.trimEnd().split(/\r?\n|[\u2028\u2029]/);
  const at = Math.max(
    0,
    lines.findIndex((line) => line.trim() !== ''),
  );
  return { first: lines[at] ?? '', more: lines.length - 1 };
}

/* Their own pictures (␀, ␇) are missing in many fonts. */
function named(character: string): string {
  return `⟨${codeOf(character)}⟩`;
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
