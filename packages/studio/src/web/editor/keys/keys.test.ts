import fc from 'fast-check';
import { microActions52, Taxonomy } from 'microaction';
import { describe, expect, it } from 'vitest';
import { chordText, KeyboardLayout, type Stroke } from './chords.ts';
import { type Focus, Keyboard } from './keyboard.ts';
import { type Command, commandGroups, KeyMap } from './keyMap.ts';
import { LabelReader, labelStrokes } from './labelStrokes.ts';

describe('names of strokes', () => {
  it('go by what a key types, not by where it lies', () => {
    const layout = new KeyboardLayout();
    expect(layout.chordsOf(stroke('z', 'KeyY'))).toEqual(['z']); // German
    expect(layout.chordsOf(stroke('Z', 'KeyY', 'shift', 'ctrl'))).toEqual(['Mod+Shift+z']);
    expect(layout.chordsOf(stroke('?', 'Minus', 'shift'))[0]).toBe('?'); // German
    expect(layout.chordsOf(stroke(' ', 'Space', 'shift'))).toEqual(['Shift+Space']);
    expect(layout.chordsOf(stroke('Tab', 'Tab', 'alt'))).toEqual(['Alt+Tab']);
  });

  it('know shift with a punctuation key by what that key types without, once it was seen', () => {
    const layout = new KeyboardLayout();
    expect(layout.chordsOf(stroke('<', 'Comma', 'shift'))).toContain('Shift+,'); // US
    expect(layout.chordsOf(stroke(';', 'Comma', 'shift'))).toContain('Shift+,'); // German
    layout.chordsOf(stroke(',', 'KeyM')); // French
    expect(layout.chordsOf(stroke('?', 'KeyM', 'shift'))).toEqual(['?', 'Shift+,']);
  });

  it('go by the place where a key types nothing Latin: other alphabets, input methods, option keys', () => {
    const layout = new KeyboardLayout();
    expect(layout.chordsOf(stroke('о', 'KeyJ'))).toEqual(['j']);
    expect(layout.chordsOf(stroke('Process', 'KeyB'))).toEqual(['b']);
    expect(layout.chordsOf(stroke('。', 'Period'))).toEqual(['.']);
    expect(layout.chordsOf(stroke('，', 'Comma'))).toEqual([',']);
    expect(layout.chordsOf(stroke('【', 'BracketLeft'))).toEqual(['[']);
    expect(layout.chordsOf(stroke('˜', 'KeyN', 'alt'))).toEqual(['Alt+n']);
  });

  it('find the digits of layouts that need shift for them, and of the number pad', () => {
    const layout = new KeyboardLayout();
    expect(layout.chordsOf(stroke('&', 'Digit1'))).toContain('1');
    expect(layout.chordsOf(stroke('1', 'Numpad1'))).toContain('1');
  });

  it('are shown as people know them', () => {
    expect(chordText('Mod+Shift+z', false)).toBe('Ctrl+Shift+Z');
    expect(chordText('Mod+Shift+z', true)).toBe('⌘⇧Z');
    expect(chordText('+', false)).toBe('+');
    expect(chordText('ArrowLeft', false)).toBe('←');
  });
});

