import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { changePreferences } from '../api/session.tsx';
import { notify } from '../shell/notify.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';
import { placeNote } from './placing.ts';
import { anchorOf, tourSteps } from './steps.ts';
import './tour.css';

/**
 * Notes beside real controls, one after the other. The controls work meanwhile: keys that the note does not take (Tab to
 * its buttons, Escape to leave) reach the editor, so that space plays.
 */
export default function Tour() {
  const t = useTexts();
  const [step, setStep] = useState(0);
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const [hasBegun, setHasBegun] = useState(false);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const note = useRef<HTMLElement>(null);
  const titleId = useId();
  const textId = useId();
  const isLast = step === tourSteps.length - 1;

  // Controls come and move: proposals are found, areas are resized.
  useEffect(() => {
    const look = () => {
      const found = anchorOf(tourSteps[step]);
      setAnchor((former) => (isSame(former, found) ? former : found));
      if (found) setHasBegun(true);
    };
    look();
    const timer = setInterval(look, 250);
    addEventListener('resize', look);
    return () => {
      clearInterval(timer);
      removeEventListener('resize', look);
    };
  }, [step]);
  useLayoutEffect(() => {
    if (!note.current) return;
    const { offsetWidth: width, offsetHeight: height } = note.current;
    const room = { width: innerWidth, height: innerHeight };
    const middle = { left: innerWidth / 2, top: innerHeight / 2, width: 0, height: 0 };
    setPlace(placeNote(anchor ?? middle, { width, height }, room));
  }, [anchor]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is read out anew.
  useEffect(() => {
    if (hasBegun) note.current?.focus();
  }, [step, hasBegun]);

  const end = () => {
    changePreferences({ tourDone: true }).catch((error: unknown) => notify(problemText(t, error).text, 'problem'));
    // Two questions: of one list of selectors the first in the document is given, which is always the page around.
    const find = (selector: string) => document.querySelector<HTMLElement>(selector);
    (find('[data-tour="timeline"] [tabindex="0"]') ?? find('main'))?.focus();
  };
  const goOn = () => (isLast ? end() : setStep(step + 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (event.key === 'Escape') end();
    else if (event.key !== 'Tab' && !isOnButton) return;
    event.stopPropagation();
  };
  if (!hasBegun) return null;
  const { title, text } = t.tour.steps[tourSteps[step]];
  return (
    <>
      {anchor && <div className="tour-ring no-print" style={ringAround(anchor)} />}
      <section
        ref={note}
        className="tour-note no-print"
        style={place}
        tabIndex={-1}
        aria-labelledby={titleId}
        aria-describedby={textId}
        onKeyDown={onKeyDown}
      >
        <h2 id={titleId}>{title}</h2>
        <p id={textId}>{text}</p>
        <div className="toolbar">
          <button type="button" className="button primary" onClick={goOn}>
            {isLast ? t.common.done : t.common.next}
          </button>
          {step > 0 && (
            <button type="button" className="button" onClick={() => setStep(step - 1)}>
              {t.common.back}
            </button>
          )}
          <span className="hint tour-count">{t.tour.count(step + 1, tourSteps.length)}</span>
          <button type="button" className="button quiet" onClick={end}>
            {t.tour.skip}
          </button>
        </div>
      </section>
    </>
  );
}

// ---- below: internals ----

const isSame = (a: DOMRect | null, b: DOMRect | null) =>
  a === b || (!!a && !!b && a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height);

const ringAround = ({ left, top, width, height }: DOMRect) => ({
  left: left - 3,
  top: top - 3,
  width: width + 6,
  height: height + 6,
});
