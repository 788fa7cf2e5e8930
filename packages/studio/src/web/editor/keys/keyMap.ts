/** Everything that a key does in the editor, by the group that the help shows it in. */
export const commandGroups = {
  playing: {
    play: ['Space'],
    frameBack: [',', 'ArrowLeft'],
    frameForward: ['.', 'ArrowRight'],
    tenBack: ['Shift+,', 'Shift+ArrowLeft'],
    tenForward: ['Shift+.', 'Shift+ArrowRight'],
    slower: ['j'],
    stop: ['k'],
    faster: ['l'],
    playSpan: ['p'],
    loop: ['Shift+p'],
    toStart: ['Home'],
    toEnd: ['End'],
  },
  coding: {
    markStart: ['i'],
    markEnd: ['o'],
    relabel: ['r'],
    accept: ['Enter'],
    reject: ['Backspace'],
    remove: ['Delete'],
    edgeEarlier: ['['],
    edgeLater: [']'],
    bothEarlier: ['Shift+['],
    bothLater: ['Shift+]'],
    comment: ['m'],
    search: ['/'],
    undo: ['Mod+z'],
    redo: ['Mod+Shift+z', 'Mod+y'],
    cancel: ['Escape'],
  },
  moving: {
    next: ['Tab'],
    previous: ['Shift+Tab'],
    nextOpen: ['n', 'Alt+Tab'],
    previousOpen: ['Shift+n', 'Alt+Shift+Tab'],
    nextRegion: ['F6'],
    previousRegion: ['Shift+F6'],
  },
  showing: {
    zoomIn: ['+', '='],
    zoomOut: ['-'],
    zoomAll: ['0'],
    zoomSelection: ['w'],
    snap: ['s'],
    points: ['x'],
    motion: ['v'],
    person: ['z'],
    rejected: ['h'],
    list: ['t'],
    help: ['?'],
  },
} as const;

export type CommandGroup = keyof typeof commandGroups;
export type Command = { [G in CommandGroup]: keyof (typeof commandGroups)[G] }[CommandGroup];

/** What a person has chosen instead: command to chords with blanks between them, as `preferences.keys` keeps it. */
export type ChosenKeys = Readonly<Record<string, string>>;

/** Which command a stroke asks for. */
export class KeyMap {
  readonly #chords: ReadonlyMap<Command, readonly string[]>;
  readonly #commands = new Map<string, Command>();

  constructor(chosen: ChosenKeys = {}) {
    this.#chords = new Map(
      defaults.map(([command, chords]) => [command, chosen[command]?.split(' ').filter(Boolean) ?? chords]),
    );
    for (const [command, chords] of this.#chords) {
      for (const chord of chords) if (!this.#commands.has(chord)) this.#commands.set(chord, command);
    }
  }

  /** @param chords - names of one stroke, likeliest first */
  commandFor(chords: readonly string[]): Command | undefined {
    for (const chord of chords) {
      const command = this.#commands.get(chord);
      if (command) return command;
    }
    return undefined;
  }

  chordsOf(command: Command): readonly string[] {
    return this.#chords.get(command) ?? [];
  }

  /** Keys that do something without shift, ctrl or alt: no part of a label may begin with them. */
  get singleKeys(): readonly string[] {
    return [...this.#commands.keys()].filter((chord) => chord.length === 1);
  }

  isChosen(command: Command): boolean {
    return this.chordsOf(command).join(' ') !== (defaultsOf.get(command) ?? []).join(' ');
  }

  /** Chords that ask for two things: several commands, or a command and a label. */
  clashes(labelKeys: Iterable<string> = []): { chord: string; commands: Command[]; isLabel: boolean }[] {
    const all = new Map<string, Command[]>();
    for (const [command, chords] of this.#chords) {
      for (const chord of new Set(chords)) all.set(chord, [...(all.get(chord) ?? []), command]);
    }
    const labels = new Set(labelKeys);
    return [...all]
      .map(([chord, commands]) => ({ chord, commands, isLabel: labels.has(chord) }))
      .filter(({ commands, isLabel }) => commands.length + Number(isLabel) > 1);
  }

  /** What to keep when a command gets another chord; undefined where it is the default one again. */
  static chosenWith(chosen: ChosenKeys, command: Command, chords: readonly string[] | undefined): ChosenKeys {
    const { [command]: _, ...rest } = chosen;
    const isDefault = chords?.join(' ') === (defaultsOf.get(command) ?? []).join(' ');
    return chords && !isDefault ? { ...rest, [command]: chords.join(' ') } : rest;
  }
}

/** Commands that go on while their key is held. */
export const repeats: ReadonlySet<Command> = new Set<Command>([
  'frameBack',
  'frameForward',
  'tenBack',
  'tenForward',
  'edgeEarlier',
  'edgeLater',
  'bothEarlier',
  'bothLater',
  'undo',
  'redo',
  'zoomIn',
  'zoomOut',
  'next',
  'previous',
]);

// ---- below: internals ----

const defaults = Object.values(commandGroups).flatMap(
  (group) => Object.entries(group) as unknown as [Command, readonly string[]][],
);
const defaultsOf = new Map(defaults);