describe('the key map', () => {
  const facts: [string, Command][] = [
    ['Space', 'play'],
    [',', 'frameBack'],
    ['.', 'frameForward'],
    ['Shift+,', 'tenBack'],
    ['Shift+.', 'tenForward'],
    ['j', 'slower'],
    ['k', 'stop'],
    ['l', 'faster'],
    ['i', 'markStart'],
    ['o', 'markEnd'],
    ['Tab', 'next'],
    ['Shift+Tab', 'previous'],
    ['Alt+Tab', 'nextOpen'],
    ['Enter', 'accept'],
    ['Backspace', 'reject'],
    ['r', 'relabel'],
    ['[', 'edgeEarlier'],
    [']', 'edgeLater'],
    ['Shift+[', 'bothEarlier'],
    ['Shift+]', 'bothLater'],
    ['Mod+z', 'undo'],
    ['Mod+Shift+z', 'redo'],
    ['+', 'zoomIn'],
    ['-', 'zoomOut'],
    ['0', 'zoomAll'],
    ['?', 'help'],
    ['/', 'search'],
  ];
  it.each(facts)('%s asks for %s', (chord, command) => expect(new KeyMap().commandFor([chord])).toBe(command));

  it('has no clash as delivered, not with the labels of the 52 either', () => {
    const firsts = new LabelReader(labelStrokes(microActions52)).firsts;
    expect(new KeyMap().clashes(firsts)).toEqual([]);
  });

  it('takes what a person has chosen, and tells what clashes with it', () => {
    const map = new KeyMap({ play: 'b Mod+p', stop: 'j' });
    expect(map.commandFor(['Mod+p'])).toBe('play');
    expect(map.commandFor(['Space'])).toBeUndefined();
    expect(map.isChosen('play')).toBe(true);
    expect(map.clashes(['a', 'b'])).toEqual([
      { chord: 'b', commands: ['play'], isLabel: true },
      { chord: 'j', commands: ['slower', 'stop'], isLabel: false },
    ]);
  });

  it('keeps only what differs from the defaults', () => {
    expect(KeyMap.chosenWith({}, 'play', ['q'])).toEqual({ play: 'q' });
    expect(KeyMap.chosenWith({ play: 'q' }, 'play', ['Space'])).toEqual({});
    expect(KeyMap.chosenWith({ play: 'q', stop: 'u' }, 'play', undefined)).toEqual({ stop: 'u' });
  });

  it('fits into what the server keeps', () => {
    for (const group of Object.values(commandGroups)) {
      for (const [command, chords] of Object.entries(group)) {
        expect(command.length).toBeLessThanOrEqual(40);
        expect(chords.join(' ').length).toBeLessThanOrEqual(40);
      }
    }
  });
});

describe('two strokes', () => {
  const strokes = labelStrokes(microActions52);

  it('reach every one of the 52, each by its own', () => {
    expect(strokes.size).toBe(52);
    for (const { name } of microActions52.actions) {
      const { first, second } = strokes.get(name) ?? { first: '', second: '' };
      const reader = new LabelReader(strokes);
      expect(reader.read([first])).toBe('part');
      expect(reader.read([second])).toEqual({ action: name });
      expect(first.toUpperCase()).toBe(microActions52.bodyPartOf(name).code);
    }
  });

  it('are the codes of the annotation manual as far as digits go', () => {
    expect(strokes.get('nodding')).toEqual({ first: 'b', second: '1' });
    expect(strokes.get('retracting arms')).toEqual({ first: 'c', second: '0' }); // C10
    expect(strokes.get('rubbing hands')).toEqual({ first: 'c', second: 'c' }); // C13
  });

  it('begin anew with another part where the second is none of this one', () => {
    const reader = new LabelReader(strokes);
    expect([reader.read(['b']), reader.read(['g']), reader.read(['1'])]).toEqual([
      'part',
      'part',
      { action: 'touching legs' },
    ]);
    expect([reader.read(['b']), reader.read(['Space']), reader.first]).toEqual(['part', null, null]);
  });

  it('are different for all actions of any coding scheme that keys suffice for', () => {
    const scheme = fc.array(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(scheme, (parts) => {
        const actions = parts.flatMap((codes, p) =>
          codes.map((code, i) => ({ code, bodyPart: `part ${p}`, name: `${p}/${i}` })),
        );
        const taxonomy = new Taxonomy({
          name: 'any',
          bodyParts: parts.map((_, p) => ({ code: `part ${p}`, name: `${p}` })),
          actions: actions.map((action, id) => ({ ...action, id, description: '' })),
        });
        const found = [...labelStrokes(taxonomy, ['i', 'o', 'r']).values()];
        expect(found).toHaveLength(actions.length);
        expect(new Set(found.map(({ first, second }) => `${first}${second}`)).size).toBe(actions.length);
        expect(found.some(({ first }) => ['i', 'o', 'r'].includes(first))).toBe(false);
      }),
    );
  });
});

