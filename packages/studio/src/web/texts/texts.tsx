import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Language } from '../../contract/common.ts';
import type { catalogue } from './en/catalogue.ts';
import { type Formats, formats } from './formats.ts';

/** All texts of one language: English says which there are, so that a missing one does not compile. */
export type Catalogue = typeof catalogue;

/** The catalogue of the person's language, with look-ups for names that come from the server. */
export type Texts = Catalogue & {
  readonly language: Language;
  /** Of an action by its canonical name; of one that is in no catalogue, the name itself. */
  action(name: string): string;
  /** Of a body part by its code `A` to `G`; otherwise `name`, or the code. */
  part(code: string, name?: string): string;
  /** A refusal in the person's language by its code; null: only the server's own message says it. */
  problem(code: string): string | null;
  /** Numbers, dates and durations as the language writes them. */
  readonly format: Formats;
};

/** Loads a language, once. */
export async function loadTexts(language: Language): Promise<Texts> {
  const module = language === 'zh' ? await import('./zh/catalogue.ts') : await import('./en/catalogue.ts');
  return texts(language, module.catalogue);
}

/** The first language of the browser that there is a catalogue for; English otherwise. */
export function browserLanguage(wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

/** Gives the texts of `language` to what is inside; keeps showing the former ones while others load. */
export function TextsProvider({ language, first, children }: TextsProviderProps) {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    let isWanted = true;
    void loadTexts(language).then((loaded) => isWanted && setShown(loaded));
    return () => {
      isWanted = false;
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = shown.language === 'zh' ? 'zh-CN' : 'en';
  }, [shown]);
  return <TextsContext value={shown}>{children}</TextsContext>;
}

export function useTexts(): Texts {
  const shown = useContext(TextsContext);
  if (!shown) throw new Error('useTexts: there is no TextsProvider above.');
  return shown;
}

// ---- below: internals ----

interface TextsProviderProps {
  readonly language: Language;
  /** Shown until those of `language` have come. */
  readonly first: Texts;
  readonly children: ReactNode;
}

const TextsContext = createContext<Texts | null>(null);

function texts(language: Language, all: Catalogue): Texts {
  const actions: Readonly<Record<string, string>> = all.actions;
  const parts: Readonly<Record<string, string>> = all.parts;
  const problems: Readonly<Record<string, string>> = all.problems;
  return {
    ...all,
    language,
    action: (name) => actions[name] ?? name,
    part: (code, name = code) => parts[code] ?? name,
    problem: (code) => problems[code] ?? null,
    format: formats(language),
  };
}
