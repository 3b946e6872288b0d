import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { Problem } from '../../../engine/api/scenario-problem.ts';

interface EditorProps {
  readonly label: string;
  /** What stands in it at first; another text begins another editor, by its key. */
  readonly text: string;
  readonly problem: Problem | null;
  readonly onChange: (text: string) => void;
}

/** A text field for JSON. Tab leaves it, as it leaves every field. */
export function JsonEditor({ label, text, problem, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const first = useRef({ text, label, onChange });
  useEffect(() => {
    first.current.onChange = onChange;
  }, [onChange]);
  useEffect(() => {
    if (host.current === null) return;
    const { text: doc, label: name } = first.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          json(),
          syntaxHighlighting(COLOURS),
          THEME,
          EditorView.lineWrapping,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': name }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) first.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(setDiagnostics(editor.state, problem === null ? [] : [diagnosticOf(editor, problem)]));
  }, [problem]);
  return <div ref={host} onKeyDown={(event) => event.stopPropagation()} />;
}

/** The problem at its place: to the end of the line, for which a whole node stands. */
function diagnosticOf({ state }: EditorView, { message, line = 1, column = 1 }: Problem): Diagnostic {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const from = Math.min(at.from + column - 1, at.to);
  return { from, to: Math.max(from, at.to), severity: 'error', message };
}

/** Letters, not hues, tell what is what: names are strong, texts plain. */
const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)', fontWeight: '600' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--accent)' },
  { tag: [tags.punctuation, tags.bracket, tags.separator], color: 'var(--ink-2)' },
]);

const THEME = EditorView.theme({
  '&': {
    border: '1.5px solid var(--line)',
    borderRadius: '4px',
    color: 'var(--ink)',
    backgroundColor: 'var(--canvas)',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '2px' },
  '.cm-content': { fontFamily: 'var(--machine)', caretColor: 'var(--ink)', lineHeight: '20px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': {
    border: '0',
    backgroundColor: 'var(--panel)',
    color: 'var(--ink-2)',
    fontFamily: 'var(--machine)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--sunken) 45%, transparent)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
  '.cm-tooltip': {
    border: '1.5px solid var(--line)',
    backgroundColor: 'var(--canvas)',
    color: 'var(--ink)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--sunken)' },
});