describe('the keyboard', () => {
  it('does nothing while a person types in a field', () => {
    const { keyboard, deeds } = open();
    for (const key of ['b', '1', ' ', 'Enter']) expect(keyboard.down(stroke(key, ''), { focus: 'typing' })).toBe(false);
    expect(deeds).toEqual([]);
    // How else would one get out of a field to the next area?
    expect(keyboard.down(stroke('F6', 'F6'), { focus: 'typing' })).toBe(true);
  });

  it('labels with each of the 52, also where the second key alone is a command', () => {
    const { press, deeds } = open();
    const strokes = labelStrokes(microActions52);
    expect([...strokes.values()].some(({ second }) => new KeyMap().commandFor([second]))).toBe(true);
    for (const { name } of microActions52.actions) {
      const { first, second } = strokes.get(name)!;
      press(first, first);
      press(second, second);
      expect(deeds.splice(0)).toEqual([`part ${first}`, 'part null', `down ${name}`, `up ${name}`]);
    }
  });

  it('leaves space, enter, tab and arrows to a button that has the focus', () => {
    const { keyboard, deeds } = open();
    for (const key of [' ', 'Enter', 'Tab', 'ArrowLeft']) {
      expect(keyboard.down(stroke(key, key), { focus: 'control' })).toBe(false);
    }
    expect(keyboard.down(stroke('k', 'KeyK'), { focus: 'control' })).toBe(true);
    expect(deeds).toEqual(['command stop']);
  });

  it('tells when the key of a label goes down and comes up, and not of its repetitions', () => {
    const { press, keyboard, deeds } = open();
    press('b', 'KeyB');
    keyboard.down(stroke('1', 'Digit1'), { focus: 'stage' });
    keyboard.down(stroke('1', 'Digit1'), { focus: 'stage', repeat: true });
    keyboard.up(stroke('1', 'Digit1'));
    expect(deeds).toEqual(['part b', 'part null', 'down nodding', 'up nodding']);
  });

  it('lets a label end when the window loses the keyboard', () => {
    const { press, keyboard, deeds } = open();
    press('b', 'KeyB');
    keyboard.down(stroke('1', 'Digit1'), { focus: 'stage' });
    press('c', 'KeyC');
    keyboard.releaseAll();
    keyboard.up(stroke('1', 'Digit1'));
    expect(deeds.slice(-3)).toEqual(['part c', 'up nodding', 'part null']);
  });

  it('repeats steps while their key is held, and nothing else', () => {
    const { keyboard, deeds } = open();
    for (let i = 0; i < 3; i++) keyboard.down(stroke('.', 'Period'), { focus: 'stage', repeat: i > 0 });
    for (let i = 0; i < 3; i++) keyboard.down(stroke(' ', 'Space'), { focus: 'stage', repeat: i > 0 });
    expect(deeds).toEqual(['command frameForward', 'command frameForward', 'command frameForward', 'command play']);
  });

  it('takes escape for a first stroke before it cancels anything else', () => {
    const { press, deeds } = open();
    press('b', 'KeyB');
    press('Escape', 'Escape');
    press('Escape', 'Escape');
    expect(deeds).toEqual(['part b', 'part null', 'command cancel']);
  });
});

// ---- below: internals ----

function stroke(key: string, code: string, ...held: ('shift' | 'ctrl' | 'alt' | 'meta')[]): Stroke {
  const is = (name: 'shift' | 'ctrl' | 'alt' | 'meta') => held.includes(name);
  return { key, code, shiftKey: is('shift'), ctrlKey: is('ctrl'), altKey: is('alt'), metaKey: is('meta') };
}

function open() {
  const deeds: string[] = [];
  const keyboard = new Keyboard(new KeyboardLayout(), new KeyMap(), new LabelReader(labelStrokes(microActions52)), {
    command: (command) => deeds.push(`command ${command}`) > 0,
    part: (first) => deeds.push(`part ${first}`),
    labelDown: (action) => deeds.push(`down ${action}`),
    labelUp: (action) => deeds.push(`up ${action}`),
  });
  const press = (key: string, code: string, focus: Focus = 'stage') => {
    keyboard.down(stroke(key, code), { focus });
    keyboard.up(stroke(key, code));
  };
  return { keyboard, deeds, press };
}
